/* SPDX-License-Identifier: MIT */
/*
 * track: resolve, record, load, score, show. What the user said wrong is refused before
 * anything starts; from then on nothing that happens to the database stops the collecting.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/asking.h"
#include "cli/command.h"
#include "cli/enrich.h"
#include "cli/home.h"
#include "cli/open.h"
#include "cli/score.h"
#include "cli/show.h"
#include "cli/values.h"
#include "crawler/crawl.h"
#include "crawler/dga_targets.h"
#include "crawler/target_list.h"
#include "store/loader.h"
#include "store/migrate.h"

#define DGA_COUNT     50 /* indices of each of a generator's keys */
#define DGA_COUNT_MAX 10000
#define DGA_WORD_SIZE 64

/* Of whose generator names are followed too; family NULL: of none. */
struct foretold {
	const struct dga_family *family;
	int64_t count;
};

static struct {
	struct foretold dga;
	struct server_list resolvers;
	double rate_qps;
	const char *vantage; /* NULL: the host's name */
	int64_t for_s;       /* 0: one pass */
	bool forever;
	bool no_load;
	bool no_score;
	bool online;
	bool no_rdap;
	bool json;
	bool quiet;
} track = {.rate_qps = 50};

/* FAMILY[:COUNT] into a struct foretold. */
static int read_foretold(void *out_foretold, const char *text, struct error *err)
{
	struct foretold foretold = {.count = DGA_COUNT};
	size_t len = strcspn(text, ":");
	char family[DGA_WORD_SIZE];

	snprintf(family, sizeof(family), "%.*s", (int)len, text);
	foretold.family = dga_find(family, err);
	if (foretold.family == NULL)
		return err->code;
	if (text[len] == ':' && read_number(&foretold.count, text + len + 1, err) != FT_OK)
		return err->code;
	if (foretold.count < 1 || foretold.count > DGA_COUNT_MAX)
		return error_set(err, FT_USAGE, "from 1 to %d indices, not %lld", DGA_COUNT_MAX,
				 (long long)foretold.count);
	*(struct foretold *)out_foretold = foretold;
	return FT_OK;
}

static const struct option_row options[] = {
	{"Following", "dga", 0, "FAMILY[:COUNT]", "the names its bots ask for, too (COUNT: 50)",
	 read_foretold, &track.dga},
	{"Asking", "resolver", 0, "ADDR[:PORT]",
	 "server to ask, repeatable (default: the system's)", read_server, &track.resolvers},
	{NULL, "rate", 0, "N", "questions a second in all (default 50; 0: no limit)", read_rate,
	 &track.rate_qps},
	{NULL, "for", 0, "DURATION", "go on for so long (90s, 10m, 24h), not one pass alone",
	 read_duration, &track.for_s},
	{NULL, "forever", 0, NULL, "go on until a signal", read_flag, &track.forever},
	{"Recording", "vantage", 0, "NAME",
	 "where this collector stands (default: the host's name)", read_vantage,
	 &track.vantage},
	{NULL, "no-load", 0, NULL, "record alone: leave the segments in the spool", read_flag,
	 &track.no_load},
	{NULL, "no-score", 0, NULL, "load, but judge no name anew", read_flag, &track.no_score},
	{NULL, "online", 0, NULL, "enrich before the score: see fluxtrack enrich", read_flag,
	 &track.online},
	{NULL, "no-rdap", 0, NULL, "enrich without RDAP", read_flag, &track.no_rdap},
	{"Output", "json", 0, NULL, "show the status as JSON", read_flag, &track.json},
	{NULL, "quiet", 'q', NULL, "warnings and errors alone on stderr", read_flag,
	 &track.quiet},
	{0},
};

/* What one run holds. */
struct run {
	const char *home;             /* borrowed */
	char conninfo[CONNINFO_SIZE]; /* unused with --no-load */
	char vantage[VANTAGE_MAX + 1];
	struct target_set targets;
	struct spool *spool;          /* owned while collecting */
	struct loader_thread *loader; /* owned while collecting; NULL with --no-load */
};

