/* SPDX-License-Identifier: MIT */
/* store/db: which failures are the server's being away, and what is said of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index_home.h"

static void refused(const char *conninfo, int code, const char *words)
{
	struct error err = {0};
	struct db db;

	assert_int_equal(db_connect(&db, conninfo, &err), code);
	assert_null(db.conn);
	if (strstr(err.text, words) == NULL || strchr(err.text, '\n') != NULL ||
	    strstr(err.text, "geheim") != NULL)
		fail_msg("%s", err.text);
}

static void a_server_that_is_away_is_worth_another_try(void **state)
{
	(void)state;
	refused("host=/nonexistent password=geheim", FT_AGAIN, "/nonexistent");
	refused("host=127.0.0.1 port=1 password=geheim", FT_AGAIN, "refused");
}

static void a_wrong_conninfo_is_not(void **state)
{
	char conninfo[4096];

	(void)state;
	refused("host=x sesam=open password=geheim", FT_FAIL, "sesam");
	snprintf(conninfo, sizeof(conninfo), "%s dbname=nothere", index_conninfo);
	refused(conninfo, FT_FAIL, "nothere");
	snprintf(conninfo, sizeof(conninfo), "%s user=stranger", index_conninfo);
	refused(conninfo, FT_FAIL, "stranger");
}

/* Answers one start-up as a server of version 13 would. */
static void serve_old_version(int listener)
{
	static const char hello[] = "R\0\0\0\10\0\0\0\0"
				    "S\0\0\0\30server_version\00013.4\0"
				    "Z\0\0\0\5I";
	char request[1024];
	int fd = accept(listener, NULL, NULL);

	if (read(fd, request, sizeof(request)) > 0 &&
	    write(fd, hello, sizeof(hello) - 1) == (ssize_t)sizeof(hello) - 1)
		(void)!read(fd, request, sizeof(request));
	_exit(0);
}

static void an_old_server_is_refused_by_name(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	char conninfo[128];
	pid_t child;

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	child = fork();
	if (child == 0)
		serve_old_version(listener);
	snprintf(conninfo, sizeof(conninfo),
		 "host=127.0.0.1 port=%u user=x dbname=x sslmode=disable gssencmode=disable",
		 ntohs(address.sin_port));
	refused(conninfo, FT_FAIL, "PostgreSQL 13; fluxtrack needs 15");
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(listener);
}

static void a_lost_connection_is_worth_another_try(void **state)
{
	struct error err = {0};
	struct db db;

	(void)state;
	index_connect(&db);
	assert_int_equal(db_run(&db, "select pg_terminate_backend(pg_backend_pid())", &err),
			 FT_AGAIN);
	assert_int_equal(db_run(&db, "select 1", &err), FT_AGAIN);
	db_close(&db);
}

static void a_full_server_is_worth_another_try(void **state)
{
	static const char *const states[] = {"08006", "40P01", "53100", "57P03"};
	struct error err = {0};
	char sql[128];
	struct db db;

	(void)state;
	index_connect(&db);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		snprintf(sql, sizeof(sql),
			 "do $$ begin raise exception using errcode = '%s'; end $$", states[i]);
		assert_int_equal(db_run(&db, sql, &err), FT_AGAIN);
	}
	db_close(&db);
}

static void the_servers_words_and_state_are_kept(void **state)
{
	const char *params[] = {"a\nb"};
	char out[4];
	struct error err = {0};
	struct db db;

	(void)state;
	index_connect(&db);
	assert_int_equal(db_run(&db, "select 1; select 1/0", &err), FT_FAIL);
	assert_string_equal(err.text, "database: division by zero");
	assert_string_equal(db_state(&db), "22012");
	assert_int_equal(db_value(&db, "select $1::int", 1, params, out, sizeof(out), &err),
			 FT_FAIL);
	assert_null(strchr(err.text, '\n'));
	assert_int_equal(db_value(&db, "select 'four'", 0, NULL, out, sizeof(out), &err),
			 FT_FAIL);
	assert_int_equal(db_value(&db, "select null", 0, NULL, out, sizeof(out), &err), FT_OK);
	assert_string_equal(out, "");
	db_close(&db);
}

static void a_failed_transaction_does_not_pass_for_committed(void **state)
{
	struct error err = {0};
	struct db db;

	(void)state;
	index_connect(&db);
	assert_int_equal(db_begin(&db, &err), FT_OK);
	assert_int_equal(db_run(&db, "select 1/0", &err), FT_FAIL);
	assert_int_equal(db_commit(&db, &err), FT_FAIL);
	db_close(&db);
}

static void rows_go_out_and_a_full_disk_is_said(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	FILE *out = tmpfile();
	struct error err = {0};
	char text[64] = "";
	struct db db;

	(void)state;
	index_connect(&db);
	assert_int_equal(
		db_copy_out(&db, "copy (select 1, 'a,b') to stdout (format csv)", out, &err),
		FT_OK);
	rewind(out);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, out), 8);
	assert_string_equal(text, "1,\"a,b\"\n");
	assert_int_equal(db_copy_out(&db,
				     "copy (select repeat('x', 1000) from "
				     "generate_series(1, 1000)) to stdout",
				     full, &err),
			 FT_FAIL);
	assert_string_equal(index_value(&db, "select 1"), "1");
	fclose(full);
	fclose(out);
	db_close(&db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_is_away_is_worth_another_try),
		cmocka_unit_test(a_wrong_conninfo_is_not),
		cmocka_unit_test(an_old_server_is_refused_by_name),
		cmocka_unit_test(a_lost_connection_is_worth_another_try),
		cmocka_unit_test(a_full_server_is_worth_another_try),
		cmocka_unit_test(the_servers_words_and_state_are_kept),
		cmocka_unit_test(a_failed_transaction_does_not_pass_for_committed),
		cmocka_unit_test(rows_go_out_and_a_full_disk_is_said),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
