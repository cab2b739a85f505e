/* SPDX-License-Identifier: MIT */
#include "store/lists.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/log.h"
#include "store/line_file.h"
#include "store/list_line.h"

#define JSON_MAX   (64 * 1024 * 1024) /* the largest warning list has 40 MiB */
#define COPY_CHUNK (64 * 1024)
#define BAD_SHOWN  5 /* bad entries of a JSON file that are said one by one */
#define BUILT_IN   "built-in"
#define BLANKS     " \t\r\v\f"

static const char *const lists[] = {"sinkhole", "parking", "cdn", "pool", "allow", "dyndns"};

struct import {
	struct db *db;          /* borrowed */
	struct line_file *file; /* owned */
	const char *list;
	const char *path;
	char source[ESCAPE_MAX(256)]; /* the file's base name */
	char dated[DAY_SIZE];         /* YYYY-MM-DD; empty: today */
	bool of_zones;                /* entries are zones, no addresses */
	struct list_totals *totals;
	struct buf rows; /* name and prefix, in COPY's text format */
};

static int send_rows(struct import *import, struct error *err)
{
	if (!buf_is_ok(&import->rows))
		return error_set(err, FT_FAIL, "no memory to import %s", import->source);
	if (db_copy_put(import->db, import->rows.data, import->rows.len, err) != FT_OK)
		return err->code;
	buf_reset(&import->rows);
	return FT_OK;
}

/* An entry has neither tab nor backslash in it: nothing is to be escaped for COPY. */
static int put_entry(struct import *import, const struct list_line *entry, struct error *err)
{
	import->totals->entries++;
	buf_printf(&import->rows, entry->is_prefix ? "\\N\t%s\n" : "%s\t\\N\n", entry->text);
	return import->rows.len < COPY_CHUNK ? FT_OK : send_rows(import, err);
}

static int read_line(struct import *import, char *line, size_t len, struct error *err)
{
	struct list_line entry;
	struct error why;
	char *word;

	if (memchr(line, '\0', len) != NULL) {
		line_file_bad(import->file, "holds a NUL: not a text file?");
		return FT_OK;
	}
	if (import->dated[0] == '\0' && strchr("#;", line[strspn(line, BLANKS)]) != NULL)
		list_line_date(import->dated, line);
	word = list_line_trim(line);
	if (*word == '\0')
		return FT_OK;
	if (list_line_parse(&entry, word, import->of_zones, &why) == FT_OK)
		return put_entry(import, &entry, err);
	line_file_bad(import->file, why.text);
	return FT_OK;
}

/* The lines from the one given on: a JSON file is read whole. */
static json_t *read_json(struct import *import, char *line, size_t len, struct error *err)
{
	struct buf text;
	json_error_t wrong = {0};
	json_t *json = NULL;
	int more = 1;

	buf_init(&text, JSON_MAX);
	while (more == 1) {
		buf_put(&text, line, len);
		buf_put_u8(&text, '\n');
		more = buf_is_ok(&text) ? line_file_next(import->file, &line, &len, err) : 0;
	}
	if (!buf_is_ok(&text))
		error_set(err, FT_FAIL, "%s is too large for a JSON file: %d MiB at most",
			  import->source, JSON_MAX >> 20);
	else if (more == 0)
		json = json_loadb((const char *)text.data, text.len, 0, &wrong);
	if (json == NULL && buf_is_ok(&text) && more == 0)
		error_set(err, FT_FAIL, "%s is not JSON: line %d, column %d", import->source,
			  wrong.line, wrong.column);
	buf_fini(&text);
	return json;
}

static int put_json_entry(struct import *import, size_t index, const json_t *value,
			  struct error *err)
{
	const char *text = json_string_value(value);
	struct list_line entry;
	struct error why;

	if (text == NULL)
		error_set(&why, FT_USAGE, "is no text");
	else if (list_line_parse(&entry, text, import->of_zones, &why) == FT_OK)
		return put_entry(import, &entry, err);
	if (import->totals->bad++ < BAD_SHOWN)
		log_warn("%s entry %zu: %s", import->source, index + 1, why.text);
	return FT_OK;
}

/* MISP's versions are numbers, most of them the day: 20240301. */
static void read_version(struct import *import, const json_t *version)
{
	char text[32];
	json_int_t number = json_integer_value(version); /* 0 where it is none */

	snprintf(text, sizeof(text), "%04" JSON_INTEGER_FORMAT "-%02d-%02d", number / 10000,
		 (int)(number / 100 % 100), (int)(number % 100));
	day_read(import->dated, text);
}

