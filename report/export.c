/* SPDX-License-Identifier: MIT */
#include "report/export.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "report/output.h"

#define STATEMENT_MAX 8192

static const struct export_format formats[] = {
	{"csv", "export_csv", EXPORT_TABLE, false, false},
	{"cof", "export_cof", EXPORT_LINES, false, false},
	{"xarf", "export_xarf", EXPORT_LINES, true, true},
	{"stix", "export_stix", EXPORT_LINES, true, false},
	{"misp", "export_misp", EXPORT_FILES, true, true},
	{"rpz", "export_rpz", EXPORT_LINES, false, true},
};

const struct export_format *export_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}

/* COPY takes no parameters, so the values go in as literals, quoted by libpq. */
static void put_literal(struct db *db, struct buf *sql, const char *before, const char *value)
{
	char *literal;

	if (value == NULL)
		return;
	literal = PQescapeLiteral(db->conn, value, strlen(value));
	buf_printf(sql, "%s%s", before, literal != NULL ? literal : "invalid text");
	PQfreemem(literal);
}

/* Only what is wanted is said, so that what is not keeps the default of SQL. */
static void put_filter(struct db *db, struct buf *sql, const struct export_filter *filter)
{
	const char *const values[][2] = {
		{"asn => ", filter->asn},
		{"domain => ", filter->domain},
		{"family => ", filter->family},
		{"verdicts => ", filter->verdicts},
		{"since => ", filter->since},
		{"min_observations => ", filter->min_observations},
		{"max_age => ", filter->max_age},
	};
	char before[32];
	const char *comma = "";

	buf_printf(sql, "export_filter(");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(before, sizeof(before), "%s%s", comma, values[i][0]);
		put_literal(db, sql, before, values[i][1]);
		if (values[i][1] != NULL)
			comma = ", ";
	}
	buf_printf(sql, ")");
}

static int end_statement(struct buf *sql, struct error *err)
{
	buf_put_u8(sql, '\0');
	return buf_is_ok(sql) ? FT_OK : error_set(err, FT_USAGE, "the filter is too long");
}

int export_statement(struct db *db, const struct export *export, const char *before,
		     const char *after, struct buf *sql, struct error *err)
{
	buf_init(sql, STATEMENT_MAX);
	buf_printf(sql, "%sSELECT * FROM %s(", before, export->format->function);
	put_filter(db, sql, &export->filter);
	if (export->format->is_signed)
		put_literal(db, sql, ", ", export->reporter);
	buf_printf(sql, ")%s", after);
	return end_statement(sql, err);
}

static int log_line(void *ctx, const PGresult *row, struct error *err)
{
	(void)ctx;
	(void)err;
	log_info("%s", PQgetvalue(row, 0, 0));
	return FT_OK;
}

int export_log_counts(struct db *db, const struct export *export, struct error *err)
{
	struct buf sql;
	int result;

	buf_init(&sql, STATEMENT_MAX);
	buf_printf(&sql, "SELECT export_counts(");
	put_filter(db, &sql, &export->filter);
	buf_printf(&sql, ")");
	result = end_statement(&sql, err);
	if (result == FT_OK)
		result = db_each(db, (const char *)sql.data, log_line, NULL, err);
	buf_fini(&sql);
	return result;
}

static int write_line(void *ctx, const PGresult *row, struct error *err)
{
	if (fprintf(ctx, "%s\n", PQgetvalue(row, 0, 0)) >= 0)
		return FT_OK;
	return error_set(err, FT_FAIL, "cannot write the rows: %s", strerror(errno));
}

static int write_table(struct db *db, const struct export *export, FILE *out, struct error *err)
{
	struct buf sql;
	int result = export_statement(db, export, "COPY (", ") TO STDOUT (FORMAT csv, HEADER)",
				      &sql, err);

	if (result == FT_OK)
		result = db_copy_out(db, (const char *)sql.data, out, err);
	buf_fini(&sql);
	return result;
}

int export_each(struct db *db, const struct export *export, db_row_reader reader, void *ctx,
		struct error *err)
{
	struct buf sql;
	int result = export_statement(db, export, "", "", &sql, err);

	if (result == FT_OK)
		result = db_each(db, (const char *)sql.data, reader, ctx, err);
	buf_fini(&sql);
	return result;
}

int export_write(struct db *db, const struct export *export, FILE *out, struct error *err)
{
	if (export->format->shape == EXPORT_TABLE)
		return write_table(db, export, out, err);
	return export_each(db, export, write_line, out, err);
}
