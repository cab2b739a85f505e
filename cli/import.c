/* SPDX-License-Identifier: MIT */
/*
 * import: what others saw and know: targets, observations, networks' prefixes, lists, families.
 * A row for each kind.
 */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/home.h"
#include "cli/import_observations.h"
#include "cli/import_targets.h"
#include "cli/open.h"
#include "cli/values.h"
#include "crawler/target_tags.h"
#include "store/families.h"
#include "store/lists.h"
#include "store/prefixes.h"

static struct {
	const char *format;
	char tags[TAGS_MAX + 1];
	const char *vantage;
	const char *feeds;
	bool may_shrink;
	const char *valid_from; /* YYYY-MM-DD; NULL: as the file says */
} wanted;

static int read_family(void *out_tags, const char *text, struct error *err)
{
	char tag[TAGS_MAX + 1];

	snprintf(tag, sizeof(tag), "family=%s", text);
	return target_tags_add(out_tags, tag, err);
}

static const struct option_row options[] = {
	{"Targets and observations", "format", 0, "FORMAT", "what the file is written in",
	 read_text, &wanted.format},
	{NULL, "tag", 0, "KEY=VALUE", "of all its names, as version=2; repeatable", read_tag,
	 wanted.tags},
	{NULL, "family", 0, "NAME", "the same as --tag family=NAME", read_family, wanted.tags},
	{"Targets", "feeds", 0, "FILE", "which feeds there are (default HOME/feeds.ini)",
	 read_text, &wanted.feeds},
	{NULL, "drop", 0, NULL, "let go of what a feed that shrank no longer names", read_flag,
	 &wanted.may_shrink},
	{"Observations", "vantage", 0, "NAME", "where it was seen from (default import)",
	 read_vantage, &wanted.vantage},
	{"Prefixes", "from", 0, "DATE", "first day it holds (default: the file's, else today)",
	 read_date, &wanted.valid_from},
	{0},
};

static int targets_run(const struct context *context, struct error *err)
{
	const struct target_options how = {.format = wanted.format,
					   .tags = wanted.tags,
					   .feeds = wanted.feeds,
					   .may_shrink = wanted.may_shrink};

	return import_targets(context, &how, err);
}

static int observations_run(const struct context *context, struct error *err)
{
	const struct observation_options how = {
		.format = wanted.format, .vantage = wanted.vantage, .tags = wanted.tags};

	return import_observations(context, &how, err);
}