static int read_warning_list(struct import *import, const json_t *json, struct error *err)
{
	const json_t *list = json_object_get(json, "list");
	const char *type = json_string_value(json_object_get(json, "type"));

	if (!json_is_array(list))
		return error_set(err, FT_FAIL,
				 "%s is no MISP warning list: it has no array \"list\"",
				 import->source);
	if (type != NULL && strcmp(type, "regex") == 0)
		return error_set(err, FT_FAIL,
				 "%s is a warning list of regular expressions; only lists of "
				 "names and addresses can be imported",
				 import->source);
	read_version(import, json_object_get(json, "version"));
	for (size_t i = 0; i < json_array_size(list); i++)
		if (put_json_entry(import, i, json_array_get(list, i), err) != FT_OK)
			return err->code;
	return FT_OK;
}

static int import_json(struct import *import, char *line, size_t len, struct error *err)
{
	json_t *json = read_json(import, line, len, err);
	int code;

	if (json == NULL)
		return err->code;
	code = read_warning_list(import, json, err);
	json_decref(json);
	return code;
}

/* Which of the two a file is, its first octet tells that is no blank. */
static int read_file(struct import *import, struct error *err)
{
	bool only_blanks = true;
	char *line;
	size_t len;
	int more;

	while ((more = line_file_next(import->file, &line, &len, err)) == 1) {
		if (only_blanks && line[strspn(line, BLANKS)] == '{')
			return import_json(import, line, len, err);
		only_blanks = only_blanks && line[strspn(line, BLANKS)] == '\0';
		if (read_line(import, line, len, err) != FT_OK)
			return err->code;
	}
	return more;
}

static int copy_entries(struct import *import, struct error *err)
{
	if (db_run(import->db,
		   "create temporary table list_import (name text, prefix cidr) on commit drop",
		   err) != FT_OK ||
	    db_copy_start(import->db, "copy pg_temp.list_import from stdin", err) != FT_OK ||
	    read_file(import, err) != FT_OK || send_rows(import, err) != FT_OK)
		return err->code;
	return db_copy_end(import->db, err);
}

static int merge(struct import *import, struct error *err)
{
	const char *params[] = {import->list, import->source,
				import->dated[0] != '\0' ? import->dated : NULL};
	PGresult *result = db_query(
		import->db,
		"select m.* from (select coalesce(array_agg(name) filter (where name is not "
		"null), '{}') as names, coalesce(array_agg(prefix) filter (where prefix is not "
		"null), '{}') as prefixes from pg_temp.list_import) i, "
		"merge_list($1, i.names, i.prefixes, $2, coalesce($3::date, current_date)) m",
		3, params, err);

	if (result == NULL)
		return err->code;
	import->totals->added = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	import->totals->removed = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
	return FT_OK;
}

static int import_entries(struct import *import, struct error *err)
{
	if (db_begin(import->db, err) != FT_OK || copy_entries(import, err) != FT_OK)
		return err->code;
	import->totals->bad += line_file_bad_lines(import->file);
	if (import->totals->entries == 0)
		return error_set(err, FT_FAIL, "%s holds no name, address or prefix",
				 import->source);
	if (merge(import, err) != FT_OK)
		return err->code;
	return db_commit(import->db, err);
}

static int check_list(const char *list, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(list, lists[i]) == 0)
			return FT_OK;
	escape_word(shown, list);
	return error_set(err, FT_USAGE,
			 "there is no list '%s'; there are sinkhole, parking, cdn, pool, allow "
			 "and dyndns",
			 shown);
}

/* The built-in set must stay ours: an import of its name would end it. */
static int name_source(struct import *import, struct error *err)
{
	const char *slash = strrchr(import->path, '/');
	const char *base = slash != NULL ? slash + 1 : import->path;

	escape_text(import->source, sizeof(import->source), base, strlen(base));
	if (strcmp(base, BUILT_IN) == 0 || strcmp(base, "-") == 0 || *base == '\0')
		return error_set(err, FT_USAGE,
				 "a list's source is the name of its file, and '%s' cannot be "
				 "one",
				 import->source);
	return FT_OK;
}

int import_list(struct db *db, const char *list, const char *path, struct list_totals *totals,
		struct error *err)
{
	struct import import = {.db = db, .list = list, .path = path, .totals = totals};
	int code;

	*totals = (struct list_totals){0};
	if (check_list(list, err) != FT_OK || name_source(&import, err) != FT_OK)
		return err->code;
	import.of_zones = strcmp(list, "dyndns") == 0;
	import.file = line_file_open(path, JSON_MAX, err);
	if (import.file == NULL)
		return err->code;
	buf_init(&import.rows, 2 * COPY_CHUNK);
	code = import_entries(&import, err);
	if (code != FT_OK)
		db_rollback(db);
	line_file_close(import.file);
	buf_fini(&import.rows);
	return code;
}
