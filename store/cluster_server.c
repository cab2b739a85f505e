/* SPDX-License-Identifier: MIT */
#include "store/cluster_server.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/db.h"
#include "store/postgres_program.h"

#define START_WAIT   "120" /* seconds: recovery after a crash takes its time */
#define LOCK_WAIT_MS 120000
#define POLL_MS      50

/*
 * All of postgresql.conf but the socket's folder; ALTER SYSTEM still overrides. Sized for a
 * machine with two cores. A commit means that a segment may leave the spool: it is synced.
 */
static const char settings[] = "# Written anew at each start by fluxtrack; use ALTER SYSTEM.\n"
			       "listen_addresses = ''\n"
			       "unix_socket_permissions = 0700\n"
			       "max_connections = 40\n"
			       "fsync = on\n"
			       "synchronous_commit = on\n"
			       "shared_buffers = 256MB\n"
			       "effective_cache_size = 1GB\n"
			       "work_mem = 32MB\n"
			       "maintenance_work_mem = 128MB\n"
			       "max_wal_size = 2GB\n"
			       "wal_compression = on\n"
			       "wal_level = minimal\n"
			       "max_wal_senders = 0\n"
			       "checkpoint_timeout = 15min\n"
			       "random_page_cost = 1.1\n"
			       "max_parallel_workers_per_gather = 1\n"
			       "jit = off\n"
			       "log_line_prefix = '%m [%p] '\n"
			       "log_checkpoints = off\n"
			       "log_min_error_statement = panic\n"
			       "timezone = 'UTC'\n"
			       "log_timezone = 'UTC'\n";

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static int write_file(const char *folder, const char *name, const struct buf *text,
		      struct error *err)
{
	char path[PATH_SIZE];

	if (!buf_is_ok(text))
		return error_set(err, FT_FAIL, "no memory for %s", name);
	if (path_join(path, folder, name, err) != FT_OK)
		return err->code;
	return file_replace(path, text->data, text->len, err);
}

static int write_settings(const char *data, const char *sockets, struct error *err)
{
	struct buf text;
	int code;

	buf_init(&text, sizeof(settings) + 3 * PATH_SIZE);
	buf_printf(&text, "%sunix_socket_directories = '\"", settings);
	for (const char *p = sockets; *p != '\0'; p++) {
		if (*p == '\'' || *p == '"') /* quoted twice: a list, inside a string */
			buf_put_u8(&text, (uint8_t)*p);
		buf_put_u8(&text, (uint8_t)*p);
	}
	buf_printf(&text, "\"'\n");
	code = write_file(data, "postgresql.conf", &text, err);
	buf_fini(&text);
	return code;
}

/*
 * The kernel tells who is at the other end of the socket, so no password lies about, and a
 * folder whose mode was opened by mistake opens nothing. Who gets in: the account and root, as
 * the owner or, to administer, as postgres.
 */
static int write_access(const char *data, const char *account, struct error *err)
{
	struct buf text;
	int code;

	buf_init(&text, 4096);
	buf_printf(&text, "local all all peer map=fluxtrack\n");
	code = write_file(data, "pg_hba.conf", &text, err);
	buf_reset(&text);
	buf_printf(&text, "fluxtrack root " CLUSTER_OWNER "\nfluxtrack root postgres\n");
	buf_printf(&text, "fluxtrack \"%s\" " CLUSTER_OWNER "\nfluxtrack \"%s\" postgres\n",
		   account, account);
	if (code == FT_OK)
		code = write_file(data, "pg_ident.conf", &text, err);
	buf_fini(&text);
	return code;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Made aside and renamed: a cluster is there wholly or not at all. */
static int make_cluster(const struct cluster_place *place, const char *data, struct error *err)
{
	char bin[PATH_SIZE];
	char aside[PATH_SIZE];
	const char *argv[] = {"initdb", "-D",   "data.new",   "-U",          "postgres",
			      "-E",     "UTF8", "--locale=C", "--auth=peer", "--data-checksums",
			      NULL};

	if (path_join(aside, place->dir, "data.new", err) != FT_OK ||
	    postgres_find(bin, 0, err) != FT_OK)
		return err->code;
	nftw(aside, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	if (postgres_run(bin, argv, place->dir, err) != FT_OK)
		return error_prefix(err, "cannot make the private database in %s", place->dir);
	if (rename(aside, data) != 0)
		return error_set(err, FT_FAIL, "cannot rename %s to %s: %s", aside, data,
				 strerror(errno));
	return dir_sync(place->dir, err);
}

/* A whole number at the start of data/name, 0 where there is none. */
static int read_number(const struct cluster_place *place, const char *name)
{
	char path[2 * PATH_SIZE];
	int number = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/data/%s", place->dir, name);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%9d", &number) != 1)
		number = 0;
	fclose(file);
	return number;
}

/*
 * The process id in postmaster.pid may have passed to another process since (after kill -9 or a
 * power cut): it is the server's if that process stands in the cluster's folder.
 */
bool server_is_running(const struct cluster_place *place)
{
	int pid = read_number(place, "postmaster.pid");
	char link[64];
	char cwd[PATH_SIZE] = "";
	char data[PATH_SIZE];
	struct error ignored;

	snprintf(link, sizeof(link), "/proc/%d/cwd", pid);
	if (pid <= 0 || readlink(link, cwd, sizeof(cwd) - 1) < 0)
		return false;
	return path_join(data, place->dir, "data", &ignored) == FT_OK && strcmp(cwd, data) == 0;
}

