/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "cli/command.h"
#include "cli/name_word.h"
#include "cli/open.h"
#include "cli/values.h"
#include "report/export.h"
#include "report/export_folder.h"
#include "report/output.h"
#include "report/reporter.h"

#define NUMBER_NONE (-1)

static struct {
	int64_t asn;
	const char *domain;
	const char *family;
	const char *verdicts;
	int64_t since_us;
	int64_t min_observations;
	int64_t max_age_s;
	bool is_split;
	const char *path;
} wanted = {.asn = NUMBER_NONE,
	    .since_us = TIME_NONE,
	    .min_observations = NUMBER_NONE,
	    .max_age_s = NUMBER_NONE};

static int read_asn(void *out_int64, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	int64_t *asn = out_int64;

	if (strncmp(text, "AS", 2) == 0 || strncmp(text, "as", 2) == 0)
		text += 2;
	if (read_number(asn, text, err) == FT_OK && *asn >= 1 && *asn <= UINT32_MAX)
		return FT_OK;
	escape_word(shown, text);
	return error_set(err, FT_USAGE, "'%s' is not an AS number (1 to 4294967295)", shown);
}

static int read_split(void *out_bool, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	*(bool *)out_bool = strcmp(text, "asn") == 0;
	if (*(bool *)out_bool)
		return FT_OK;
	escape_word(shown, text);
	return error_set(err, FT_USAGE, "cannot split by '%s'; by asn alone", shown);
}

/* A comma list of verdicts that may leave: what is judged something else never does. */
static int read_verdicts(void *out_string, const char *text, struct error *err)
{
	static const char *const verdicts[] = {"flux", "double-flux", "suspect"};
	char shown[WORD_SHOWN_SIZE];
	size_t len, i;

	*(const char **)out_string = text;
	for (const char *at = text;; at += len + 1) {
		len = strcspn(at, ",");
		for (i = 0; i < 3 &&
			    (strlen(verdicts[i]) != len || strncmp(at, verdicts[i], len) != 0);)
			i++;
		if (i == 3) {
			escape_word(shown, text);
			return error_set(err, FT_USAGE,
					 "'%s' is not a list of flux, double-flux and suspect",
					 shown);
		}
		if (at[len] == '\0')
			return FT_OK;
	}
}

/* A family is what a list's tags say: printable text. */
static int read_family(void *out_string, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	for (const char *at = text; *at != '\0'; at++) {
		if (*at >= ' ' && *at <= '~')
			continue;
		escape_word(shown, text);
		return error_set(err, FT_USAGE, "'%s' is no family: tags are printable ASCII",
				 shown);
	}
	return read_text(out_string, text, err);
}

static const struct option_row options[] = {
	{"Which nodes", "asn", 0, "N", "in that network alone", read_asn, &wanted.asn},
	{NULL, "domain", 0, "NAME", "of that name alone", read_text, &wanted.domain},
	{NULL, "family", 0, "NAME", "of names of that family alone", read_family,
	 &wanted.family},
	{NULL, "verdict", 0, "LIST", "judged so (default flux,double-flux; or suspect)",
	 read_verdicts, &wanted.verdicts},
	{NULL, "since", 0, "TIME", "seen at or after that moment", read_time, &wanted.since_us},
	{NULL, "max-age", 0, "DURATION", "seen within that time before now", read_duration,
	 &wanted.max_age_s},
	{NULL, "min-observations", 0, "N", "seen in that many answers or more", read_number,
	 &wanted.min_observations},
	{"Where to", "output", 'o', "PATH",
	 "write to PATH, not to stdout; misp, --split: a folder", read_text, &wanted.path},
	{NULL, "split", 0, "asn", "csv: a file a network, and a manifest", read_split,
	 &wanted.is_split},
	{0},
};

/* The filter, with room for the texts it borrows. */
struct filter_text {
	struct export_filter filter;
	char asn[24];
	char domain[NAME_TEXT_SIZE];
	char verdicts[64];
	char since[TIME_TEXT_SIZE];
	char min_observations[24];
	char max_age[32];
};

static const char *number_text(char *out, size_t size, const char *unit, int64_t number)
{
	if (number == NUMBER_NONE)
		return NULL;
	snprintf(out, size, "%" PRId64 "%s", number, unit);
	return out;
}

static int make_filter(struct filter_text *text, struct error *err)
{
	text->filter = (struct export_filter){
		.asn = number_text(text->asn, sizeof(text->asn), "", wanted.asn),
		.family = wanted.family,
		.min_observations =
			number_text(text->min_observations, sizeof(text->min_observations), "",
				    wanted.min_observations),
		.max_age = number_text(text->max_age, sizeof(text->max_age), " seconds",
				       wanted.max_age_s),
	};
	if (wanted.verdicts != NULL) {
		snprintf(text->verdicts, sizeof(text->verdicts), "{%s}", wanted.verdicts);
		text->filter.verdicts = text->verdicts;
	}
	if (wanted.since_us != TIME_NONE) {
		time_format(text->since, wanted.since_us);
		text->filter.since = text->since;
	}
	if (wanted.domain == NULL)
		return FT_OK;
	text->filter.domain = text->domain;
	return name_word_read(text->domain, wanted.domain, err);
}

