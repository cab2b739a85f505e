/* SPDX-License-Identifier: MIT */
#include "crawler/enrich.h"

#include "store/loader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUND_MAX  500                         /* names asked in a round */
#define NAMES_SIZE (ROUND_MAX * NAME_WIRE_MAX) /* their texts: digits and fixed zones */

/* Takes over what is loaded and not taken yet, so that the next question rests on it. */
static int take_answers(struct db *db, struct error *err)
{
	return db_run(db, "select take_enrichment()", err);
}

static int add_target(struct target_set *targets, const char *text, struct error *err)
{
	struct name name;

	if (name_from_text(&name, text, err) != FT_OK)
		return err->code;
	if (target_set_add(targets, name.wire, TARGET_ADDRESS, "", err) == NULL)
		return err->code;
	return FT_OK;
}

/* Asks the database for at most max names, and puts them into targets. */
static int fetch_wanted(struct db *db, int64_t max, struct target_set *targets,
			struct error *err)
{
	char *names = malloc(NAMES_SIZE);
	char text[24];
	const char *params[] = {text};
	char *rest = names;
	int code;

	if (names == NULL)
		return error_set(err, FT_FAIL, "out of memory for names to ask");
	snprintf(text, sizeof(text), "%" PRId64, max < ROUND_MAX ? max : ROUND_MAX);
	code = db_value(db, "select string_agg(name, ' ') from enrichment_wanted($1)", 1,
			params, names, NAMES_SIZE, err);
	while (code == FT_OK && rest != NULL && rest[0] != '\0')
		code = add_target(targets, strsep(&rest, " "), err);
	free(names);
	return code;
}

static int crawl_once(const struct enrich_options *options, struct target_set *targets,
		      struct spool *spool, struct enrich_totals *totals, struct error *err)
{
	struct crawl_options how = {.home = options->home,
				    .targets = targets,
				    .spool = spool,
				    .clock = &clock_system,
				    .servers = options->servers,
				    .server_count = options->server_count,
				    .rate_qps = options->rate_qps,
				    .seed = options->seed,
				    .report = options->report};
	struct crawl *crawl = crawl_new(&how, err);
	struct crawl_progress end;
	int code;

	if (crawl == NULL)
		return err->code;
	code = crawl_run(crawl, err);
	crawl_progress(crawl, &end);
	totals->lookups += end.lookups;
	totals->failed += end.failed;
	crawl_free(crawl);
	return code;
}

/* Of a failed crawl and a failed closing the crawl is told: it was first. */
static int record(const struct enrich_options *options, struct target_set *targets,
		  struct enrich_totals *totals, struct error *err)
{
	struct spool_options how = {
		.home = options->home, .vantage = options->vantage, .clock = &clock_system};
	struct spool *spool = spool_open(&how, err);
	struct error closing = {0};
	int code;

	if (spool == NULL)
		return err->code;
	code = crawl_once(options, targets, spool, totals, err);
	if (spool_close(spool, &closing) != FT_OK && code == FT_OK) {
		*err = closing;
		code = closing.code;
	}
	return code;
}

/* One round; what was recorded is loaded and taken even where the crawl failed. */
static int ask(const struct enrich_options *options, struct target_set *targets,
	       struct enrich_totals *totals, struct error *err)
{
	struct loader_totals loaded = {0};
	struct error later = {0};
	int code = record(options, targets, totals, err);

	if (loader_load_spool(options->db, options->home, &loaded, &later) == FT_OK)
		(void)!take_answers(options->db, &later);
	if (code != FT_OK)
		return code;
	*err = later;
	return err->code;
}

static size_t count_asked(const struct target_set *targets)
{
	size_t asked = 0;

	for (size_t i = 0; i < targets->count; i++)
		asked += targets->targets[i]->is_recorded;
	return asked;
}

/* *done: nothing is wanted any more, or a signal ended the round before all was asked. */
static int run_round(const struct enrich_options *options, struct enrich_totals *totals,
		     bool *done, struct error *err)
{
	struct target_set targets;
	size_t asked;
	int code;

	target_set_init(&targets);
	code = fetch_wanted(options->db, options->limit - (int64_t)totals->names, &targets,
			    err);
	if (code == FT_OK && targets.count > 0)
		code = ask(options, &targets, totals, err);
	asked = count_asked(&targets);
	totals->names += asked;
	totals->is_stopped = code == FT_OK && asked < targets.count;
	*done = asked == 0 || totals->is_stopped;
	target_set_fini(&targets);
	return code;
}

int enrich_run(const struct enrich_options *options, struct enrich_totals *totals,
	       struct error *err)
{
	bool done = false;
	int code;

	*totals = (struct enrich_totals){0};
	code = take_answers(options->db, err);
	while (code == FT_OK && !done && (int64_t)totals->names < options->limit)
		code = run_round(options, totals, &done, err);
	return code;
}
