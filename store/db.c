/* SPDX-License-Identifier: MIT */
/*
 * libpq, with its many ways to fail brought down to one sentence and a code. Nothing here knows
 * what the statements mean.
 */
#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/log.h"

#define SERVER_VERSION_MIN 150000
#define SERVER_TEXT_MAX    300 /* of the server's words in an error */

/* The server's words on one line: they may quote data, and libpq's have line ends and tabs. */
static void one_line(char out[SERVER_TEXT_MAX], const char *text)
{
	char flat[SERVER_TEXT_MAX];
	size_t len = 0;

	for (; *text != '\0' && len < sizeof(flat) - 1; text++) {
		bool blank = *text == '\n' || *text == '\t' || *text == ' ';

		if (!blank)
			flat[len++] = *text;
		else if (len > 0 && flat[len - 1] != ' ')
			flat[len++] = ' ';
	}
	while (len > 0 && flat[len - 1] == ' ')
		len--;
	escape_text(out, SERVER_TEXT_MAX, flat, len);
}

static int code_of_state(const struct db *db)
{
	static const char *const again[] = {"08", "40", "53", "57P"};

	if (PQstatus(db->conn) == CONNECTION_BAD)
		return FT_AGAIN;
	for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		if (strncmp(db->state, again[i], strlen(again[i])) == 0)
			return FT_AGAIN;
	return FT_FAIL;
}

/* Writes what the server, or libpq where there is no result, says; frees result. */
static int fail(struct db *db, PGresult *result, struct error *err)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *more = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	char text[SERVER_TEXT_MAX];
	char more_text[SERVER_TEXT_MAX];

	snprintf(db->state, sizeof(db->state), "%s", state != NULL ? state : "");
	if (more == NULL)
		more = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	one_line(text, primary != NULL ? primary : PQerrorMessage(db->conn));
	one_line(more_text, more != NULL ? more : "");
	PQclear(result);
	return error_set(err, code_of_state(db), "database: %s%s%s%s", text,
			 more != NULL ? " (" : "", more_text, more != NULL ? ")" : "");
}

static bool is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* The keywords of a connection: conninfo comes after what it may override. */
static const char *const keywords[] = {"connect_timeout", "dbname", "fallback_application_name",
				       "client_encoding", NULL};

static int connect_failed(const PGconn *conn, const char *const values[], struct error *err)
{
	char text[SERVER_TEXT_MAX];
	char where[SERVER_TEXT_MAX];
	PGPing ping = PQpingParams(keywords, values, 1);

	one_line(text, PQerrorMessage(conn));
	one_line(where, PQdb(conn) != NULL ? PQdb(conn) : "");
	if (ping == PQPING_NO_ATTEMPT)
		return error_set(err, FT_FAIL, "bad connection string for the database: %s",
				 text);
	return error_set(err, ping == PQPING_OK ? FT_FAIL : FT_AGAIN,
			 "cannot connect to database '%s': %s", where, text);
}

/*
 * libpq does not tell why a connection failed, so the server is pinged after it: one that
 * answers refused us for a reason of its own. It may also have come up just between the two, so
 * then a second try decides.
 */
static int try_connect(struct db *db, const char *conninfo, struct error *err)
{
	const char *values[] = {"5", conninfo, "fluxtrack", "UTF8", NULL};

	for (int tries = 2; tries > 0; tries--) {
		db->conn = PQconnectdbParams(keywords, values, 1);
		if (PQstatus(db->conn) == CONNECTION_OK)
			return FT_OK;
		connect_failed(db->conn, values, err);
		db_close(db);
		if (err->code == FT_AGAIN)
			break;
	}
	return err->code;
}

static int check_server(struct db *db, struct error *err)
{
	int version = PQserverVersion(db->conn);

	if (version < SERVER_VERSION_MIN)
		return error_set(err, FT_FAIL,
				 "the database server is PostgreSQL %d; fluxtrack needs %d or "
				 "newer",
				 version / 10000, SERVER_VERSION_MIN / 10000);
	return db_run(db, "set search_path = fluxtrack, pg_temp; set timezone = 'UTC'", err);
}

static void drop_notice(void *ctx, const PGresult *result)
{
	(void)ctx;
	(void)result;
}

int db_connect(struct db *db, const char *conninfo, struct error *err)
{
	*db = (struct db){0};
	if (try_connect(db, conninfo, err) != FT_OK)
		return err->code;
	PQsetNoticeReceiver(db->conn, drop_notice, NULL);
	if (check_server(db, err) != FT_OK)
		db_close(db);
	return db->conn != NULL ? FT_OK : err->code;
}

void db_close(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
}

int db_run(struct db *db, const char *sql, struct error *err)
{
	PGresult *result = PQexec(db->conn, sql);

	if (!is_good(result))
		return fail(db, result, err);
	PQclear(result);
	return FT_OK;
}