static int check_options(struct error *err)
{
	if (track.forever && track.for_s != 0)
		return error_set(err, FT_USAGE, "--for and --forever exclude each other");
	if (track.no_load && track.json)
		return error_set(err, FT_USAGE,
				 "--json shows what is in the database: leave out --no-load");
	if (track.no_rdap && !track.online)
		return error_set(err, FT_USAGE, "--no-rdap is said with --online alone");
	if (track.no_load && track.online)
		return error_set(
			err, FT_USAGE,
			"--online asks for what is in the database: leave out --no-load");
	if (track.forever && track.online)
		return error_set(
			err, FT_USAGE,
			"--online comes before the score, and --forever has none until "
			"its end: run enrich from cron, in a home of its own");
	return FT_OK;
}

static int read_home_list(const struct context *context, const char *name,
			  struct target_set *targets, struct error *err)
{
	char path[PATH_SIZE];

	if (path_join(path, context->home, name, err) != FT_OK)
		return err->code;
	return target_list_read_home(targets, path, err);
}

/* The user's own list comes first: of two values of a tag the first stays. */
static int read_targets(const struct context *context, struct target_set *targets,
			struct error *err)
{
	for (int i = 0; i < context->count; i++) {
		if (target_list_read(targets, context->words[i], err) != FT_OK)
			return err->code;
	}
	if (context->count == 0 &&
	    (read_home_list(context, "domains.txt", targets, err) != FT_OK ||
	     read_home_list(context, "targets.txt", targets, err) != FT_OK))
		return err->code;
	if (track.dga.family != NULL)
		return dga_targets_add(targets, track.dga.family, (uint32_t)track.dga.count,
				       clock_wall_us(&clock_system) / 1000000, err);
	if (targets->count > 0)
		return FT_OK;
	return error_set(err, FT_USAGE,
			 "nothing to follow: give names or a file, write them to "
			 "%s/domains.txt, or run fluxtrack import targets",
			 context->home);
}

/*
 * A wrong conninfo or an old server is told before anything starts. A server that is away is
 * not in the way: the loader tries again and again.
 */
static int check_database(const struct context *context, struct run *run, struct error *err)
{
	struct error away = {0};
	struct db db;

	if (track.no_load)
		return FT_OK;
	if (database_find(context, run->conninfo, err) != FT_OK)
		return err->code;
	switch (migrate_connect(&db, run->conninfo, &away)) {
	case FT_OK:
		db_close(&db);
		return FT_OK;
	case FT_AGAIN:
		log_warn("%s; collecting goes on without it", away.text);
		return FT_OK;
	default:
		*err = away;
		return err->code;
	}
}

static void show_progress(void *ctx, const struct crawl_progress *progress)
{
	(void)ctx;
	log_progress("%llu lookups, %llu failed; %zu in flight, next in %llds; %zu names, "
		     "%zu nameservers",
		     (unsigned long long)progress->lookups,
		     (unsigned long long)progress->failed, progress->in_flight,
		     (long long)(progress->next_due_us / 1000000), progress->targets,
		     progress->nameservers);
}

static void tell_end(const struct crawl *crawl)
{
	struct crawl_progress end;

	crawl_progress(crawl, &end);
	log_progress("%s", "");
	if (end.lookups > 0)
		log_info("recorded %llu lookups of %zu names and %zu nameservers; %llu failed",
			 (unsigned long long)end.lookups, end.targets, end.nameservers,
			 (unsigned long long)end.failed);
	else if (end.next_due_us > 0)
		log_info("nothing was due; the next question is due in %llds",
			 (long long)(end.next_due_us / 1000000));
}

static int crawl(struct run *run, struct error *err)
{
	struct crawl_options how = {.home = run->home,
				    .targets = &run->targets,
				    .spool = run->spool,
				    .clock = &clock_system,
				    .servers = track.resolvers.servers,
				    .server_count = track.resolvers.count,
				    .rate_qps = track.rate_qps,
				    .for_us = track.forever ? CRAWL_FOREVER
							    : track.for_s * 1000000,
				    .report = show_progress};
	struct crawl *crawl;
	int result;

	if (seed_draw(&how.seed, err) != FT_OK)
		return err->code;
	crawl = crawl_new(&how, err);
	if (crawl == NULL)
		return err->code;
	result = crawl_run(crawl, err);
	tell_end(crawl);
	crawl_free(crawl);
	return result;
}

