/* SPDX-License-Identifier: MIT */
/* score: the judging itself is SQL (sql/score.sql). */
#include "cli/score.h"

#include <inttypes.h>

#include "base/log.h"
#include "base/timefmt.h"
#include "cli/asking.h"
#include "cli/command.h"
#include "cli/enrich.h"
#include "cli/home.h"
#include "cli/open.h"
#include "cli/values.h"
#include "store/migrate.h"
#include "store/scoring.h"

static struct {
	bool all;
	int64_t at_us;
	int64_t known_us;
	bool online;
	bool no_rdap;
	struct server_list resolvers;
} score = {.at_us = TIME_NONE, .known_us = TIME_NONE};

static const struct option_row options[] = {
	{"Options", "all", 0, NULL, "judge all names, not just those with new observations",
	 read_flag, &score.all},
	{NULL, "at", 0, "TIME", "as of that moment, like 2008-04-08T12:00:00Z", read_time,
	 &score.at_us},
	{NULL, "known", 0, "TIME", "by what had been loaded and imported until then alone",
	 read_time, &score.known_us},
	{NULL, "online", 0, NULL, "enrich before the score: see fluxtrack enrich", read_flag,
	 &score.online},
	{NULL, "no-rdap", 0, NULL, "enrich without RDAP", read_flag, &score.no_rdap},
	{NULL, "resolver", 0, "ADDR[:PORT]",
	 "server to ask then, repeatable (default: the system's)", read_server,
	 &score.resolvers},
	{0},
};

/* time_us in text, or NULL where none was given. */
static const char *time_param(char text[TIME_TEXT_SIZE], int64_t time_us)
{
	if (time_us == TIME_NONE)
		return NULL;
	time_format(text, time_us);
	return text;
}

int score_now(struct db *db, const char *conninfo, struct error *err)
{
	char at[TIME_TEXT_SIZE];
	char known[TIME_TEXT_SIZE];
	const struct scoring scoring = {
		.db = db,
		.conninfo = conninfo,
		.at = time_param(at, score.at_us),
		.known = time_param(known, score.known_us),
		.everything = score.all,
	};
	uint64_t scored;

	if (scoring_run(&scoring, &scored, err) != FT_OK)
		return err->code;
	log_info("scored %" PRIu64 " names", scored);
	return FT_OK;
}

/* Recording what is asked takes the home, as track does. */
static int prepare(const struct context *context, struct error *err)
{
	if (score.resolvers.count > 0 && !score.online)
		return error_set(err, FT_USAGE, "--resolver is asked with --online alone");
	if (score.no_rdap && !score.online)
		return error_set(err, FT_USAGE, "--no-rdap is said with --online alone");
	if (!score.online)
		return FT_OK;
	if (score.at_us != TIME_NONE || score.known_us != TIME_NONE)
		return error_set(err, FT_USAGE,
				 "--online asks what holds now; leave out --at and --known");
	if (home_make(context->home, err) != FT_OK || home_lock(context->home, err) != FT_OK)
		return err->code;
	return servers_choose(&score.resolvers, err);
}

static int score_run(const struct context *context, struct error *err)
{
	const struct enrich_first first = {.servers = &score.resolvers,
					   .no_rdap = score.no_rdap};
	char conninfo[CONNINFO_SIZE];
	struct db db;
	int result;

	if (prepare(context, err) != FT_OK || database_find(context, conninfo, err) != FT_OK ||
	    migrate_connect(&db, conninfo, err) != FT_OK)
		return err->code;
	if (score.online)
		enrich_before_score(context, &db, &first);
	result = score_now(&db, conninfo, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"A name's window of 24 hours ends at its newest observation, or at --at. Only\n"
	"what had been loaded and imported by --known counts. With both, the window_end\n"
	"and known_at of a row of table verdict, a past verdict comes again exactly;\n"
	"status shows it until the next score without them.\n";

const struct command command_score = {
	.name = "score",
	.usage = "[--all] [--at TIME] [--known TIME] [--online]",
	.summary = "judge the names by what the database holds",
	.details = details,
	.options = options,
	.run = score_run,
};
