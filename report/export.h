/* SPDX-License-Identifier: MIT */
/*
 * What leaves, in the formats of those who receive it. A format is a function of sql/ that
 * takes a filter and gives a table, texts of a line each, or files; here they are only written
 * down as they come. The filter is the same for all (sql/export.sql).
 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "store/db.h"

struct export_filter { /* borrowed text, as PostgreSQL reads it; NULL: no limit */
	const char *asn;
	const char *domain;
	const char *family;
	const char *verdicts; /* NULL: those that flux */
	const char *since;
	const char *min_observations;
	const char *max_age; /* an interval */
};

enum export_shape {
	EXPORT_TABLE, /* CSV with a head line */
	EXPORT_LINES, /* texts */
	EXPORT_FILES, /* a folder: rows of a file's name and its text */
};

struct export_format {
	const char *name;
	const char *function; /* of sql/ */
	enum export_shape shape;
	bool is_signed;       /* it takes the reporter too, as JSON */
	bool asks_for_action; /* so that nobody is to get it of names that are only suspect */
};

#define EXPORT_FORMATS "csv, cof, xarf, stix, misp and rpz" /* for messages */

/* NULL where there is none of that name. */
const struct export_format *export_format_find(const char *name);

struct export
{
	const struct export_format *format; /* borrowed */
	struct export_filter filter;
	const char *reporter; /* borrowed: {"org", "contact", "domain"}; NULL where it is not
				 signed */
};

/* Says in the log how many names and addresses leave, and how many do not, and why. */
int export_log_counts(struct db *db, const struct export *export, struct error *err) MUST_CHECK;
/* Writes a table or lines to out. */
int export_write(struct db *db, const struct export *export, FILE *out,
		 struct error *err) MUST_CHECK;
/* For export_folder.h: hands over the rows of any other shape. */
int export_each(struct db *db, const struct export *export, db_row_reader reader, void *ctx,
		struct error *err) MUST_CHECK;
/* The statement that gives the rows, between two texts; sql is made here, the caller's to end.
 */
int export_statement(struct db *db, const struct export *export, const char *before,
		     const char *after, struct buf *sql, struct error *err) MUST_CHECK;

#endif