static int prefixes_run(const struct context *context, struct error *err)
{
	struct prefix_totals totals = {0};
	struct db db;
	int result;

	if (home_make(context->home, err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = import_prefixes(&db, context->words[1], wanted.valid_from, &totals, err);
	db_close(&db);
	if (result == FT_OK)
		log_info("%llu prefixes: %llu new, %llu hold no longer, %llu bad lines passed "
			 "over",
			 (unsigned long long)totals.lines, (unsigned long long)totals.added,
			 (unsigned long long)totals.ended, (unsigned long long)totals.bad);
	return result;
}

static int list_run(const struct context *context, struct error *err)
{
	struct list_totals totals = {0};
	struct db db;
	int result;

	if (home_make(context->home, err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = import_list(&db, context->words[1], context->words[2], &totals, err);
	db_close(&db);
	if (result == FT_OK)
		log_info("%llu entries: %llu new, %llu no longer listed, %llu bad ones passed "
			 "over",
			 (unsigned long long)totals.entries, (unsigned long long)totals.added,
			 (unsigned long long)totals.removed, (unsigned long long)totals.bad);
	return result;
}

static int families_run(const struct context *context, struct error *err)
{
	struct family_totals totals = {0};
	struct db db;
	int result;

	if (home_make(context->home, err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = import_families(&db, context->words[1], &totals, err);
	db_close(&db);
	if (result == FT_OK)
		log_info("families: %llu, of them new or told otherwise than before %llu; told "
			 "no "
			 "longer %llu",
			 (unsigned long long)totals.families, (unsigned long long)totals.added,
			 (unsigned long long)totals.replaced);
	return result;
}

static const struct kind {
	const char *name;
	const char *usage; /* the words behind the name */
	int words;         /* with the name; or WORDS_ANY */
	int (*run)(const struct context *context, struct error *err);
} kinds[] = {
	{"targets", "[URL|FILE|FEED]...", WORDS_ANY, targets_run},
	{"observations", "FILE --format FORMAT", 2, observations_run},
	{"prefixes", "FILE [--from DATE]", 2, prefixes_run},
	{"list", "LIST FILE", 3, list_run},
	{"families", "FILE", 2, families_run},
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(name, kinds[i].name) == 0)
			return &kinds[i];
	return NULL;
}

static int check_options(const struct kind *kind, struct error *err)
{
	bool is_targets = kind->run == targets_run;
	bool is_observations = kind->run == observations_run;

	if (wanted.valid_from != NULL && kind->run != prefixes_run)
		return error_set(err, FT_USAGE, "--from is for import prefixes alone");
	if (wanted.vantage != NULL && !is_observations)
		return error_set(err, FT_USAGE, "--vantage is for import observations alone");
	if ((wanted.format != NULL || wanted.tags[0] != '\0') && !is_targets &&
	    !is_observations)
		return error_set(err, FT_USAGE,
				 "--format, --family and --tag are for import targets and "
				 "observations alone");
	if ((wanted.feeds != NULL || wanted.may_shrink) && !is_targets)
		return error_set(err, FT_USAGE,
				 "--feeds and --drop are for import targets alone");
	return FT_OK;
}

static int import_run(const struct context *context, struct error *err)
{
	const struct kind *kind = find_kind(context->words[0]);
	char shown[WORD_SHOWN_SIZE];

	escape_word(shown, context->words[0]);
	if (kind == NULL)
		return error_set(err, FT_USAGE,
				 "cannot import '%s'; there are targets, observations, "
				 "prefixes, list, families",
				 shown);
	if (kind->words != WORDS_ANY && context->count != kind->words)
		return error_set(err, FT_USAGE,
				 "wrong number of words; usage: fluxtrack import %s %s",
				 kind->name, kind->usage);
	if (check_options(kind, err) != FT_OK)
		return err->code;
	return kind->run(context, err);
}

static const char details[] =
	"KIND is observations, prefixes or families.\n"
	"Every FILE may be gzip. Bad lines are said, counted and passed over; one among\n"
	"families ends the import, and nothing is imported.\n"
	"\n"
	"targets: names to follow, out of feeds: URLs that are fetched, files, or feeds\n"
	"of the feeds file by their names; without any, those feeds that are due. FORMAT\n"
	"is auto (the default), plain, hosts, urlhaus, threatfox, feodo, openphish,\n"
	"bambenek, dgarchive or misp. Names of which others would suffer are refused,\n"
	"with the reason. What a feed no longer names ends, but not where it suddenly\n"
	"names less than half. track follows HOME/targets.txt, which is written anew.\n"
	"feeds.ini has a section a feed: url =, format =, family =, tag =, interval = 1h,\n"
	"max = 500M, ca = FILE and header = NAME: VALUE, whose value, a secret mostly,\n"
	"may be file:PATH or env:NAME.\n"
	"\n"
	"observations: lookups that another tool made: massdns -o J, Zeek's dns.log (TSV\n"
	"or JSON), passive DNS in the common output format. They are recorded as told\n"
	"by that file, each with its line; no verdict changes before the next score.\n"
	"A file is taken once; called again, an import that was cut short goes on.\n"
	"\n"
	"prefixes: which network announced which addresses, as pyasn, iptoasn or CAIDA\n"
	"(pfx2as) write it. Without such a table networks are unknown and count for\n"
	"nothing.\n"
	"\n"
	"list: names and addresses known to be something else than flux: sinkhole,\n"
	"parking, cdn, pool, allow or dyndns. An entry a line, or MISP's warning lists.\n"
	"\n"
	"families: what is known of malware families, an INI section each, with node =\n"
	"command or proxy, and any number of alias =, flow = udp/447 WHAT FOR, sign = and\n"
	"reference =. It replaces what a file of that name said before.\n"
	"\n"
	"  fluxtrack import targets https://urlhaus.abuse.ch/downloads/hostfile/\n"
	"  fluxtrack import observations --format massdns lookups.json.gz\n"
	"  fluxtrack import prefixes ipasn_20080501.dat.gz\n"
	"  fluxtrack import list cdn cdn-names.txt\n";

const struct command command_import = {
	.name = "import",
	.usage = "targets [FEED]... | list LIST FILE | KIND FILE",
	.summary = "feeds of names to follow; observations, prefixes, lists, families",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = WORDS_ANY,
	.run = import_run,
};
