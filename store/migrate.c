/* SPDX-License-Identifier: MIT */
#include "store/migrate.h"

#include <stdlib.h>
#include <string.h>

#include "store/sql_files.h"

/*
 * Any number will do, if it stays: two versions of fluxtrack must exclude each other. Who
 * scores shares it (lock_scoring in sql/nodes.sql).
 */
#define MIGRATE_LOCK "7020081126"

/* What this binary has and the database lacks. */
struct todo {
	bool ground; /* not even the schema is there */
	int version; /* of the database; schema files above it are to be applied */
	bool schema;
	bool code; /* a file of functions or views differs */
};

static int newest_version(void)
{
	int newest = 0;

	for (size_t i = 0; i < sql_file_count; i++)
		if (sql_files[i].version > newest)
			newest = sql_files[i].version;
	return newest;
}

static const char *applied_sha256(const PGresult *applied, const char *name)
{
	for (int row = 0; row < PQntuples(applied); row++)
		if (strcmp(PQgetvalue(applied, row, 1), name) == 0)
			return PQgetvalue(applied, row, 2);
	return NULL;
}

static int compare(const PGresult *applied, struct todo *todo, struct error *err)
{
	int ours = newest_version();

	todo->version =
		PQntuples(applied) > 0 ? (int)strtol(PQgetvalue(applied, 0, 0), NULL, 10) : 0;
	if (todo->version > ours)
		return error_set(
			err, FT_FAIL,
			"the database has schema %d, this fluxtrack knows %d; install the "
			"newer fluxtrack",
			todo->version, ours);
	todo->schema = todo->version < ours;
	for (size_t i = 0; i < sql_file_count; i++) {
		const struct sql_file *file = &sql_files[i];
		const char *sha256 = applied_sha256(applied, file->name);
		bool same = sha256 != NULL && strcmp(sha256, file->sha256) == 0;

		if (file->version < 0)
			todo->code = todo->code || !same;
		else if (file->version > 0 && file->version <= todo->version && !same)
			return error_set(err, FT_FAIL,
					 "the database was made by another text of schema file "
					 "%s; use the fluxtrack that made it",
					 file->name);
	}
	return FT_OK;
}

static int read_todo(struct db *db, struct todo *todo, struct error *err)
{
	PGresult *result;
	char found[2];

	*todo = (struct todo){0};
	if (db_value(db, "select to_regclass('fluxtrack.code_version') is not null", 0, NULL,
		     found, sizeof(found), err) != FT_OK)
		return err->code;
	if (found[0] != 't') {
		*todo = (struct todo){.ground = true, .schema = true, .code = true};
		return FT_OK;
	}
	result =
		db_query(db,
			 "select version, name, sha256 from fluxtrack.schema_version union all "
			 "select -1, name, sha256 from fluxtrack.code_version order by 1 desc",
			 0, NULL, err);
	if (result == NULL)
		return err->code;
	compare(result, todo, err);
	PQclear(result);
	return err->code;
}

static int note_applied(struct db *db, const struct sql_file *file, struct error *err)
{
	char version[12];
	const char *params[] = {file->name, file->sha256, version};
	PGresult *result;

	snprintf(version, sizeof(version), "%d", file->version);
	result = file->version > 0
			 ? db_query(db,
				    "insert into schema_version (name, sha256, version) "
				    "values ($1, $2, $3)",
				    3, params, err)
			 : db_query(db,
				    "insert into code_version (name, sha256) values ($1, $2) "
				    "on conflict (name) do update set "
				    "sha256 = excluded.sha256, applied_at = now()",
				    2, params, err);
	PQclear(result);
	return result != NULL ? FT_OK : err->code;
}

static int apply(struct db *db, const struct sql_file *file, struct error *err)
{
	if (db_run(db, file->text, err) != FT_OK || note_applied(db, file, err) != FT_OK)
		return error_prefix(err, "sql file %s", file->name);
	return FT_OK;
}

static int apply_ground(struct db *db, struct error *err)
{
	for (size_t i = 0; i < sql_file_count; i++)
		if (sql_files[i].version == 0 && db_run(db, sql_files[i].text, err) != FT_OK)
			return err->code;
	return FT_OK;
}

static int apply_schema(struct db *db, int above, struct error *err)
{
	for (size_t i = 0; i < sql_file_count; i++) {
		if (sql_files[i].version <= above || sql_files[i].version < 1)
			continue;
		if (db_begin(db, err) != FT_OK || apply(db, &sql_files[i], err) != FT_OK ||
		    db_commit(db, err) != FT_OK)
			return err->code;
	}
	return FT_OK;
}

static int apply_code(struct db *db, struct error *err)
{
	/* They say "drop ... if exists", which says that it does not. */
	if (db_run(db, "begin; set local client_min_messages = warning", err) != FT_OK)
		return err->code;
	for (size_t i = 0; i < sql_file_count; i++)
		if (sql_files[i].version < 0 && apply(db, &sql_files[i], err) != FT_OK)
			return err->code;
	return db_commit(db, err);
}

/* Under the lock: looks again, for another migrator may have done it meanwhile. */
static int apply_todo(struct db *db, struct error *err)
{
	struct todo todo;

	if (read_todo(db, &todo, err) != FT_OK)
		return err->code;
	if (todo.ground && apply_ground(db, err) != FT_OK)
		return err->code;
	if (db_run(db, "set role fluxtrack_owner", err) != FT_OK)
		return err->code;
	if (todo.schema && apply_schema(db, todo.version, err) != FT_OK)
		return err->code;
	return todo.code ? apply_code(db, err) : FT_OK;
}

int migrate(struct db *db, struct error *err)
{
	struct error ignored;
	struct todo todo;
	int code;

	err->code = FT_OK;
	if (read_todo(db, &todo, err) != FT_OK)
		return error_prefix(err, "cannot migrate");
	if (!todo.schema && !todo.code)
		return FT_OK;
	if (db_run(db, "select pg_advisory_lock(" MIGRATE_LOCK ")", err) != FT_OK)
		return error_prefix(err, "cannot migrate");
	code = apply_todo(db, err);
	if (code != FT_OK) {
		db_rollback(db);
		error_prefix(err, "cannot migrate");
	}
	/* Where this fails the connection is gone, and role and lock with it. */
	(void)!db_run(db, "reset role; select pg_advisory_unlock(" MIGRATE_LOCK ")", &ignored);
	return code;
}

int migrate_connect(struct db *db, const char *conninfo, struct error *err)
{
	if (db_connect(db, conninfo, err) != FT_OK)
		return err->code;
	db_log_notices(db);
	if (migrate(db, err) == FT_OK)
		return FT_OK;
	db_close(db);
	return err->code;
}
