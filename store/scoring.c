/* SPDX-License-Identifier: MIT */
#include "store/scoring.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARTS_MAX   4
#define PARTS_WORTH 20000 /* names; fewer are judged before a second connection pays */
#define MOMENT_SIZE 40

/* One connection's share of the names. */
struct part {
	const struct scoring *scoring; /* borrowed */
	const char *moment;            /* borrowed: of score_begin() */
	struct db db;
	char number[24]; /* 0, 1, ... */
	char parts[24];
	uint64_t scored;
	pthread_t thread;
	bool is_running;
	struct error err;
};

static int judge(struct part *part, struct db *db)
{
	const char *params[] = {part->number, part->parts, part->scoring->at,
				part->scoring->known, part->moment};
	char scored[24];

	if (db_value(db,
		     "select score_part($1::integer, $2::integer, $3::timestamptz, "
		     "$4::timestamptz, $5::timestamptz)",
		     5, params, scored, sizeof(scored), &part->err) != FT_OK)
		return part->err.code;
	part->scored = strtoull(scored, NULL, 10);
	return FT_OK;
}

static void *judge_part(void *ctx)
{
	struct part *part = ctx;

	if (db_connect(&part->db, part->scoring->conninfo, &part->err) == FT_OK)
		(void)judge(part, &part->db);
	db_close(&part->db);
	return NULL;
}

/* The first part on the caller's connection, each other in a thread with one of its own. */
static int judge_all(struct part *parts, size_t count, struct error *err)
{
	for (size_t i = 1; i < count; i++)
		parts[i].is_running =
			pthread_create(&parts[i].thread, NULL, judge_part, &parts[i]) == 0;
	(void)judge(&parts[0], parts[0].scoring->db);
	for (size_t i = 1; i < count; i++) {
		if (parts[i].is_running)
			pthread_join(parts[i].thread, NULL);
		else
			(void)judge(&parts[i], parts[0].scoring->db);
	}
	for (size_t i = 0; i < count; i++)
		if (parts[i].err.code != FT_OK) {
			*err = parts[i].err;
			return err->code;
		}
	return FT_OK;
}

static size_t parts_for(const struct scoring *scoring, uint64_t due)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (scoring->conninfo == NULL || due < PARTS_WORTH || processors < 2)
		return 1;
	return processors < PARTS_MAX ? (size_t)processors : PARTS_MAX;
}

static int judge_due(const struct scoring *scoring, const char *moment, uint64_t due,
		     uint64_t *scored, struct error *err)
{
	struct part parts[PARTS_MAX] = {0};
	size_t count = parts_for(scoring, due);

	for (size_t i = 0; i < count; i++) {
		parts[i].scoring = scoring;
		parts[i].moment = moment;
		snprintf(parts[i].number, sizeof(parts[i].number), "%zu", i);
		snprintf(parts[i].parts, sizeof(parts[i].parts), "%zu", count);
	}
	if (judge_all(parts, count, err) != FT_OK)
		return err->code;
	*scored = 0;
	for (size_t i = 0; i < count; i++)
		*scored += parts[i].scored;
	return FT_OK;
}

static int run_held(const struct scoring *scoring, uint64_t *scored, struct error *err)
{
	const char *begin[] = {scoring->at, scoring->everything ? "t" : "f", scoring->known};
	const char *end[] = {scoring->at, scoring->known};
	char moment[MOMENT_SIZE];
	uint64_t due;
	PGresult *result = db_query(scoring->db,
				    "select to_json(moment)#>>'{}', due from "
				    "score_begin($1::timestamptz, $2, $3::timestamptz)",
				    3, begin, err);

	if (result == NULL)
		return err->code;
	snprintf(moment, sizeof(moment), "%s", PQgetvalue(result, 0, 0));
	due = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
	if (judge_due(scoring, moment, due, scored, err) != FT_OK)
		return err->code;
	result = db_query(scoring->db, "select score_end($1::timestamptz, $2::timestamptz)", 2,
			  end, err);
	if (result == NULL)
		return err->code;
	PQclear(result);
	return FT_OK;
}

int scoring_run(const struct scoring *scoring, uint64_t *scored, struct error *err)
{
	if (db_run(scoring->db, "select hold_scoring()", err) != FT_OK ||
	    run_held(scoring, scored, err) != FT_OK)
		return err->code; /* closing the connection gives the lock up */
	return db_run(scoring->db, "select give_up_scoring()", err);
}