/* PostgreSQL will not start beside a pid file whose number some process of the account has. */
static int remove_stale_pid(const char *data, struct error *err)
{
	char path[PATH_SIZE];

	if (path_join(path, data, "postmaster.pid", err) != FT_OK)
		return err->code;
	if (unlink(path) != 0 && errno != ENOENT)
		return error_set(err, FT_FAIL, "cannot remove %s: %s", path, strerror(errno));
	return FT_OK;
}

static int run_pg_ctl(const struct cluster_place *place, const char *const argv[],
		      struct error *err)
{
	char bin[PATH_SIZE];

	if (postgres_find(bin, read_number(place, "PG_VERSION"), err) != FT_OK)
		return err->code;
	return postgres_run(bin, argv, place->dir, err);
}

static int start(const struct cluster_place *place, const char *data, struct error *err)
{
	const char *argv[] = {"pg_ctl", "start",    "-D", "data", "-w",
			      "-t",     START_WAIT, "-s", NULL};
	char sockets[PATH_SIZE];

	if (cluster_sockets(place, sockets, err) != FT_OK ||
	    cluster_make_folder(place, sockets, err) != FT_OK ||
	    write_settings(data, sockets, err) != FT_OK ||
	    write_access(data, place->account, err) != FT_OK ||
	    remove_stale_pid(data, err) != FT_OK)
		return err->code;
	if (run_pg_ctl(place, argv, err) != FT_OK)
		return error_prefix(err, "cannot start the private database in %s", place->dir);
	return FT_OK;
}

int server_conninfo(const struct cluster_place *place, const char *user, const char *database,
		    char out[2 * PATH_SIZE], struct error *err)
{
	char sockets[PATH_SIZE];
	struct buf text;
	bool fits;

	if (cluster_sockets(place, sockets, err) != FT_OK)
		return err->code;
	buf_init(&text, 2 * PATH_SIZE - 1);
	buf_printf(&text, "host='");
	for (const char *p = sockets; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			buf_put_u8(&text, '\\');
		buf_put_u8(&text, (uint8_t)*p);
	}
	/* requirepeer: a socket in /tmp might be another user's. */
	buf_printf(&text, "' port=5432 user=%s dbname=%s requirepeer='%s'", user, database,
		   place->account);
	fits = buf_is_ok(&text);
	snprintf(out, 2 * PATH_SIZE, "%.*s", fits ? (int)text.len : 0, (char *)text.data);
	buf_fini(&text);
	return fits ? FT_OK : error_set(err, FT_FAIL, "path too long: %.80s...", sockets);
}

/*
 * Roles and database, each looked for anew: a start that was killed may have made the first
 * alone. The owner is the only login, so it may act as the others.
 */
static int make_database(struct db *db, struct error *err)
{
	char found[2];

	if (db_run(db,
		   "do $$ begin\n"
		   "if not exists (select from pg_roles where rolname = '" CLUSTER_OWNER
		   "') then\n"
		   "create role " CLUSTER_OWNER " login; create role fluxtrack_ingest;\n"
		   "create role fluxtrack_analyst;\n"
		   "grant fluxtrack_ingest, fluxtrack_analyst to " CLUSTER_OWNER ";\n"
		   "end if; end $$",
		   err) != FT_OK ||
	    db_value(db, "select 1 from pg_database where datname = '" CLUSTER_DATABASE "'", 0,
		     NULL, found, sizeof(found), err) != FT_OK)
		return err->code;
	if (found[0] == '1')
		return FT_OK;
	return db_run(db, "create database " CLUSTER_DATABASE " owner " CLUSTER_OWNER, err);
}

static int ensure_database(const struct cluster_place *place, struct error *err)
{
	char conninfo[2 * PATH_SIZE];
	struct db db;
	int code;

	if (server_conninfo(place, "postgres", "postgres", conninfo, err) != FT_OK ||
	    db_connect(&db, conninfo, err) != FT_OK)
		return err->code;
	code = make_database(&db, err);
	db_close(&db);
	return code;
}

/* Waits for another process that makes, starts or stops the cluster. */
static int lock_place(const struct cluster_place *place, int *fd, struct error *err)
{
	char path[PATH_SIZE];
	int code = path_join(path, place->dir, "lock", err);

	for (int waited_ms = 0; code == FT_OK; waited_ms += POLL_MS) {
		code = file_lock(path, fd, err);
		if (code != FT_AGAIN || waited_ms >= LOCK_WAIT_MS)
			break;
		sleep_ms(POLL_MS);
		*err = (struct error){0};
		code = FT_OK;
	}
	return code;
}

int server_start(const struct cluster_place *place, struct error *err)
{
	char data[PATH_SIZE];
	struct stat st;
	int code = FT_OK;
	int fd;

	if (path_join(data, place->dir, "data", err) != FT_OK ||
	    lock_place(place, &fd, err) != FT_OK)
		return err->code;
	if (stat(data, &st) != 0)
		code = make_cluster(place, data, err);
	if (code == FT_OK && !server_is_running(place))
		code = start(place, data, err);
	if (code == FT_OK)
		code = ensure_database(place, err);
	close(fd);
	return code;
}

int server_stop(const struct cluster_place *place, struct error *err)
{
	static const char *const argv[] = {"pg_ctl", "stop", "-D", "data", "-m",
					   "fast",   "-w",   "-s", NULL};
	int code = FT_OK;
	int fd;

	if (lock_place(place, &fd, err) != FT_OK)
		return err->code;
	if (server_is_running(place) && run_pg_ctl(place, argv, err) != FT_OK)
		code = error_prefix(err, "cannot stop the private database in %s", place->dir);
	close(fd);
	return code;
}
