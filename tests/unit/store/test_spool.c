/* SPDX-License-Identifier: MIT */
/* spool: what counts, when it is synced and sealed, and what a failing disk does to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "spool_home.h"

#define SECOND_US INT64_C(1000000)
/* Octets of a numbered lookup: frame, fixed fields, name, message (store/segment.h). */
#define RECORD_LEN (9 + 32 + 14 + 120)

static struct census census; /* large; taken anew where used */

static void commit_ok(struct spool *spool)
{
	struct error err = {0};

	if (spool_commit(spool, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void close_ok(struct spool *spool)
{
	struct error err = {0};

	if (spool_close(spool, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void assert_each_once(const char *home, uint32_t count)
{
	take_census(home, &census);
	assert_int_equal(census.lookups, count);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(census.times[i], 1);
}

static void records_are_sealed_at_close(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	assert_int_equal(home_count(home, "spool", ".part"), 1);
	append_number(spool, 0);
	commit_ok(spool);
	append_number(spool, 1); /* never committed but by the close */
	close_ok(spool);
	assert_int_equal(home_count(home, "spool", ".part"), 0);
	assert_int_equal(home_count(home, "spool", "20080408T120000Z-000000001.seg"), 1);
	assert_each_once(home, 2);
	home_remove(home);
}

static void an_empty_spool_leaves_no_segment(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	for (int i = 0; i < 100; i++) {
		time_passes(SECOND_US);
		commit_ok(spool);
	}
	assert_int_equal(faults.calls[FAULT_FDATASYNC], 0);
	close_ok(spool);
	assert_int_equal(home_count(home, "spool", ".part"), 0);
	assert_int_equal(home_count(home, "spool", ".seg"), 0);
	home_remove(home);
}

static void a_commit_is_one_write_and_syncs_come_in_groups(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	faults_clear();
	for (uint32_t i = 0; i < 100; i++) {
		append_number(spool, 3 * i);
		append_number(spool, 3 * i + 1);
		append_number(spool, 3 * i + 2);
		commit_ok(spool);
		time_passes(SECOND_US / 50);
	}
	/* 2 s of commits: a sync a second after the first write, and no more; chain saved once
	 */
	assert_int_equal(faults.calls[FAULT_FDATASYNC], 1);
	assert_int_equal(faults.calls[FAULT_WRITE], 100 + 1);
	close_ok(spool);
	assert_each_once(home, 300);
	home_remove(home);
}

static void four_mebibytes_are_synced_at_once(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	faults_clear();
	for (uint32_t i = 0; i < 20000; i++)
		append_number(spool, i);
	commit_ok(spool);
	assert_int_equal(faults.calls[FAULT_FDATASYNC], 0);
	for (uint32_t i = 20000; i < 30000; i++)
		append_number(spool, i);
	commit_ok(spool);
	assert_int_equal(faults.calls[FAULT_FDATASYNC], 1);
	close_ok(spool);
	assert_each_once(home, 30000);
	home_remove(home);
}

static void segments_are_sealed_by_age_and_by_size(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 10000);
	assert_non_null(spool);
	append_number(spool, 0);
	commit_ok(spool);
	time_passes(10 * SECOND_US - 1);
	commit_ok(spool);
	assert_int_equal(home_count(home, "spool", ".seg"), 0);
	time_passes(1);
	commit_ok(spool);
	assert_int_equal(home_count(home, "spool", ".seg"), 1);
	for (uint32_t i = 1; i < 200; i++) {
		append_number(spool, i);
		commit_ok(spool);
	}
	assert_int_equal(home_count(home, "spool", ".seg"), 1 + 199 / (10000 / RECORD_LEN + 1));
	close_ok(spool);
	assert_each_once(home, 200);
	home_remove(home);
}

static void the_collector_and_the_chain_outlast_the_process(void **state)
{
	char home[PATH_SIZE];

	(void)state;
	home_make(home);
	for (uint32_t i = 0; i < 5; i++) {
		struct spool *spool = home_open_spool(home, 0);

		assert_non_null(spool);
		append_number(spool, i);
		close_ok(spool);
	}
	assert_each_once(home, 5); /* the census checks sequence and chain */
	assert_int_equal(census.segments, 5);
	home_remove(home);
}

static void a_jump_of_the_wall_clock_is_recorded(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	append_number(spool, 0);
	commit_ok(spool);
	time_passes(3600 * SECOND_US); /* a long sleep is no jump */
	test_wall_us += SECOND_US;     /* nor is a second */
	append_number(spool, 1);
	commit_ok(spool);
	test_wall_us -= 2 * SECOND_US;
	append_number(spool, 2);
	commit_ok(spool);
	append_number(spool, 3);
	commit_ok(spool);
	close_ok(spool);
	assert_each_once(home, 4);
	assert_int_equal(census.jumps, 1);
	assert_true(census.jumped_us == -2 * SECOND_US);
	home_remove(home);
}

static void a_bad_vantage_is_refused(void **state)
{
	struct spool_options options = {.clock = &test_clock};
	char home[PATH_SIZE];
	char vantage[VANTAGE_MAX + 2] = "";
	struct error err = {0};

	(void)state;
	home_make(home);
	options.home = home;
	options.vantage = "new\nline";
	assert_null(spool_open(&options, &err));
	assert_int_equal(err.code, FT_USAGE);
	memset(vantage, 'v', VANTAGE_MAX + 1);
	options.vantage = vantage;
	assert_null(spool_open(&options, &err));
	assert_int_equal(err.code, FT_USAGE);
	assert_int_equal(home_count(home, "spool", ".part"), 0);
	home_remove(home);
}

static void a_record_that_cannot_be_kept_is_said_and_spoils_nothing(void **state)
{
	struct segment_target target = {
		.name = (const uint8_t *)"\1a", .tags = "\n", .tags_len = 1};
	char home[PATH_SIZE];
	struct spool *spool;
	struct error err = {0};

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	append_number(spool, 0);
	spool_append_target(spool, &target);
	append_number(spool, 1);
	assert_int_equal(spool_commit(spool, &err), FT_FAIL);
	commit_ok(spool);
	close_ok(spool);
	assert_each_once(home, 2);
	home_remove(home);
}

static void no_room_at_the_start_is_said(void **state)
{
	struct spool_options options = {.vantage = "v", .clock = &test_clock};
	char home[PATH_SIZE];
	struct error err = {0};

	(void)state;
	home_make(home);
	options.home = home;
	faults.kind = FAULT_FALLOCATE;
	faults.error = ENOSPC;
	faults.first = 1;
	faults.count = 1;
	assert_null(spool_open(&options, &err));
	assert_int_equal(err.code, FT_AGAIN);
	assert_non_null(strstr(err.text, "no room"));
	assert_int_equal(home_count(home, "spool", ".part"), 0);
	home_remove(home);
}

static void a_file_system_that_cannot_reserve_will_do(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	faults.kind = FAULT_FALLOCATE;
	faults.error = EOPNOTSUPP;
	faults.first = 1;
	faults.count = 1000;
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	append_number(spool, 0);
	commit_ok(spool);
	assert_false(spool_is_full(spool));
	close_ok(spool);
	assert_each_once(home, 1);
	home_remove(home);
}

static void a_full_disk_stops_asking_but_takes_what_is_in_flight(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;
	uint32_t number = 0;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	faults.kind = FAULT_FALLOCATE;
	faults.error = ENOSPC;
	faults.first = faults.calls[FAULT_FALLOCATE] + 1;
	faults.count = 1000;
	while (!spool_is_full(spool)) {
		append_number(spool, number++);
		commit_ok(spool);
	}
	/* Half of the 64 KiB is left, for what is in flight: 187 records. */
	assert_in_range(number * RECORD_LEN, 32 * 1024 - 400, 32 * 1024 + 400);
	for (int i = 0; i < 180; i++) {
		append_number(spool, number++);
		commit_ok(spool);
	}
	time_passes(20 * SECOND_US); /* not sealed: its space is all we have */
	commit_ok(spool);
	assert_int_equal(home_count(home, "spool", ".seg"), 0);
	assert_true(spool_is_full(spool));
	faults_clear();
	time_passes(SECOND_US);
	commit_ok(spool);
	assert_false(spool_is_full(spool));
	assert_int_equal(home_count(home, "spool", ".seg"), 1);
	close_ok(spool);
	assert_each_once(home, number);
	home_remove(home);
}

static void a_failing_write_holds_the_records_until_it_works(void **state)
{
	char home[PATH_SIZE];
	struct error err = {0};
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	append_number(spool, 0);
	commit_ok(spool);
	faults_clear();
	faults.kind = FAULT_WRITE;
	faults.error = ENOSPC;
	faults.first = 1;
	faults.count = 3;
	for (uint32_t i = 1; i < 4; i++) {
		append_number(spool, i);
		assert_int_equal(spool_commit(spool, &err), FT_AGAIN);
		assert_non_null(strstr(err.text, strerror(ENOSPC)));
		assert_int_equal(spool_commit(spool, &err), FT_AGAIN); /* not tried */
		assert_int_equal(faults.calls[FAULT_WRITE], i);
		assert_true(spool_is_full(spool));
		time_passes(SECOND_US);
	}
	commit_ok(spool);
	assert_false(spool_is_full(spool));
	close_ok(spool);
	assert_each_once(home, 4);
	home_remove(home);
}

static void too_much_held_is_lost_and_said(void **state)
{
	char home[PATH_SIZE];
	struct error err = {0};
	struct spool *spool;
	uint8_t msg[60000] = {0};
	struct lookup large = {.qname = (const uint8_t *)"",
			       .server.ip.family = 4,
			       .msg = msg,
			       .msg_len = sizeof(msg)};

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	for (int i = 0; i < 64 * 1024 * 1024 / 60000 + 10; i++)
		spool_append_lookup(spool, &large);
	assert_int_equal(spool_commit(spool, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "lost"));
	commit_ok(spool);
	close_ok(spool);
	take_census(home, &census);
	assert_in_range(census.lookups, 1100, 64 * 1024 * 1024 / 60000);
	home_remove(home);
}

static void a_failed_sync_moves_the_segment_to_a_new_file(void **state)
{
	char home[PATH_SIZE];
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	for (uint32_t i = 0; i < 10; i++) {
		append_number(spool, i);
		commit_ok(spool);
		time_passes(SECOND_US);
		if (i == 5) { /* this sync fails, that of the new file does not */
			faults_clear();
			faults.kind = FAULT_FDATASYNC;
			faults.first = 1;
			faults.count = 1;
		}
	}
	assert_true(faults.calls[FAULT_RENAME] > 0);
	close_ok(spool);
	assert_each_once(home, 10);
	assert_int_equal(home_count(home, "spool", ".new"), 0);
	home_remove(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_sealed_at_close),
		cmocka_unit_test(an_empty_spool_leaves_no_segment),
		cmocka_unit_test(a_commit_is_one_write_and_syncs_come_in_groups),
		cmocka_unit_test(four_mebibytes_are_synced_at_once),
		cmocka_unit_test(segments_are_sealed_by_age_and_by_size),
		cmocka_unit_test(the_collector_and_the_chain_outlast_the_process),
		cmocka_unit_test(a_jump_of_the_wall_clock_is_recorded),
		cmocka_unit_test(a_bad_vantage_is_refused),
		cmocka_unit_test(a_record_that_cannot_be_kept_is_said_and_spoils_nothing),
		cmocka_unit_test(no_room_at_the_start_is_said),
		cmocka_unit_test(a_file_system_that_cannot_reserve_will_do),
		cmocka_unit_test(a_full_disk_stops_asking_but_takes_what_is_in_flight),
		cmocka_unit_test(a_failing_write_holds_the_records_until_it_works),
		cmocka_unit_test(too_much_held_is_lost_and_said),
		cmocka_unit_test(a_failed_sync_moves_the_segment_to_a_new_file),
	};

	log_set_quiet(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