static int write_stream(struct db *db, const struct export *export, struct error *err)
{
	struct output output;

	if (output_open(&output, wanted.path, err) != FT_OK)
		return err->code;
	if (export_write(db, export, output.file, err) == FT_OK)
		return output_commit(&output, err);
	output_abandon(&output);
	return err->code;
}

static int write_rows(struct db *db, const struct export *export, struct error *err)
{
	if (wanted.is_split)
		return export_split(db, export, wanted.path, err);
	if (export->format->shape == EXPORT_FILES)
		return export_write_files(db, export, wanted.path, err);
	return write_stream(db, export, err);
}

/* A name that nobody follows is said before the first line is written. */
static int check_domain(struct db *db, const char *domain, struct error *err)
{
	char id[16];

	if (domain == NULL)
		return FT_OK;
	return db_value(db, "select domain_id_of($1)", 1, &domain, id, sizeof(id), err);
}

/* What leaves and what is counted are of one moment. */
static int write_export(struct db *db, const struct export *export, struct error *err)
{
	if (db_run(db, "begin isolation level repeatable read", err) != FT_OK ||
	    check_domain(db, export->filter.domain, err) != FT_OK ||
	    write_rows(db, export, err) != FT_OK)
		return err->code;
	return export_log_counts(db, export, err);
}

static int check_use(const struct export_format *format, const char *word, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (format == NULL) {
		escape_word(shown, word);
		return error_set(err, FT_USAGE, "unknown format '%s'; there are %s", shown,
				 EXPORT_FORMATS);
	}
	if (format->asks_for_action && wanted.verdicts != NULL &&
	    strstr(wanted.verdicts, "suspect") != NULL)
		return error_set(err, FT_USAGE,
				 "%s asks others to act: there is none of suspects",
				 format->name);
	if (wanted.is_split && format->shape != EXPORT_TABLE)
		return error_set(err, FT_USAGE, "--split is for csv, not for %s", format->name);
	if ((wanted.is_split || format->shape == EXPORT_FILES) &&
	    (wanted.path == NULL || strcmp(wanted.path, "-") == 0))
		return error_set(err, FT_USAGE, "this writes a folder: say which with -o DIR");
	return FT_OK;
}

/* Who reports, as JSON to be freed, where the format names them; else NULL. */
static int read_reporter(const struct export_format *format, const char *home, char **json,
			 struct error *err)
{
	struct reporter reporter;

	*json = NULL;
	if (!format->is_signed)
		return FT_OK;
	if (reporter_read(&reporter, home, err) != FT_OK)
		return err->code;
	*json = reporter_json(&reporter, err);
	return *json != NULL ? FT_OK : err->code;
}

static int export_run(const struct context *context, struct error *err)
{
	struct export export = {.format = export_format_find(context->words[0])};
	struct filter_text text;
	char *reporter;
	struct db db;
	int result;

	if (check_use(export.format, context->words[0], err) != FT_OK ||
	    make_filter(&text, err) != FT_OK ||
	    read_reporter(export.format, context->home, &reporter, err) != FT_OK)
		return err->code;
	export.filter = text.filter;
	export.reporter = reporter;
	result = database_open(context, &db, err);
	if (result == FT_OK) {
		result = write_export(&db, &export, err);
		db_close(&db);
	}
	free(reporter);
	return result;
}

static const char details[] =
	"csv   the nodes, in the columns that abuse desks know; for an ISP\n"
	"cof   passive DNS (Common Output Format): a line a name and address\n"
	"xarf  abuse reports, a line each: nodes to their networks, names to registrars\n"
	"stix  a STIX 2.1 bundle\n"
	"misp  a MISP feed: a folder\n"
	"rpz   a response policy zone that blocks the names\n"
	"\n"
	"Names that flux, or did so until they died or fell silent, and their nodes.\n"
	"Reserved addresses and what a list knows (parking, CDN, sinkhole, allow) never\n"
	"leave; what is left out is counted on stderr. xarf, stix and misp name who\n"
	"reports, as HOME/reporter.ini says. A file appears under its name when it is\n"
	"whole. Nothing is sent to anyone.\n"
	"\n"
	"  fluxtrack export csv --asn 64500 --since 2008-04-08 -o nodes.csv\n"
	"  fluxtrack export csv --split asn -o networks --max-age 24h\n";

const struct command command_export = {
	.name = "export",
	.usage = "FORMAT [OPTION]...",
	.summary = "names that flux and their nodes, in receivers' formats",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = export_run,
};