static int start_load(struct run *run, struct error *err)
{
	if (track.no_load)
		return FT_OK;
	run->loader = loader_start(run->conninfo, run->home, err);
	return run->loader != NULL ? FT_OK : err->code;
}

static int finish_load(struct run *run, struct error *err)
{
	struct loader_totals totals = {0};

	if (run->loader == NULL)
		return FT_OK;
	if (loader_stop(run->loader, &totals, err) == FT_OK)
		return FT_OK;
	return error_prefix(err, "all is safe in the spool, run fluxtrack load later");
}

/* Of several failures the first decides the exit code; the others are told. */
static int keep_first(int result, struct error *first, const struct error *next)
{
	if (result != FT_OK) {
		log_warn("%s", next->text);
		return result;
	}
	*first = *next;
	return first->code;
}

/* The spool is closed before the loader ends, so that the last segment is loaded too. */
static int collect(struct run *run, struct error *err)
{
	struct spool_options how = {
		.home = run->home, .vantage = run->vantage, .clock = &clock_system};
	struct error closing = {0};
	struct error loading = {0};
	int result;

	run->spool = spool_open(&how, err);
	if (run->spool == NULL)
		return err->code;
	result = start_load(run, err);
	if (result == FT_OK)
		result = crawl(run, err);
	if (spool_close(run->spool, &closing) != FT_OK)
		result = keep_first(result, err, &closing);
	if (finish_load(run, &loading) != FT_OK)
		result = keep_first(result, err, &loading);
	return result;
}

static int show(const struct context *context, const struct run *run, struct error *err)
{
	const struct enrich_first first = {
		.servers = &track.resolvers, .vantage = run->vantage, .no_rdap = track.no_rdap};
	struct db db;
	int result = FT_OK;

	if (track.no_load)
		return FT_OK;
	if (database_open(context, &db, err) != FT_OK)
		return err->code;
	if (track.online)
		enrich_before_score(context, &db, &first);
	if (!track.no_score)
		result = score_now(&db, NULL, err);
	if (result == FT_OK)
		result = status_show(&db, track.json, err);
	db_close(&db);
	return result;
}

static int prepare(const struct context *context, struct run *run, struct error *err)
{
	if (home_make(context->home, err) != FT_OK || home_lock(context->home, err) != FT_OK ||
	    read_targets(context, &run->targets, err) != FT_OK ||
	    servers_choose(&track.resolvers, err) != FT_OK)
		return err->code;
	vantage_choose(run->vantage, track.vantage);
	return check_database(context, run, err);
}

static int track_run(const struct context *context, struct error *err)
{
	struct run run = {.home = context->home};
	int result;

	if (check_options(err) != FT_OK)
		return err->code;
	log_set_quiet(track.quiet);
	target_set_init(&run.targets);
	result = prepare(context, &run, err);
	if (result == FT_OK)
		result = collect(&run, err);
	target_set_fini(&run.targets);
	return result == FT_OK ? show(context, &run, err) : result;
}

static const char details[] =
	"Without words it follows HOME/domains.txt and HOME/targets.txt, which import\n"
	"targets writes. A word that is an existing file or has a '/' is a list: a name\n"
	"a line, then key=value tags, then a comment behind #. \"-\" is a list on stdin.\n"
	"--dga adds the names that bots ask for this week and the next: indices 0 to\n"
	"COUNT-1 of each version and set. They are worked out once, at the start: with\n"
	"--forever, start anew each week.\n"
	"\n"
	"Asks all that is due (A, AAAA, NS, SOA), names with short TTLs in bursts of\n"
	"at most 60 s, and ends; run it from cron, or with --forever and score from\n"
	"cron.\n"
	"\n"
	"  fluxtrack track supersameas.com\n"
	"  fluxtrack track --resolver 192.0.2.53 --for 10m list.txt\n"
	"  zcat feed.gz | fluxtrack track --json -\n";

const struct command command_track = {
	.name = "track",
	.usage = "[NAME|FILE|-]...",
	.summary = "resolve names, record every answer, load, score, show",
	.details = details,
	.options = options,
	.words_max = WORDS_ANY,
	.run = track_run,
};
