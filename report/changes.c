/* SPDX-License-Identifier: MIT */
#include "report/changes.h"

#define STATEMENT_SIZE 200

/* A statement of its own: what was known by then is seen by the next one alone. */
static int read_until(struct db *db, struct changes_span *span, struct error *err)
{
	return db_value(db, "SELECT to_json(changes_until())#>>'{}'", 0, NULL, span->until,
			sizeof(span->until), err);
}

int changes_of_reader(struct db *db, const char *reader, struct changes_span *span,
		      struct error *err)
{
	if (db_value(db, "SELECT to_json(reader_known($1))#>>'{}'", 1, &reader, span->since,
		     sizeof(span->since), err) != FT_OK)
		return err->code;
	return read_until(db, span, err);
}

int changes_from(struct db *db, const char *since, struct changes_span *span, struct error *err)
{
	snprintf(span->since, sizeof(span->since), "%s", since);
	return read_until(db, span, err);
}

/* db_each takes no parameters; these are times, which hold no quotes. */
static void put_statement(char out[STATEMENT_SIZE], const char *function,
			  const struct changes_span *span)
{
	snprintf(out, STATEMENT_SIZE, "SELECT * FROM %s(nullif('%s', '')::timestamptz, '%s')",
		 function, span->since, span->until);
}

static int write_line(void *out, const PGresult *row, struct error *err)
{
	(void)err; /* the stream remembers a failure until it is flushed */
	fprintf(out, "%s\n", PQgetvalue(row, 0, 0));
	return FT_OK;
}

int changes_text(struct db *db, const struct changes_span *span, FILE *out, struct error *err)
{
	char sql[STATEMENT_SIZE];

	put_statement(sql, "changes_text", span);
	return db_each(db, sql, write_line, out, err);
}

int changes_json(struct db *db, const struct changes_span *span, FILE *out, struct error *err)
{
	return changes_each(db, span, write_line, out, err);
}

int changes_each(struct db *db, const struct changes_span *span, db_row_reader reader,
		 void *ctx, struct error *err)
{
	char sql[STATEMENT_SIZE];

	put_statement(sql, "changes_json", span);
	return db_each(db, sql, reader, ctx, err);
}

int changes_told(struct db *db, const char *reader, const struct changes_span *span,
		 struct error *err)
{
	const char *params[] = {reader, span->until};
	PGresult *result =
		db_query(db, "SELECT reader_move($1, $2::timestamptz)", 2, params, err);

	PQclear(result);
	return result != NULL ? FT_OK : err->code;
}
