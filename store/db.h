/* SPDX-License-Identifier: MIT */
/*
 * A connection to PostgreSQL: blocking libpq, one a thread. Every failure names the server's
 * own words. FT_AGAIN where the server is away, full or asks to try again (SQLSTATE classes 08,
 * 40, 53 and 57P; the spool keeps what it holds), FT_FAIL else.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/buf.h"
#include "base/error.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct db {
	PGconn *conn;  /* owned */
	char state[6]; /* SQLSTATE of the last failure, "" where there is none */
};

/*
 * Connects with search_path fluxtrack and UTC, within 5 s where conninfo says nothing else;
 * checks the server's version (15 or newer). The error never holds the password.
 */
int db_connect(struct db *db, const char *conninfo, struct error *err) MUST_CHECK;
void db_close(struct db *db);

/* Runs statements, several joined by semicolons; rows they give are dropped. */
int db_run(struct db *db, const char *sql, struct error *err) MUST_CHECK;
/* Runs one statement with text parameters (NULL for null); the result is the caller's. */
PGresult *db_query(struct db *db, const char *sql, int count, const char *const *params,
		   struct error *err) MUST_CHECK;
/* The same for one value, copied into out (empty for null or no row). */
int db_value(struct db *db, const char *sql, int count, const char *const *params, char *out,
	     size_t size, struct error *err) MUST_CHECK;

/* Takes a row, the only one in the result; an error ends the reading. */
typedef int (*db_row_reader)(void *ctx, const PGresult *row, struct error *err);
/* Runs one statement and hands over its rows one by one as they come: never all in memory. */
int db_each(struct db *db, const char *sql, db_row_reader reader, void *ctx,
	    struct error *err) MUST_CHECK;

int db_begin(struct db *db, struct error *err) MUST_CHECK;
int db_commit(struct db *db, struct error *err) MUST_CHECK;
void db_rollback(struct db *db);
/* SQLSTATE of the last failure, "" where there is none. */
const char *db_state(const struct db *db);

/* COPY ... FROM STDIN: start with the statement, then any number of puts, then end. */
int db_copy_start(struct db *db, const char *sql, struct error *err) MUST_CHECK;
int db_copy_put(struct db *db, const void *data, size_t len, struct error *err) MUST_CHECK;
int db_copy_end(struct db *db, struct error *err) MUST_CHECK;
/* Runs COPY (SELECT ...) TO STDOUT and writes what comes to out. */
int db_copy_out(struct db *db, const char *sql, FILE *out, struct error *err) MUST_CHECK;

/* Sends server notices (RAISE NOTICE) to log_info instead of stderr. */
void db_log_notices(struct db *db);

#endif
