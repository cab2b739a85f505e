/* SPDX-License-Identifier: MIT */
#include "store/prefixes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/timefmt.h"

#define LINE_MAX_LEN 256 /* with the line end; the longest good one has 70 or so */
#define BAD_SHOWN    5   /* bad lines that are said one by one */
#define COPY_CHUNK   (64 * 1024)
#define BLANKS       " \t\r\n"

struct import {
	struct db *db; /* borrowed */
	gzFile file;   /* owned */
	const char *path;
	struct prefix_totals *totals;
	uint64_t line_number;
	struct buf rows; /* in COPY's text format */
};

static int bad_line(struct import *import, const char *why)
{
	if (import->totals->bad++ < BAD_SHOWN)
		log_warn("%s line %" PRIu64 ": %s", import->path, import->line_number, why);
	return FT_OK;
}

/* A date that the calendar has, YYYY-MM-DD. */
static bool is_date(const char *text)
{
	char back[TIME_TEXT_SIZE];
	struct error ignored;
	int64_t wall_us;

	if (strlen(text) != 10 || time_parse(text, &wall_us, &ignored) != FT_OK)
		return false;
	time_format(back, wall_us); /* 31 February comes back as another day */
	return strncmp(back, text, 10) == 0;
}

/* NULL where text is a prefix as a routing table has it, else what is wrong with it. */
static const char *check_prefix(const char *text)
{
	uint8_t bytes[16] = {0};
	char address[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "/");
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	unsigned long most = family == AF_INET6 ? 128 : 32;
	unsigned long bits;
	char *end;

	if (text[len] != '/' || len >= sizeof(address) || text[len + 1] < '0' ||
	    text[len + 1] > '9')
		return "no prefix";
	memcpy(address, text, len);
	address[len] = '\0';
	bits = strtoul(text + len + 1, &end, 10);
	if (inet_pton(family, address, bytes) != 1 || *end != '\0' || bits > most)
		return "no prefix";
	for (unsigned long bit = bits; bit < most; bit++)
		if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
			return "a prefix with bits set behind its length";
	return NULL;
}

static bool is_asn(const char *text)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	       value <= UINT32_MAX;
}

/* pyasn names the routing table's file in a comment; its day counts if none was given. */
static void read_comment(struct import *import, const char *line)
{
	const char *rib = strstr(line, "rib.");
	char date[11];

	if (rib == NULL || import->totals->dated[0] != '\0')
		return;
	snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", rib + 4, strlen(rib) > 8 ? rib + 8 : "",
		 strlen(rib) > 10 ? rib + 10 : "");
	if (is_date(date))
		memcpy(import->totals->dated, date, sizeof(date));
}

static int put_line(struct import *import, char *fields[3], struct error *err)
{
	buf_printf(&import->rows, "%s\t%s\t%s\n", fields[0], fields[1],
		   fields[2] != NULL ? fields[2] : "\\N");
	import->totals->lines++;
	if (!buf_is_ok(&import->rows))
		return error_set(err, FT_FAIL, "no memory to import %s", import->path);
	if (import->rows.len < COPY_CHUNK)
		return FT_OK;
	if (db_copy_put(import->db, import->rows.data, import->rows.len, err) != FT_OK)
		return err->code;
	buf_reset(&import->rows);
	return FT_OK;
}

/* Cuts the next word off *rest; NULL where there is none. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word != end ? word : NULL;
}

static int read_line(struct import *import, char *line, struct error *err)
{
	char *rest = line;
	char *fields[4];
	const char *wrong;

	if (strchr(";#", line[strspn(line, BLANKS)]) != NULL) { /* an empty line too: its NUL */
		read_comment(import, line);
		return FT_OK;
	}
	for (size_t i = 0; i < 4; i++)
		fields[i] = next_word(&rest);
	wrong = check_prefix(fields[0]);
	if (wrong != NULL)
		return bad_line(import, wrong);
	if (fields[1] == NULL || !is_asn(fields[1]))
		return bad_line(import, "no AS number");
	if (fields[2] != NULL && !is_date(fields[2]))
		return bad_line(import, "the third column is no date, YYYY-MM-DD");
	if (fields[3] != NULL)
		return bad_line(import, "more than three columns");
	return put_line(import, fields, err);
}

/* Reads on to the end of a line that was too long. */
static void skip_line(gzFile file)
{
	int c;

	do
		c = gzgetc(file);
	while (c != '\n' && c != -1);
}

static int read_lines(struct import *import, struct error *err)
{
	char line[LINE_MAX_LEN];
	int code;

	while (gzgets(import->file, line, sizeof(line)) != NULL) {
		import->line_number++;
		if (strlen(line) == sizeof(line) - 1 && line[sizeof(line) - 2] != '\n') {
			skip_line(import->file);
			bad_line(import, "too long");
		} else if (read_line(import, line, err) != FT_OK) {
			return err->code;
		}
	}
	if (!gzeof(import->file) || gzerror(import->file, &code)[0] != '\0')
		return error_set(err, FT_FAIL, "cannot read %s: %s", import->path,
				 gzerror(import->file, &code));
	return FT_OK;
}

static int copy_lines(struct import *import, struct error *err)
{
	if (db_run(import->db,
		   "create temporary table prefix_import (prefix cidr, asn bigint, "
		   "valid_from date) on commit drop",
		   err) != FT_OK ||
	    db_copy_start(import->db, "copy pg_temp.prefix_import from stdin", err) != FT_OK ||
	    read_lines(import, err) != FT_OK ||
	    db_copy_put(import->db, import->rows.data, import->rows.len, err) != FT_OK)
		return err->code;
	return db_copy_end(import->db, err);
}

/* Lines without a date make a whole table of the default date; each other date is merged alone.
 */
static int merge(struct import *import, struct error *err)
{
	const char *slash = strrchr(import->path, '/');
	const char *base = slash != NULL ? slash + 1 : import->path;
	char name[ESCAPE_MAX(256)];
	const char *params[] = {import->totals->dated, name};
	PGresult *result;

	escape_text(name, sizeof(name), base, strlen(base));
	result = db_query(import->db, "select * from import_prefixes($1, $2)", 2, params, err);
	if (result == NULL)
		return err->code;
	import->totals->added = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	import->totals->ended = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
	return FT_OK;
}

static void date_today(char out[11])
{
	char text[TIME_TEXT_SIZE];

	time_format(text, (int64_t)time(NULL) * 1000000);
	snprintf(out, 11, "%.10s", text);
}

static int import_lines(struct import *import, struct error *err)
{
	if (db_begin(import->db, err) != FT_OK || copy_lines(import, err) != FT_OK)
		return err->code;
	if (import->totals->lines == 0)
		return error_set(err, FT_FAIL, "%s holds no line 'PREFIX ASN'", import->path);
	if (import->totals->dated[0] == '\0')
		date_today(import->totals->dated);
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
	if (from != NULL && !is_date(from))
		return error_set(err, FT_USAGE,
				 "'%.20s' is not a date; write it like 2008-05-01", from);
	if (from != NULL)
		memcpy(totals->dated, from, sizeof(totals->dated));
	import.file = gzopen(path, "re");
	if (import.file == NULL)
		return error_set(err, FT_FAIL, "cannot open %s: %s", path, strerror(errno));
	buf_init(&import.rows, 2 * COPY_CHUNK);
	code = import_lines(&import, err);
	if (code != FT_OK)
		db_rollback(db);
	gzclose_r(import.file);
	buf_fini(&import.rows);
	return code;
}
