/* SPDX-License-Identifier: MIT */
#include "store/families.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "store/copy.h"
#include "store/ini_file.h"

#define ROWS_MAX     (4 * 1024 * 1024) /* octets: more than a file can come to */
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define BUILT_IN     "built-in"

struct import {
	struct family_totals *totals; /* borrowed */
	struct buf rows;              /* of family_line, in COPY's binary format */
	struct buf names;             /* of the sections so far, a NUL behind each */
	char name[INI_VALUE_SIZE];    /* of the section at hand; "": none yet */
	unsigned section_line;        /* where that begins */
	bool has_node;
	int32_t entries;
};

/* One of a family's values; protocol "" and port 0 but for a flow. */
struct fact {
	const char *key;
	const char *value; /* "": none */
	const char *protocol;
	int32_t port;
};

static void put_text(struct buf *out, const char *text)
{
	if (*text == '\0')
		copy_null(out);
	else
		copy_text(out, text, strlen(text));
}

static int put_fact(struct import *import, const struct fact *fact, struct error *err)
{
	struct buf *rows = &import->rows;

	copy_row(rows, 6);
	copy_int4(rows, import->entries++);
	put_text(rows, import->name);
	put_text(rows, fact->key);
	put_text(rows, fact->value);
	put_text(rows, fact->protocol);
	if (fact->port == 0)
		copy_null(rows);
	else
		copy_int4(rows, fact->port);
	return buf_is_ok(rows) ? FT_OK : error_set(err, FT_FAIL, "no memory to import");
}

/* Writes the port in digits alone, behind it the end or a blank, and gives what follows. */
static const char *read_port(int32_t *port, const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 5 || (text[digits] != '\0' && text[digits] != ' '))
		return NULL;
	*port = (int32_t)strtol(text, NULL, 10);
	text += digits;
	return *port >= 1 && *port <= UINT16_MAX ? text + strspn(text, " ") : NULL;
}

static int put_flow(struct import *import, const char *value, struct error *err)
{
	struct fact flow = {.key = "flow", .protocol = "udp"};

	if (strncmp(value, "tcp/", 4) == 0)
		flow.protocol = "tcp";
	if (strncmp(value, flow.protocol, 3) == 0 && value[3] == '/')
		flow.value = read_port(&flow.port, value + 4);
	if (flow.value == NULL)
		return error_set(err, FT_FAIL,
				 "a flow is udp or tcp, a slash, a port and what it is for, as "
				 "udp/447 instructions");
	return put_fact(import, &flow, err);
}

static int put_node(struct import *import, const char *value, struct error *err)
{
	struct fact node = {.key = "node", .value = value, .protocol = ""};

	if (strcmp(value, "command") != 0 && strcmp(value, "proxy") != 0)
		return error_set(err, FT_FAIL, "a node is command or proxy");
	if (import->has_node)
		return error_set(err, FT_FAIL, "it has a node already");
	import->has_node = true;
	return put_fact(import, &node, err);
}

static bool is_known(const struct buf *names, const char *name)
{
	for (size_t at = 0; at < names->len; at += strlen((const char *)names->data + at) + 1)
		if (strcasecmp((const char *)names->data + at, name) == 0)
			return true;
	return false;
}

static int end_section(const struct import *import, struct error *err)
{
	if (import->name[0] == '\0' || import->has_node)
		return FT_OK;
	return error_set(err, FT_FAIL, "the family %s has no node = command or node = proxy",
			 import->name);
}

static int begin_section(struct import *import, const struct ini_entry *entry,
			 struct error *err)
{
	const char *name = entry->section;

	if (end_section(import, err) != FT_OK)
		return err->code;
	if (name[strspn(name, NAME_LETTERS)] != '\0')
		return error_set(err, FT_FAIL,
				 "the name of its family holds more than letters, digits, dot, "
				 "hyphen and underscore");
	if (is_known(&import->names, name))
		return error_set(err, FT_FAIL, "there is a section [%s] already", name);
	snprintf(import->name, sizeof(import->name), "%s", name);
	buf_put(&import->names, name, strlen(name) + 1);
	import->section_line = entry->section_line;
	import->has_node = false;
	import->totals->families++;
	return FT_OK;
}

static int take_entry(void *ctx, const struct ini_entry *entry, struct error *err)
{
	static const char *const texts[] = {"alias", "sign", "reference"};
	struct import *import = ctx;
	char shown[WORD_SHOWN_SIZE];

	if (entry->section_line != import->section_line &&
	    begin_section(import, entry, err) != FT_OK)
		return err->code;
	if (strcmp(entry->name, "node") == 0)
		return put_node(import, entry->value, err);
	if (strcmp(entry->name, "flow") == 0)
		return put_flow(import, entry->value, err);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct fact fact = {.key = texts[i], .value = entry->value, .protocol = ""};

		if (strcmp(entry->name, texts[i]) == 0)
			return put_fact(import, &fact, err);
	}
	escape_word(shown, entry->name);
	return error_set(err, FT_FAIL,
			 "there is no '%s'; there are node, alias, flow, sign and reference",
			 shown);
}

static int read_file(struct import *import, const char *path, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	copy_start(&import->rows);
	if (ini_file_read(path, take_entry, import, err) != FT_OK)
		return err->code;
	copy_end(&import->rows);
	escape_path(shown, path);
	if (import->totals->families == 0)
		return error_set(err, FT_FAIL, "%s holds no family", shown);
	if (end_section(import, err) != FT_OK)
		return error_prefix(err, "%s", shown);
	return FT_OK;
}

static int merge(struct db *db, struct import *import, const char *source, struct error *err)
{
	PGresult *result;

	if (db_run(db,
		   "create temporary table family_line (nth integer, family text, key text, "
		   "value text, protocol text, port integer) on commit drop",
		   err) != FT_OK ||
	    db_copy_start(db, "copy pg_temp.family_line from stdin (format binary)", err) !=
		    FT_OK ||
	    db_copy_put(db, import->rows.data, import->rows.len, err) != FT_OK ||
	    db_copy_end(db, err) != FT_OK)
		return err->code;
	result = db_query(db, "select * from import_families($1)", 1, &source, err);
	if (result == NULL)
		return err->code;
	import->totals->added = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	import->totals->replaced = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
	return db_commit(db, err);
}

/* What comes with the program must stay ours: an import of its name would end it. */
static int name_source(char source[ESCAPE_MAX(256)], const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;

	escape_text(source, ESCAPE_MAX(256), base, strlen(base));
	if (strcmp(base, BUILT_IN) == 0 || strcmp(base, "-") == 0 || *base == '\0')
		return error_set(err, FT_USAGE,
				 "the source of families is the name of their file, and '%s' "
				 "cannot be one",
				 source);
	return FT_OK;
}

int import_families(struct db *db, const char *path, struct family_totals *totals,
		    struct error *err)
{
	struct import import = {.totals = totals};
	char source[ESCAPE_MAX(256)];
	int code;

	*totals = (struct family_totals){0};
	if (name_source(source, path, err) != FT_OK)
		return err->code;
	buf_init(&import.rows, ROWS_MAX);
	buf_init(&import.names, ROWS_MAX);
	code = read_file(&import, path, err);
	if (code == FT_OK)
		code = db_begin(db, err);
	if (code == FT_OK)
		code = merge(db, &import, source, err);
	if (code != FT_OK)
		db_rollback(db);
	buf_fini(&import.rows);
	buf_fini(&import.names);
	return code;
}
