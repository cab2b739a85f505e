/* SPDX-License-Identifier: MIT */
#include "report/status.h"

#include "base/terminal.h"
#include "report/table.h"

/* TTL: one figure where lowest and highest are the same. */
static const char table_sql[] =
	"SELECT domain AS \"DOMAIN\", verdict AS \"VERDICT\","
	" to_char(score, 'FM0.00') AS \"SCORE\", addresses AS \"ADDRESSES\", asns AS \"ASNS\","
	" CASE WHEN ttl_min = ttl_max THEN ttl_min::text"
	"      ELSE ttl_min || '..' || ttl_max END AS \"TTL\","
	" to_char(last_change AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS \"LAST CHANGE\" "
	"FROM status ORDER BY score DESC NULLS LAST, domain COLLATE \"C\"";

int status_table(struct db *db, FILE *out, size_t *names, struct error *err)
{
	PGresult *rows = db_query(db, table_sql, 0, NULL, err);

	if (rows == NULL)
		return err->code;
	*names = (size_t)PQntuples(rows);
	table_print(out, rows, "llrrrll", terminal_width(fileno(out)));
	PQclear(rows);
	return FT_OK;
}

int status_json(struct db *db, FILE *out, struct error *err)
{
	PGresult *rows = db_query(db, "SELECT status_json()", 0, NULL, err);

	if (rows == NULL)
		return err->code;
	fprintf(out, "%s\n", PQgetvalue(rows, 0, 0));
	PQclear(rows);
	return FT_OK;
}
