/* SPDX-License-Identifier: MIT */
/* Migrations on a real server, and what each role may do afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index_home.h"
#include "store/migrate.h"
#include "store/sql_files.h"

static void run(const char *sql)
{
	struct error err = {0};

	if (db_run(&index_db, sql, &err) != FT_OK)
		fail_msg("%s: %s", sql, err.text);
}

static void migrate_well(void)
{
	struct error err = {0};

	if (migrate(&index_db, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void assert_refused(const char *sql)
{
	struct error err = {0};

	assert_int_equal(db_run(&index_db, sql, &err), FT_FAIL);
	assert_string_equal(db_state(&index_db), "42501"); /* insufficient_privilege */
}

static void the_files_are_in_order_with_grants_last(void **state)
{
	(void)state;
	assert_string_equal(sql_files[0].name, "000_ground.sql");
	size_t numbered = 0;

	while (sql_files[numbered].version == (int)numbered && numbered < sql_file_count - 1)
		numbered++;
	assert_true(numbered >= 2);
	assert_string_equal(sql_files[numbered].name, "ingest.sql");
	assert_string_equal(sql_files[sql_file_count - 1].name, "grants.sql");
}

static void all_belongs_to_the_owner_role(void **state)
{
	(void)state;
	assert_string_equal(index_value(&index_db,
					"select count(*) from pg_class where relnamespace = "
					"'fluxtrack'::regnamespace and relowner <> "
					"'fluxtrack_owner'::regrole"),
			    "0");
	assert_string_equal(
		index_value(&index_db, "select max(version) = count(*) from schema_version"),
		"t");
	assert_string_equal(index_value(&index_db,
					"select rolsuper from pg_roles where rolname = "
					"'fluxtrack_owner'"),
			    "f");
}

static void a_second_migration_does_nothing(void **state)
{
	struct error err = {0};
	char before[64];

	(void)state;
	snprintf(before, sizeof(before), "%s",
		 index_value(&index_db, "select max(applied_at) from code_version"));
	assert_int_equal(migrate(&index_db, &err), FT_OK);
	assert_string_equal(index_value(&index_db, "select max(applied_at) from code_version"),
			    before);
}

static void changed_code_is_put_in_place_anew(void **state)
{
	(void)state;
	run("drop function vantage_id; update code_version set sha256 = 'x' where name = "
	    "'ingest.sql'");
	migrate_well();
	assert_string_equal(index_value(&index_db, "select vantage_id('here')"), "1");
	assert_string_equal(index_value(&index_db,
					"select count(*) from code_version where sha256 = "
					"'x'"),
			    "0");
}

static void a_schema_file_that_changed_is_refused(void **state)
{
	struct error err = {0};

	(void)state;
	run("update schema_version set sha256 = 'x'");
	assert_int_equal(migrate(&index_db, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "001_tables.sql"));
}

static void a_newer_schema_is_refused(void **state)
{
	struct error err = {0};

	(void)state;
	run("insert into schema_version (version, name, sha256) values (999, 'later.sql', "
	    "'x')");
	assert_int_equal(migrate(&index_db, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "999"));
}

static void a_failed_migration_leaves_nothing_behind(void **state)
{
	struct error err = {0};

	(void)state;
	run("drop schema fluxtrack cascade; create schema fluxtrack; create table "
	    "fluxtrack.observation (mine integer)");
	assert_int_equal(migrate(&index_db, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "001_tables.sql"));
	assert_string_equal(index_value(&index_db,
					"select count(*) from pg_class where relnamespace = "
					"'fluxtrack'::regnamespace"),
			    "1");
	assert_string_equal(index_value(&index_db,
					"select count(*) from pg_locks where locktype = "
					"'advisory'"),
			    "0");
}

static int migrate_in_child(void)
{
	pid_t child = fork();
	struct error err = {0};
	struct db own;

	if (child != 0)
		return child;
	if (db_connect(&own, index_conninfo, &err) == FT_OK && migrate(&own, &err) == FT_OK)
		_exit(0);
	fprintf(stderr, "%s\n", err.text);
	_exit(1);
}

static void racing_migrators_both_end_well(void **state)
{
	int children[4];
	int status;

	(void)state;
	run("drop schema fluxtrack cascade");
	for (size_t i = 0; i < 4; i++)
		children[i] = migrate_in_child();
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_string_equal(
		index_value(&index_db, "select max(version) = count(*) from schema_version"),
		"t");
}

static void the_ingester_inserts_and_no_more(void **state)
{
	struct error err = {0};

	(void)state;
	run("set role fluxtrack_ingest");
	assert_int_equal(migrate(&index_db, &err), FT_OK);
	assert_string_equal(index_value(&index_db, "select vantage_id('a')"), "1");
	assert_string_equal(index_value(&index_db,
					"select domain_ids('{b,a}', '{followed,NULL}', "
					"'{x=1,NULL}', '{b,a}', now())"),
			    "{1,2}");
	assert_refused("select * from observation");
	assert_refused("select * from domain");
	assert_refused("delete from observation");
	assert_refused("insert into segment default values");
	assert_refused("create table fluxtrack.mine (x integer)");
	assert_refused("select merge_prefixes(null, null, null, null)");
	run("reset role");
}

