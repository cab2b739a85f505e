/* SPDX-License-Identifier: MIT */
/* The loader on a real server: every segment exactly once, whatever happens around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "index_home.h"
#include "store/cluster.h"
#include "store/loader.h"

#define KILLS 20

/* All that a segment says, without the keys that depend on the order of loading. */
#define DUMP                                                                                   \
	"select md5(string_agg(r, '|' order by r)) from (select row(s.uuid, o.record, "        \
	"d.name, "                                                                             \
	"d.role, d.tags, v.address, v.port, n.name, o.observed_at, o.qtype, o.rcode, "         \
	"o.flags, "                                                                            \
	"o.anomalies, o.outcome, o.over_tcp, o.ttl, o.rtt, o.soa_serial, o.soa_retry, "        \
	"o.addresses, o.names)::text as r from observation o join segment s on s.id = "        \
	"o.segment_id join domain d on d.id = o.domain_id join resolver v on v.id = "          \
	"o.resolver_id join vantage n on n.id = o.vantage_id) x"

static void load_all(struct loader_totals *totals)
{
	struct error err = {0};

	*totals = (struct loader_totals){0};
	if (loader_load_spool(&index_db, index_home, totals, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static size_t count_files(const char *pattern)
{
	char path[2 * PATH_SIZE];
	glob_t found = {0};
	size_t count;

	snprintf(path, sizeof(path), "%s/%s", index_home, pattern);
	glob(path, 0, NULL, &found);
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

/* Puts the archive back into the spool, as one would to load it anew. */
static void unarchive(void)
{
	char path[2 * PATH_SIZE];
	glob_t found = {0};

	snprintf(path, sizeof(path), "%s/archive/*/*.seg", index_home);
	assert_int_equal(glob(path, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s/spool%s", index_home,
			 strrchr(found.gl_pathv[i], '/'));
		assert_int_equal(rename(found.gl_pathv[i], path), 0);
	}
	globfree(&found);
}

static void a_lookup_becomes_a_row(void **state)
{
	struct loader_totals totals;

	(void)state;
	make_segment(1, 0, 300);
	load_all(&totals);
	assert_int_equal(totals.segments, 1);
	assert_int_equal(totals.rows, 300);
	assert_string_equal(index_value(&index_db, "select count(*) from observation"), "300");
	/* 15 octets of name: the addresses begin at 81.0.0.15 (see put_reply). */
	assert_string_equal(
		index_value(
			&index_db,
			"select row(s.sequence, o.record, d.name, d.role, v.address, v.port, "
			"n.name, o.observed_at, o.qtype, o.rcode, o.flags, o.anomalies, "
			"o.outcome, o.over_tcp, o.ttl, o.rtt, o.soa_serial, o.addresses, "
			"o.names)::text from observation o join segment s on s.id = "
			"o.segment_id join domain d on d.id = o.domain_id join resolver v on "
			"v.id = o.resolver_id join vantage n on n.id = o.vantage_id "
			"where d.name = 'name7.example'"),
		"(1,9,name7.example,nameserver,127.0.0.1,53,test,\"2008-04-08 "
		"12:00:00.007+00\",1,0,33152,0,answered,f,300,1500,,\"{81.0.0.15,81.1.0.16,"
		"81.2.0.17,81.3.0.18,81.4.0.19}\",)");
	assert_string_equal(
		index_value(&index_db, "select tableoid::regclass from observation limit 1"),
		"observation_20080408");
	assert_int_equal(count_files("spool/*.seg"), 0);
	assert_int_equal(count_files("archive/2008-04-08/*.seg"), 1);
	assert_string_equal(index_value(&index_db, "select version from run"), "0.1.0");
}

static void the_ledger_has_the_sha256_of_the_file(void **state)
{
	struct loader_totals totals;
	char command_out[65] = "";
	char path[2 * PATH_SIZE];
	glob_t found = {0};
	FILE *pipe;

	(void)state;
	make_segment(1, 0, 3);
	load_all(&totals);
	snprintf(path, sizeof(path), "%s/archive/*/*.seg", index_home);
	assert_int_equal(glob(path, 0, NULL, &found), 0);
	snprintf(path, sizeof(path), "sha256sum %s", found.gl_pathv[0]);
	globfree(&found);
	pipe = popen(path, "r");
	assert_int_equal(fread(command_out, 1, 64, pipe), 64);
	pclose(pipe);
	assert_string_equal(index_value(&index_db, "select encode(sha256, 'hex') from segment"),
			    command_out);
}

static void loading_twice_changes_nothing(void **state)
{
	struct loader_totals totals;
	char before[64];

	(void)state;
	make_segment(1, 0, 300);
	make_segment(2, 150, 300);
	load_all(&totals);
	snprintf(before, sizeof(before), "%s", index_value(&index_db, DUMP));
	unarchive();
	load_all(&totals);
	assert_int_equal(totals.segments, 0);
	assert_int_equal(totals.known, 2);
	assert_int_equal(totals.rows, 0);
	assert_string_equal(index_value(&index_db, DUMP), before);
	assert_int_equal(count_files("spool/*.seg"), 0);
}

static void the_archive_gives_the_same_rows_in_any_order(void **state)
{
	char path[2 * PATH_SIZE];
	struct loader_totals totals = {0};
	struct error err = {0};
	char before[64];
	glob_t found = {0};

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		make_segment(i, 100 * i, 150);
	load_all(&totals);
	snprintf(before, sizeof(before), "%s", index_value(&index_db, DUMP));
	unarchive();
	if (db_run(&index_db,
		   "truncate observation, segment, domain, resolver, vantage, run cascade",
		   &err) != FT_OK)
		fail_msg("%s", err.text);
	snprintf(path, sizeof(path), "%s/spool/*.seg", index_home);
	assert_int_equal(glob(path, 0, NULL, &found), 0);
	for (size_t i = found.gl_pathc; i > 0; i--)
		assert_int_equal(
			loader_load_file(&index_db, found.gl_pathv[i - 1], &totals, &err),
			FT_OK);
	globfree(&found);
	assert_string_equal(index_value(&index_db, DUMP), before);
}

/* A loader process of its own; 0 where it ended well. */
static pid_t fork_loader(void)
{
	pid_t child = fork();
	struct loader_totals totals = {0};
	struct error err = {0};
	struct db own;

	if (child != 0)
		return child;
	if (db_connect(&own, index_conninfo, &err) != FT_OK ||
	    loader_load_spool(&own, index_home, &totals, &err) != FT_OK)
		fprintf(stderr, "loader: %s\n", err.text);
	_exit(err.code == FT_OK ? 0 : 1);
}

static int wait_for(pid_t child)
{
	int status = -1;

	waitpid(child, &status, 0);
	return status;
}

static void two_loaders_load_each_segment_once(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		pid_t children[2];

		for (unsigned i = 0; i < 12; i++)
			make_segment(100 * round + i, 37 * i, 200);
		children[0] = fork_loader();
		children[1] = fork_loader();
		assert_int_equal(wait_for(children[0]), 0);
		assert_int_equal(wait_for(children[1]), 0);
	}
	assert_string_equal(index_value(&index_db, "select count(*) from segment"), "36");
	assert_string_equal(index_value(&index_db, "select count(*) from observation"), "7200");
	assert_string_equal(index_value(&index_db,
					"select count(distinct (segment_id, record)) from "
					"observation"),
			    "7200");
	assert_string_equal(index_value(&index_db, "select count(*) from domain"), "607");
	assert_int_equal(count_files("spool/*.seg"), 0);
}

static void two_segments_that_add_the_same_names_do_not_deadlock(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 5; round++) {
		pid_t child;

		make_segment(10 + round, 5000 * round, 4000);
		make_segment(50 + round, 5000 * round, 4000);
		child = fork_loader();
		assert_int_equal(wait_for(fork_loader()), 0);
		assert_int_equal(wait_for(child), 0);
	}
	assert_string_equal(index_value(&index_db, "select count(*) from domain"), "20000");
	assert_string_equal(index_value(&index_db, "select count(*) from observation"),
			    "40000");
}

static void a_killed_loader_loses_and_doubles_nothing(void **state)
{
	struct loader_totals totals;

	(void)state;
	srand(1);
	for (unsigned i = 0; i < 2 * KILLS; i++)
		make_segment(i, 1000 * i, 1000);
	for (unsigned i = 0; i < KILLS; i++) {
		pid_t child = fork_loader();

		nanosleep(&(struct timespec){.tv_nsec = rand() % 60 * 1000000L}, NULL);
		kill(child, SIGKILL);
		wait_for(child);
	}
	load_all(&totals);
	assert_string_equal(index_value(&index_db, "select count(*) from observation"),
			    "40000");
	assert_string_equal(index_value(&index_db, "select count(*) from segment"), "40");
	assert_string_equal(index_value(&index_db,
					"select count(distinct (segment_id, record)) from "
					"observation"),
			    "40000");
	assert_int_equal(count_files("spool/*.seg"), 0);
}

static void roles_and_tags_do_not_depend_on_the_order(void **state)
{
	static const char *const told[] = {"family=old x=1", "family=kraken note=a\"b\\c"};
	struct loader_totals totals;

	(void)state;
	for (int order = 0; order < 2; order++) {
		for (int i = 0; i < 2; i++) {
			int newer = order == 0 ? i : 1 - i;
			struct buf out;
			struct name name;
			struct segment_target target = {.name = name.wire,
							.role = TARGET_FOLLOWED,
							.tags = told[newer],
							.tags_len = strlen(told[newer])};

			segment_begin(&out, (unsigned)(10 + newer));
			test_name(&name, 0);
			segment_put_target(&out, &target);
			test_name(&name, 1);
			target.role = TARGET_NAMESERVER;
			target.tags_len = 0;
			segment_put_target(&out, &target);
			segment_write(&out, (unsigned)(10 + newer), 4);
			make_segment((unsigned)(20 + newer), 0, 3);
			load_all(&totals);
		}
		assert_string_equal(
			index_value(&index_db, "select string_agg(row(name, role, family, "
					       "tags)::text, ' ' order by name) from domain"),
			"(name0.example,followed,kraken,\"{\"\"note\"\": "
			"\"\"a\\\\\"\"b\\\\\\\\c\"\", \"\"family\"\": \"\"kraken\"\"}\") "
			"(name1.example,nameserver,,{}) (name2.example,nameserver,,{})");
		index_reset();
	}
}

static void a_broken_segment_is_left_and_the_others_go_on(void **state)
{
	struct loader loader = {.db = &index_db, .home = index_home};
	struct error err = {0};
	char path[2 * PATH_SIZE];
	FILE *file;

	(void)state;
	for (unsigned i = 1; i <= 3; i++)
		make_segment(i, 10 * i, 10);
	snprintf(path, sizeof(path), "%s/spool/20080408T120000Z-00000002.seg", index_home);
	file = fopen(path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, 400, SEEK_SET), 0);
	fputs("garbage", file);
	fclose(file);
	assert_int_equal(loader_load_new(&loader, &err), FT_OK);
	assert_int_equal(loader.totals.segments, 2);
	assert_int_equal(loader.totals.broken, 1);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(loader_load_new(&loader, &err), FT_OK);
	assert_int_equal(loader.totals.broken, 1);
	loader_fini(&loader);
	assert_string_equal(index_value(&index_db, "select count(*) from observation"), "20");
	assert_string_equal(index_value(&index_db, "select count(*) from segment"), "2");
}

static void a_hostile_segment_loads(void **state)
{
	static const uint8_t odd[] = {4, 0xff, 0, '"', '\\', 1, '.', 3, '{', ',', '}', 0};
	struct loader_totals totals;
	struct buf out;
	struct buf msg;
	struct segment_jump jump = {.wall_us = INT64_C(4102444800000000),
				    .jumped_us = INT64_MIN};
	struct lookup lookup = {
		.qname = odd,
		.qtype = QTYPE_A,
		.server = {.ip = {.family = 6, .bytes = {0x20, 1, 0xd, 0xb8}}, .port = 65535},
		.asked_wall_us = INT64_C(4102444800000000), /* 2100-01-01 */
		.rtt_us = UINT32_MAX,
	};

	(void)state;
	segment_begin(&out, 1);
	buf_init(&msg, 128 * 1024);
	put_reply(&msg, &lookup, 4090, UINT32_MAX);
	segment_put_lookup(&out, &lookup);
	lookup.qtype = 65535;
	put_reply(&msg, &lookup, 0, 0);
	segment_put_lookup(&out, &lookup);
	lookup.msg_len = 3;
	segment_put_lookup(&out, &lookup);
	segment_put_jump(&out, &jump);
	segment_write(&out, 1, 6);
	buf_fini(&msg);
	load_all(&totals);
	assert_int_equal(totals.rows, 3);
	assert_string_equal(index_value(&index_db, "select name from domain"),
			    "\\255\\000\"\\092.\\046.{,}");
	assert_string_equal(index_value(&index_db,
					"select row(observed_at, qtype, ttl, rtt, "
					"cardinality(addresses))::text from observation "
					"where record = 2"),
			    "(\"2100-01-01 00:00:00+00\",1,0,2147483647,4090)");
	assert_string_equal(
		index_value(&index_db, "select qtype from observation where record = 3"),
		"65535");
	assert_string_equal(
		index_value(&index_db, "select outcome from observation where record = 4"),
		"malformed");
	assert_string_equal(
		index_value(&index_db, "select distinct tableoid::regclass from observation"),
		"observation_default");
	assert_string_equal(index_value(&index_db, "select count(*) from clock_jump"), "1");
}

static void the_loader_works_as_the_insert_only_role(void **state)
{
	struct segment_jump jump = {.wall_us = INT64_C(1207656000000000),
				    .jumped_us = -2500000};
	struct loader_totals totals;
	struct error err = {0};
	struct buf out;

	(void)state;
	assert_int_equal(
		db_run(&index_db,
		       "create function who() returns trigger language plpgsql as $$ begin "
		       "perform set_config('test.who', current_user, false); return new; end "
		       "$$; create trigger who before insert on clock_jump for each row "
		       "execute function who()",
		       &err),
		FT_OK);
	segment_begin(&out, 1);
	segment_put_jump(&out, &jump);
	segment_write(&out, 1, 3);
	load_all(&totals);
	assert_string_equal(index_value(&index_db, "select current_setting('test.who')"),
			    "fluxtrack_ingest");
	assert_string_equal(index_value(&index_db, "select current_user"), "fluxtrack_owner");
	assert_string_equal(index_value(&index_db, "select jumped from clock_jump"),
			    "-00:00:02.5");
}

static void the_thread_outlives_a_stopped_server(void **state)
{
	struct error err = {0};
	struct loader_totals totals;
	struct loader_thread *thread = loader_start(index_conninfo, index_home, &err);

	(void)state;
	assert_non_null(thread);
	make_segment(1, 0, 100);
	sleep(2);
	assert_int_equal(count_files("spool/*.seg"), 0);
	db_close(&index_db);
	assert_int_equal(cluster_stop(index_home, &err), FT_OK);
	make_segment(2, 100, 100);
	sleep(2);
	assert_int_equal(count_files("spool/*.seg"), 1);
	assert_int_equal(cluster_start(index_home, &err), FT_OK);
	assert_int_equal(loader_stop(thread, &totals, &err), FT_OK);
	assert_int_equal(totals.segments, 2);
	index_connect(&index_db);
	assert_string_equal(index_value(&index_db, "select count(*) from observation"), "200");
}

static void stopping_while_the_server_is_away_says_try_again(void **state)
{
	struct error err = {0};
	struct loader_totals totals;
	struct loader_thread *thread = loader_start("host=/nonexistent", index_home, &err);

	(void)state;
	assert_non_null(thread);
	make_segment(1, 0, 10);
	assert_int_equal(loader_stop(thread, &totals, &err), FT_AGAIN);
	assert_non_null(strstr(err.text, "/nonexistent"));
	assert_int_equal(count_files("spool/*.seg"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_lookup_becomes_a_row, index_reset_test),
		cmocka_unit_test_setup(the_ledger_has_the_sha256_of_the_file, index_reset_test),
		cmocka_unit_test_setup(loading_twice_changes_nothing, index_reset_test),
		cmocka_unit_test_setup(the_archive_gives_the_same_rows_in_any_order,
				       index_reset_test),
		cmocka_unit_test_setup(two_loaders_load_each_segment_once, index_reset_test),
		cmocka_unit_test_setup(two_segments_that_add_the_same_names_do_not_deadlock,
				       index_reset_test),
		cmocka_unit_test_setup(a_killed_loader_loses_and_doubles_nothing,
				       index_reset_test),
		cmocka_unit_test_setup(roles_and_tags_do_not_depend_on_the_order,
				       index_reset_test),
		cmocka_unit_test_setup(a_broken_segment_is_left_and_the_others_go_on,
				       index_reset_test),
		cmocka_unit_test_setup(a_hostile_segment_loads, index_reset_test),
		cmocka_unit_test_setup(the_loader_works_as_the_insert_only_role,
				       index_reset_test),
		cmocka_unit_test_setup(the_thread_outlives_a_stopped_server, index_reset_test),
		cmocka_unit_test_setup(stopping_while_the_server_is_away_says_try_again,
				       index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
