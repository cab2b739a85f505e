/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/timefmt.h"
#include "cli/command.h"
#include "cli/name_word.h"
#include "cli/open.h"
#include "cli/values.h"
#include "report/export.h"
#include "report/output.h"

#define ASN_NONE (-1)

static struct {
	int64_t asn;
	const char *domain;
	int64_t since_us;
	const char *path;
} export = {.asn = ASN_NONE, .since_us = TIME_NONE};

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

static const struct option_row options[] = {
	{"Options", "asn", 0, "N", "nodes in that network alone", read_asn, &export.asn},
	{NULL, "domain", 0, "NAME", "nodes of that name alone", read_text, &export.domain},
	{NULL, "since", 0, "TIME", "nodes seen at or after that moment", read_time,
	 &export.since_us},
	{NULL, "output", 'o', "PATH", "write to PATH, not to stdout", read_text, &export.path},
	{0},
};

/* The filter, with room for the texts it borrows. */
struct filter_text {
	struct export_filter filter;
	char asn[24];
	char domain[NAME_TEXT_SIZE];
	char since[TIME_TEXT_SIZE];
};

static int make_filter(struct filter_text *text, struct error *err)
{
	text->filter = (struct export_filter){0};
	if (export.asn != ASN_NONE) {
		snprintf(text->asn, sizeof(text->asn), "%" PRId64, export.asn);
		text->filter.asn = text->asn;
	}
	if (export.since_us != TIME_NONE) {
		time_format(text->since, export.since_us);
		text->filter.since = text->since;
	}
	if (export.domain == NULL)
		return FT_OK;
	text->filter.domain = text->domain;
	return name_word_read(text->domain, export.domain, err);
}

static int write_csv(struct db *db, const struct export_filter *filter, struct error *err)
{
	struct output output;
	bool is_empty;

	if (export_is_empty(db, filter, &is_empty, err) != FT_OK ||
	    output_open(&output, export.path, err) != FT_OK)
		return err->code;
	if (is_empty)
		log_info("no node of a name that fluxes passes the filter");
	if (export_csv(db, filter, output.file, err) == FT_OK)
		return output_commit(&output, err);
	output_abandon(&output);
	return err->code;
}

static int export_run(const struct context *context, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	struct filter_text text;
	struct db db;
	int result;

	if (strcmp(context->words[0], "csv") != 0) {
		escape_word(shown, context->words[0]);
		return error_set(err, FT_USAGE, "unknown format '%s'; there is csv", shown);
	}
	if (make_filter(&text, err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = write_csv(&db, &text.filter, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"A line a node and name, in the columns that abuse desks know. Reserved and\n"
	"listed addresses (parking, CDN, sinkhole) are never in it. A file appears\n"
	"under its name when it is whole.\n"
	"\n"
	"  fluxtrack export csv --asn 64500 --since 2008-04-08 -o nodes.csv\n";

const struct command command_export = {
	.name = "export",
	.usage = "csv [OPTION]...",
	.summary = "the nodes of names that flux, for the networks they are in",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = export_run,
};