static void the_analyst_reads_all_and_changes_nothing(void **state)
{
	(void)state;
	run("create table made_later (x integer); create function writes_later() returns void "
	    "language sql as 'delete from made_later'; create function reads_later() returns "
	    "bigint "
	    "stable language sql as 'select count(*) from made_later'; update code_version set "
	    "sha256 = 'x'");
	migrate_well();
	run("set role fluxtrack_analyst");
	assert_string_equal(index_value(&index_db, "select count(*) from observation"), "0");
	assert_string_equal(index_value(&index_db, "select reads_later()"), "0");
	assert_string_equal(
		index_value(&index_db, "select count(*) from origin_of('192.0.2.1', now())"),
		"0");
	assert_refused("select writes_later()");
	assert_refused("select domain_ids('{}', '{}', '{}', '{}', now())");
	assert_refused("select make_partitions(now(), now())");
	assert_refused("insert into vantage (name) values ('x')");
	run("reset role; drop function writes_later, reads_later; drop table made_later");
}

static void ids_do_not_run_out_by_asking(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_string_equal(index_value(&index_db, "select vantage_id('same')"), "1");
	assert_string_equal(index_value(&index_db, "select vantage_id('next')"), "2");
	for (int i = 0; i < 5; i++)
		assert_string_equal(index_value(&index_db,
						"select domain_ids('{same}', '{followed}', "
						"'{}', '{}', now())"),
				    "{1}");
	assert_string_equal(
		index_value(&index_db,
			    "select domain_ids('{next,same}', '{NULL,NULL}', '{}', '{}', "
			    "now())"),
		"{2,1}");
}

static void days_get_partitions_and_wild_clocks_do_not(void **state)
{
	(void)state;
	run("select make_partitions('2008-04-08 23:59:59+00', '2008-04-10 00:00:00+00'); "
	    "select make_partitions('2008-04-08', '2008-04-08'); "
	    "select make_partitions('2000-01-01', '2001-01-01'); "
	    "select make_partitions(now() + interval '3 days', now() + interval '3 days')");
	assert_string_equal(index_value(&index_db,
					"select string_agg(inhrelid::regclass::text, ' ' order "
					"by 1) from (select inhrelid from pg_inherits where "
					"inhparent = 'observation'::regclass order by "
					"inhrelid::regclass::text) p(inhrelid)"),
			    "observation_20080408 observation_20080409 observation_20080410 "
			    "observation_default");
}

static void an_analysts_view_of_status_outlives_new_code(void **state)
{
	(void)state;
	run("create schema if not exists mine; create view mine.worst as select domain, score "
	    "from status; insert into domain (name, role) values ('a.example', 'followed'); "
	    "update code_version set sha256 = 'x'");
	migrate_well();
	assert_string_equal(index_value(&index_db, "select domain from mine.worst"),
			    "a.example");
	run("drop schema mine cascade");
}

static void a_view_that_new_code_would_break_stops_it(void **state)
{
	struct error err = {0};

	(void)state;
	run("create schema if not exists mine; create view mine.figures as select addresses "
	    "from flux_features('a.example'); update code_version set sha256 = 'x'");
	assert_int_equal(migrate(&index_db, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "mine.figures"));
	assert_string_equal(index_value(&index_db, "select to_regclass('mine.figures') is not "
						   "null"),
			    "t");
	run("drop schema mine cascade");
	migrate_well();
}

/* Functions replaced under a score that runs would break it: "cache lookup failed". */
static void new_code_waits_for_a_score_to_end(void **state)
{
	struct error err = {0};
	struct db scorer;

	(void)state;
	index_connect(&scorer);
	assert_int_equal(db_run(&scorer, "begin; select lock_scoring()", &err), FT_OK);
	run("update code_version set sha256 = 'x'; set lock_timeout = '100ms'");
	assert_int_equal(migrate(&index_db, &err), FT_FAIL);
	assert_string_equal(db_state(&index_db), "55P03"); /* lock_not_available */
	run("reset lock_timeout");
	db_close(&scorer);
	migrate_well();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_files_are_in_order_with_grants_last),
		cmocka_unit_test_setup(all_belongs_to_the_owner_role, index_reset_test),
		cmocka_unit_test_setup(a_second_migration_does_nothing, index_reset_test),
		cmocka_unit_test_setup(changed_code_is_put_in_place_anew, index_reset_test),
		cmocka_unit_test_setup(an_analysts_view_of_status_outlives_new_code,
				       index_reset_test),
		cmocka_unit_test_setup(a_view_that_new_code_would_break_stops_it,
				       index_reset_test),
		cmocka_unit_test_setup(new_code_waits_for_a_score_to_end, index_reset_test),
		cmocka_unit_test_setup(a_schema_file_that_changed_is_refused, index_reset_test),
		cmocka_unit_test_setup(a_newer_schema_is_refused, index_reset_test),
		cmocka_unit_test_setup(a_failed_migration_leaves_nothing_behind,
				       index_reset_test),
		cmocka_unit_test_setup(racing_migrators_both_end_well, index_reset_test),
		cmocka_unit_test_setup(the_ingester_inserts_and_no_more, index_reset_test),
		cmocka_unit_test_setup(the_analyst_reads_all_and_changes_nothing,
				       index_reset_test),
		cmocka_unit_test_setup(ids_do_not_run_out_by_asking, index_reset_test),
		cmocka_unit_test_setup(days_get_partitions_and_wild_clocks_do_not,
				       index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
