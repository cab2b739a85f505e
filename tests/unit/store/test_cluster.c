/* SPDX-License-Identifier: MIT */
/* The private PostgreSQL: made, started, found, stopped, and back after violence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "index_home.h"
#include "store/cluster.h"
#include "store/cluster_place.h"

static void start(const char *home)
{
	struct error err = {0};

	if (cluster_start(home, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void stop(const char *home)
{
	struct error err = {0};

	if (cluster_stop(home, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void connect_home(struct db *db, const char *home)
{
	char conninfo[2048];
	struct error err = {0};

	if (cluster_conninfo(home, conninfo, sizeof(conninfo), &err) != FT_OK ||
	    db_connect(db, conninfo, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static pid_t postmaster(void)
{
	char path[2 * PATH_SIZE];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/pg/data/postmaster.pid", index_home);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	return pid;
}

static void starting_and_stopping_twice_is_fine(void **state)
{
	struct db db;
	pid_t pid = postmaster();

	(void)state;
	start(index_home);
	assert_int_equal(postmaster(), pid);
	assert_true(cluster_is_running(index_home));
	stop(index_home);
	stop(index_home);
	assert_false(cluster_is_running(index_home));
	start(index_home);
	connect_home(&db, index_home);
	assert_string_equal(
		index_value(&db, "select current_user || ' ' || current_database()"),
		"fluxtrack_owner fluxtrack");
	db_close(&db);
}

static void it_is_kept_safely_and_to_itself(void **state)
{
	char path[2 * PATH_SIZE];
	struct stat st;
	struct db db;

	(void)state;
	connect_home(&db, index_home);
	assert_string_equal(
		index_value(&db,
			    "select string_agg(setting, ' ' order by name) from pg_settings "
			    "where name in ('data_checksums', 'fsync', 'listen_addresses', "
			    "'server_encoding', 'synchronous_commit')"),
		"on on  UTF8 on");
	assert_string_equal(index_value(&db, "select datcollate from pg_database where datname "
					     "= current_database()"),
			    "C");
	db_close(&db);
	assert_int_equal(stat(index_home, &st), 0);
	assert_int_equal(st.st_mode & 07, 0);
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = {"pg", "pg/data", "pg/run"};

		snprintf(path, sizeof(path), "%s/%s", index_home, names[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0700);
	}
}

static void it_starts_again_after_kill_9(void **state)
{
	struct db db;
	pid_t pid = postmaster();

	(void)state;
	connect_home(&db, index_home);
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (kill(pid, 0) == 0)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	assert_false(cluster_is_running(index_home));
	start(index_home);
	db_close(&db);
	connect_home(&db, index_home);
	assert_string_equal(index_value(&db, "select 1"), "1");
	db_close(&db);
}

/* A process of the server's account that has nothing to do with it. */
static pid_t stranger(uid_t uid)
{
	pid_t child = fork();

	if (child == 0) {
		alarm(60); /* should the test fail and forget it */
		if (setuid(uid) != 0)
			_exit(1);
		pause();
	}
	return child;
}

static void a_stale_pid_file_does_not_stop_it(void **state)
{
	char path[2 * PATH_SIZE];
	struct stat st;
	FILE *file;
	pid_t child;

	(void)state;
	stop(index_home);
	snprintf(path, sizeof(path), "%s/pg/data", index_home);
	assert_int_equal(stat(path, &st), 0);
	child = stranger(st.st_uid);
	snprintf(path, sizeof(path), "%s/pg/data/postmaster.pid", index_home);
	file = fopen(path, "w");
	fprintf(file, "%d\n%s/pg/data\n1\n5432\n\n\n", child, index_home);
	fclose(file);
	assert_int_equal(chown(path, st.st_uid, st.st_gid), 0);
	assert_false(cluster_is_running(index_home));
	start(index_home);
	assert_true(cluster_is_running(index_home));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void two_that_start_it_at_once_get_one_server(void **state)
{
	char home[PATH_SIZE];
	pid_t children[2];
	int status;

	(void)state;
	temp_home(home);
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			struct error err = {0};
			int code = cluster_start(home, &err);

			fputs(err.text, stderr);
			_exit(code == FT_OK ? 0 : 1);
		}
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	stop(home);
	temp_home_remove(home);
}

