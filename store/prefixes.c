/* SPDX-License-Identifier: MIT */
#include "store/prefixes.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "store/line_file.h"
#include "store/prefix_line.h"

#define COPY_CHUNK (64 * 1024)

struct import {
	struct db *db;          /* borrowed */
	struct line_file *file; /* owned */
	const char *path;       /* borrowed from the caller */
	struct prefix_totals *totals;
	struct buf rows; /* in COPY's text format */
	struct prefix_line line;
};

static int put_row(struct import *import, const struct prefix *prefix, uint32_t asn,
		   struct error *err)
{
	const char *day = import->line.day;
	const char *country = import->line.country;
	char network[ADDRESS_TEXT_SIZE];

	address_to_text(network, &prefix->network);
	buf_printf(&import->rows, "%s/%u\t%u\t%s\t%s\n", network, prefix->length, asn,
		   day[0] != '\0' ? day : "\\N", country[0] != '\0' ? country : "\\N");
	if (!buf_is_ok(&import->rows))
		return error_set(err, FT_FAIL, "no memory to import prefixes");
	if (import->rows.len < COPY_CHUNK)
		return FT_OK;
	if (db_copy_put(import->db, import->rows.data, import->rows.len, err) != FT_OK)
		return err->code;
	buf_reset(&import->rows);
	return FT_OK;
}

/* Every prefix with every origin. */
static int put_line(struct import *import, struct error *err)
{
	const struct prefix_line *line = &import->line;

	for (size_t i = 0; i < line->prefix_count; i++)
		for (size_t j = 0; j < line->origin_count; j++)
			if (put_row(import, &line->prefixes[i], line->origins[j], err) != FT_OK)
				return err->code;
	if (line->origin_count > 0)
		import->totals->lines++;
	return FT_OK;
}

static int read_line(struct import *import, char *text, size_t len, struct error *err)
{
	char *start = text + strspn(text, " \t\r");
	bool is_comment = *start == ';' || *start == '#';
	const char *wrong;

	if (strlen(text) == len && *start == '\0')
		return FT_OK;
	/* pyasn names the routing table's file in a comment. */
	if (is_comment && import->totals->dated[0] == '\0' && strstr(start, "rib.") != NULL)
		day_find(import->totals->dated, start);
	if (is_comment)
		return FT_OK;
	wrong = strlen(text) == len ? prefix_line_read(&import->line, start) : "a NUL in it";
	if (wrong == NULL)
		return put_line(import, err);
	line_file_bad(import->file, wrong);
	return FT_OK;
}

static int read_lines(struct import *import, struct error *err)
{
	char *text;
	size_t len;
	int more;

	while ((more = line_file_next(import->file, &text, &len, err)) == 1)
		if (read_line(import, text, len, err) != FT_OK)
			return err->code;
	import->totals->bad = line_file_bad_lines(import->file);
	return more;
}

static int copy_lines(struct import *import, struct error *err)
{
	if (db_run(import->db,
		   "create temporary table prefix_import (prefix cidr, asn bigint, "
		   "valid_from date, country text) on commit drop",
		   err) != FT_OK ||
	    db_copy_start(import->db, "copy pg_temp.prefix_import from stdin", err) != FT_OK ||
	    read_lines(import, err) != FT_OK ||
	    db_copy_put(import->db, import->rows.data, import->rows.len, err) != FT_OK)
		return err->code;
	return db_copy_end(import->db, err);
}

/* The file's name without its folders. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "standard input";
	return slash != NULL ? slash + 1 : path;
}

/* Undated lines are a whole table of the default date; each other date is merged alone. */
static int merge(struct import *import, struct error *err)
{
	char name[WORD_SHOWN_SIZE];
	const char *params[] = {import->totals->dated, name};
	PGresult *result;

	escape_word(name, base_name(import->path));
	result = db_query(import->db, "select * from import_prefixes($1, $2)", 2, params, err);
	if (result == NULL)
		return err->code;
	import->totals->added = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	import->totals->ended = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
	return FT_OK;
}

/* Where neither the user nor a comment told: the day in the file's name, else today. */
static void choose_day(struct import *import)
{
	char *dated = import->totals->dated;
	char text[TIME_TEXT_SIZE];

	if (dated[0] == '\0')
		day_find(dated, base_name(import->path));
	if (dated[0] != '\0')
		return;
	time_format(text, (int64_t)time(NULL) * 1000000);
	snprintf(dated, DAY_SIZE, "%.10s", text);
}

static int import_lines(struct import *import, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (db_begin(import->db, err) != FT_OK || copy_lines(import, err) != FT_OK)
		return err->code;
	if (import->totals->lines == 0) {
		escape_path(shown, import->path);
		return error_set(err, FT_FAIL, "%s holds no line 'PREFIX ASN'", shown);
	}
	choose_day(import);
	if (merge(import, err) != FT_OK)
		return err->code;
	return db_commit(import->db, err);
}

int import_prefixes(struct db *db, const char *path, const char *from,
		    struct prefix_totals *totals, struct error *err)
{
	struct import import = {.db = db, .path = path, .totals = totals};
	int code;

	*totals = (struct prefix_totals){0};
	if (from != NULL && !day_is_valid(from))
		return error_set(err, FT_USAGE,
				 "'%.20s' is not a date; write it like 2008-05-01", from);
	if (from != NULL)
		memcpy(totals->dated, from, DAY_SIZE);
	import.file = line_file_open(path, PREFIX_LINE_LONGEST, err);
	if (import.file == NULL)
		return err->code;
	buf_init(&import.rows, 2 * COPY_CHUNK);
	code = import_lines(&import, err);
	if (code != FT_OK)
		db_rollback(db);
	line_file_close(import.file);
	buf_fini(&import.rows);
	return code;
}
