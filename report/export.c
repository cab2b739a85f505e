/* SPDX-License-Identifier: MIT */
#include "report/export.h"

#include <string.h>

#include "base/buf.h"

#define STATEMENT_MAX 8192

/* COPY takes no parameters, so the values go in as literals, quoted by libpq. */
static int put_literal(struct db *db, struct buf *sql, const char *value, struct error *err)
{
	char *literal;

	if (value == NULL) {
		buf_put(sql, "NULL", 4);
		return FT_OK;
	}
	literal = PQescapeLiteral(db->conn, value, strlen(value));
	if (literal == NULL)
		return error_set(err, FT_USAGE, "a value of the filter is not valid text");
	buf_printf(sql, "%s", literal);
	PQfreemem(literal);
	return FT_OK;
}

static int build_statement(struct db *db, const struct export_filter *filter, struct buf *sql,
			   struct error *err)
{
	buf_printf(sql, "COPY (SELECT * FROM export_nodes(for_asn => ");
	if (put_literal(db, sql, filter->asn, err) != FT_OK)
		return err->code;
	buf_printf(sql, ", for_domain => ");
	if (put_literal(db, sql, filter->domain, err) != FT_OK)
		return err->code;
	buf_printf(sql, ", since => ");
	if (put_literal(db, sql, filter->since, err) != FT_OK)
		return err->code;
	buf_printf(sql, ")) TO STDOUT (FORMAT csv, HEADER)");
	buf_put_u8(sql, '\0');
	if (!buf_is_ok(sql))
		return error_set(err, FT_USAGE, "the filter is too long");
	return FT_OK;
}

int export_csv(struct db *db, const struct export_filter *filter, FILE *out, struct error *err)
{
	struct buf sql;
	int result;

	buf_init(&sql, STATEMENT_MAX);
	result = build_statement(db, filter, &sql, err);
	if (result == FT_OK)
		result = db_copy_out(db, (const char *)sql.data, out, err);
	buf_fini(&sql);
	return result;
}

int export_is_empty(struct db *db, const struct export_filter *filter, bool *is_empty,
		    struct error *err)
{
	const char *params[] = {filter->asn, filter->domain, filter->since};
	char found[8];

	if (db_value(db,
		     "SELECT EXISTS (SELECT FROM export_nodes($1::bigint, $2::text, "
		     "$3::timestamptz))",
		     3, params, found, sizeof(found), err) != FT_OK)
		return err->code;
	*is_empty = found[0] == 'f';
	return FT_OK;
}
