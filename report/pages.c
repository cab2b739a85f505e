/* SPDX-License-Identifier: MIT */
#include "report/pages.h"

#include "base/terminal.h"
#include "report/table.h"

static const char table_sql[] =
	"SELECT domain AS \"DOMAIN\","
	" to_char(asked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS \"TIME\","
	" host(address) AS \"ADDRESS\", 'AS' || asn AS \"ASN\", outcome AS \"OUTCOME\","
	" status AS \"STATUS\", octets AS \"OCTETS\", left(sha256, 16) AS \"SHA-256\","
	" signatures AS \"SIGNATURES\" "
	"FROM probe_brought(string_to_array($1, ' '), $2)";

int pages_table(const struct pages *pages, FILE *out, struct error *err)
{
	const char *params[] = {pages->names, pages->since};
	PGresult *rows = db_query(pages->db, table_sql, 2, params, err);

	if (rows == NULL)
		return err->code;
	table_print(out, rows, "lllllrrll", terminal_width(fileno(out)));
	PQclear(rows);
	return FT_OK;
}
