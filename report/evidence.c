/* SPDX-License-Identifier: MIT */
#include "report/evidence.h"

static const char known_sql[] = "SELECT FROM domain WHERE name = $1";
static const char text_sql[] = "SELECT evidence_text($1)";
static const char json_sql[] = "SELECT jsonb_pretty(takedown_evidence($1))";

/* The rows that sql gives for name, for the caller to clear; NULL on an error. */
static PGresult *rows_for(struct db *db, const char *sql, const char *name, struct error *err)
{
	PGresult *known = db_query(db, known_sql, 1, &name, err);
	int count = known != NULL ? PQntuples(known) : 0;

	if (known == NULL)
		return NULL;
	PQclear(known);
	if (count > 0)
		return db_query(db, sql, 1, &name, err);
	error_set(err, FT_FAIL, "nothing is known of %.300s; follow it with fluxtrack track",
		  name);
	return NULL;
}

/* Prints the rows, each a line or, of JSON, a text of several. */
static int print_rows(PGresult *rows, FILE *out, const struct error *err)
{
	if (rows == NULL)
		return err->code;
	for (int row = 0; row < PQntuples(rows); row++)
		fprintf(out, "%s\n", PQgetvalue(rows, row, 0));
	PQclear(rows);
	return FT_OK;
}

int evidence_text(struct db *db, const char *name, FILE *out, struct error *err)
{
	return print_rows(rows_for(db, text_sql, name, err), out, err);
}

int evidence_json(struct db *db, const char *name, FILE *out, struct error *err)
{
	return print_rows(rows_for(db, json_sql, name, err), out, err);
}
