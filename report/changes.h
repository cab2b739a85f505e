/* SPDX-License-Identifier: MIT */
/*
 * What is new since somebody asked last; made by sql/changes.sql. A span goes from what its
 * reader was told until to the moment until which all is known; the reader's own moment moves
 * when the caller says that it was told.
 */
#ifndef REPORT_CHANGES_H
#define REPORT_CHANGES_H

#include "store/db.h"

#define CHANGES_TIME_SIZE 40

struct changes_span {
	char since[CHANGES_TIME_SIZE]; /* RFC 3339; "": the present state, as at a first call */
	char until[CHANGES_TIME_SIZE];
};

/* The span of a reader. Waits while names are scored. */
int changes_of_reader(struct db *db, const char *reader, struct changes_span *span,
		      struct error *err) MUST_CHECK;
/* The span from since, RFC 3339 of at most CHANGES_TIME_SIZE. Waits likewise. */
int changes_from(struct db *db, const char *since, struct changes_span *span,
		 struct error *err) MUST_CHECK;
/* Writes a paragraph a name; nothing where nothing is new. */
int changes_text(struct db *db, const struct changes_span *span, FILE *out,
		 struct error *err) MUST_CHECK;
/* Writes each event as one JSON object on a line; see changes_json() in SQL. */
int changes_json(struct db *db, const struct changes_span *span, FILE *out,
		 struct error *err) MUST_CHECK;
/* Hands these over instead, one by one, without their line's end. */
int changes_each(struct db *db, const struct changes_span *span, db_row_reader reader,
		 void *ctx, struct error *err) MUST_CHECK;
/* Notes that the reader was told all of the span. */
int changes_told(struct db *db, const char *reader, const struct changes_span *span,
		 struct error *err) MUST_CHECK;

#endif