PGresult *db_query(struct db *db, const char *sql, int count, const char *const *params,
		   struct error *err)
{
	PGresult *result = PQexecParams(db->conn, sql, count, NULL, params, NULL, NULL, 0);

	if (is_good(result))
		return result;
	fail(db, result, err);
	return NULL;
}

int db_value(struct db *db, const char *sql, int count, const char *const *params, char *out,
	     size_t size, struct error *err)
{
	PGresult *result = db_query(db, sql, count, params, err);
	const char *value;

	if (result == NULL)
		return err->code;
	value = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
	err->code = FT_OK;
	if (strlen(value) < size)
		memcpy(out, value, strlen(value) + 1);
	else
		error_set(err, FT_FAIL, "database: a value of %zu bytes where %zu are the most",
			  strlen(value), size - 1);
	PQclear(result);
	return err->code;
}

/* The rows that are still to come are not wanted; where this fails, they come. */
static void cancel(struct db *db)
{
	PGcancel *handle = PQgetCancel(db->conn);
	char reason[256];

	if (handle != NULL)
		PQcancel(handle, reason, sizeof(reason));
	PQfreeCancel(handle);
}

int db_each(struct db *db, const char *sql, db_row_reader reader, void *ctx, struct error *err)
{
	PGresult *result;
	int code = FT_OK;

	if (!PQsendQuery(db->conn, sql) || !PQsetSingleRowMode(db->conn))
		return fail(db, NULL, err);
	while ((result = PQgetResult(db->conn)) != NULL) {
		bool is_row = PQresultStatus(result) == PGRES_SINGLE_TUPLE;

		if (!is_row && !is_good(result) && code == FT_OK) {
			code = fail(db, result, err);
			continue;
		}
		if (is_row && code == FT_OK) {
			code = reader(ctx, result, err);
			if (code != FT_OK)
				cancel(db);
		}
		PQclear(result);
	}
	return code;
}

int db_begin(struct db *db, struct error *err)
{
	return db_run(db, "begin", err);
}

int db_commit(struct db *db, struct error *err)
{
	PGresult *result = PQexec(db->conn, "commit");
	bool undone;

	if (!is_good(result))
		return fail(db, result, err);
	/* A transaction that failed before is not committed, and the server calls that fine. */
	undone = strcmp(PQcmdStatus(result), "COMMIT") != 0;
	PQclear(result);
	return undone ? error_set(err, FT_FAIL, "database: the transaction was rolled back")
		      : FT_OK;
}

void db_rollback(struct db *db)
{
	if (PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		PQclear(PQexec(db->conn, "rollback"));
}

const char *db_state(const struct db *db)
{
	return db->state;
}

/* After COPY: reads what the server says of it, up to the end. */
static int copy_result(struct db *db, struct error *err)
{
	PGresult *result;
	int code = FT_OK;

	while ((result = PQgetResult(db->conn)) != NULL) {
		if (is_good(result))
			PQclear(result);
		else
			code = fail(db, result, err);
	}
	return code;
}

int db_copy_start(struct db *db, const char *sql, struct error *err)
{
	PGresult *result = PQexec(db->conn, sql);

	if (PQresultStatus(result) != PGRES_COPY_IN)
		return fail(db, result, err);
	PQclear(result);
	return FT_OK;
}

int db_copy_put(struct db *db, const void *data, size_t len, struct error *err)
{
	const char *rest = data;

	while (len > 0) {
		int part = len > INT_MAX ? INT_MAX : (int)len;

		if (PQputCopyData(db->conn, rest, part) != 1)
			return fail(db, NULL, err);
		rest += part;
		len -= (size_t)part;
	}
	return FT_OK;
}

int db_copy_end(struct db *db, struct error *err)
{
	if (PQputCopyEnd(db->conn, NULL) != 1)
		return fail(db, NULL, err);
	return copy_result(db, err);
}

int db_copy_out(struct db *db, const char *sql, FILE *out, struct error *err)
{
	PGresult *result = PQexec(db->conn, sql);
	int failed = 0; /* errno of the first row that could not be written */
	char *data;
	int len, code;

	if (PQresultStatus(result) != PGRES_COPY_OUT)
		return fail(db, result, err);
	PQclear(result);
	while ((len = PQgetCopyData(db->conn, &data, 0)) > 0) {
		if (failed == 0 && fwrite(data, 1, (size_t)len, out) != (size_t)len) {
			failed = errno;
			cancel(db);
		}
		PQfreemem(data);
	}
	code = len == -2 ? fail(db, NULL, err) : copy_result(db, err);
	if (failed != 0)
		return error_set(err, FT_FAIL, "cannot write the rows: %s", strerror(failed));
	return code;
}

static void log_notice(void *ctx, const PGresult *result)
{
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char line[SERVER_TEXT_MAX];

	(void)ctx;
	one_line(line, text != NULL ? text : "");
	log_info("database: %s", line);
}

void db_log_notices(struct db *db)
{
	PQsetNoticeReceiver(db->conn, log_notice, NULL);
}