static void a_long_or_odd_path_is_fine(void **state)
{
	char home[PATH_SIZE];
	char deep[2 * PATH_SIZE];
	char sockets[PATH_SIZE];
	struct cluster_place place;
	struct error err = {0};
	struct db db;

	(void)state;
	temp_home(home);
	snprintf(deep, sizeof(deep),
		 "%s/it's \"a\" back\\slash and a name of a hundred octets or "
		 "more, too long for the path of any socket",
		 home);
	assert_int_equal(mkdir(deep, 0750), 0);
	assert_int_equal(chown(home, (uid_t)-1, getegid()), 0);
	assert_int_equal(chmod(home, 0755), 0);
	start(deep);
	connect_home(&db, deep);
	assert_string_equal(index_value(&db, "select 1"), "1");
	db_close(&db);
	stop(deep);
	assert_int_equal(cluster_find(deep, &place, &err), FT_OK);
	assert_int_equal(cluster_sockets(&place, sockets, &err), FT_OK);
	assert_int_equal(strncmp(sockets, "/tmp/fluxtrack-", 15), 0);
	temp_home_remove(sockets);
	temp_home_remove(home);
}

static void a_closed_home_links_to_a_cluster_elsewhere(void **state)
{
	char home[PATH_SIZE];
	char link[2 * PATH_SIZE];
	char target[PATH_SIZE] = "";
	struct stat st;
	struct db db;

	(void)state;
	if (geteuid() != 0)
		skip();
	temp_home(home);
	assert_int_equal(chmod(home, 0700), 0);
	start(home);
	snprintf(link, sizeof(link), "%s/pg", home);
	assert_true(readlink(link, target, sizeof(target) - 1) > 0);
	assert_int_equal(strncmp(target, "/var/lib/fluxtrack/pg-", 22), 0);
	assert_int_equal(stat("/var/lib/fluxtrack", &st), 0);
	assert_int_equal(st.st_mode & 07, 0);
	connect_home(&db, home);
	assert_string_equal(index_value(&db, "select 1"), "1");
	db_close(&db);
	stop(home);
	temp_home_remove(target);
	temp_home_remove(home);
}

/* The rest of the test as an ordinary user; 0 where all went well. */
static int use_as_nobody(const char *home, const struct passwd *nobody)
{
	struct error err = {0};
	char conninfo[2048];
	struct db db;

	if (setgroups(0, NULL) != 0 || setgid(nobody->pw_gid) != 0 ||
	    setuid(nobody->pw_uid) != 0)
		return 2;
	if (cluster_start(home, &err) == FT_OK && cluster_is_running(home) &&
	    cluster_conninfo(home, conninfo, sizeof(conninfo), &err) == FT_OK &&
	    db_connect(&db, conninfo, &err) == FT_OK) {
		db_close(&db);
		return cluster_stop(home, &err) == FT_OK ? 0 : 1;
	}
	fprintf(stderr, "%s\n", err.text);
	return 1;
}

static void an_ordinary_user_has_one_too_and_root_can_use_it(void **state)
{
	const struct passwd *nobody = getpwnam("nobody");
	char home[PATH_SIZE];
	struct db db;
	pid_t child;
	int status;

	(void)state;
	if (geteuid() != 0 || nobody == NULL)
		skip();
	temp_home(home);
	assert_int_equal(chown(home, nobody->pw_uid, nobody->pw_gid), 0);
	child = fork();
	if (child == 0)
		_exit(use_as_nobody(home, nobody));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	start(home);
	connect_home(&db, home);
	db_close(&db);
	stop(home);
	temp_home_remove(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starting_and_stopping_twice_is_fine),
		cmocka_unit_test(it_is_kept_safely_and_to_itself),
		cmocka_unit_test(it_starts_again_after_kill_9),
		cmocka_unit_test(a_stale_pid_file_does_not_stop_it),
		cmocka_unit_test(two_that_start_it_at_once_get_one_server),
		cmocka_unit_test(a_long_or_odd_path_is_fine),
		cmocka_unit_test(a_closed_home_links_to_a_cluster_elsewhere),
		cmocka_unit_test(an_ordinary_user_has_one_too_and_root_can_use_it),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
