/* SPDX-License-Identifier: MIT */
/* recovery: what a killed collector leaves is sealed; no record is lost, none is doubled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "spool_home.h"

#define RECORDS    5
#define ROUNDS     50
#define LONGEST_US 30000 /* a killed collector's life */
#define LIFE_MAX   20000 /* records that one life writes, on however fast a machine */

static struct census census;

/* The octets of a NAME.part as a killed collector of RECORDS lookups leaves it, and its name.
 */
struct killed {
	char name[PATH_SIZE];     /* relative to the home */
	uint8_t *data;            /* owned */
	size_t len;               /* with the reserved zeros */
	size_t used;              /* without them */
	size_t ends[RECORDS + 1]; /* where HEADER and each lookup end */
};

static void find_ends(struct killed *killed)
{
	struct segment_record record;
	size_t at = SEGMENT_MAGIC_LEN;
	size_t used;

	for (size_t i = 0; i <= RECORDS; i++) {
		assert_int_equal(
			segment_get(killed->data + at, killed->len - at, &record, &used),
			SEGMENT_RECORD);
		at += used;
		killed->ends[i] = at;
	}
	killed->used = at;
}

static void killed_make(struct killed *killed)
{
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	struct spool *spool;
	struct error err = {0};

	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	for (uint32_t i = 0; i < RECORDS; i++)
		append_number(spool, i);
	assert_int_equal(spool_commit(spool, &err), FT_OK);
	home_only_file(path, home, "spool", ".part");
	snprintf(killed->name, sizeof(killed->name), "%s", path + strlen(home) + 1);
	killed->data = file_read_all(path, &killed->len);
	find_ends(killed);
	assert_int_equal(spool_close(spool, &err), FT_OK);
	home_remove(home);
}

static void home_with_part(char home[PATH_SIZE], const struct killed *killed,
			   const uint8_t *data, size_t len)
{
	char path[PATH_SIZE];
	struct error err = {0};

	home_make(home);
	assert_int_equal(path_join(path, home, "spool", &err), FT_OK);
	assert_int_equal(dir_make(path, 0755, &err), FT_OK);
	assert_int_equal(path_join(path, home, killed->name, &err), FT_OK);
	file_write_all(path, data, len);
}

static void recover_ok(const char *home)
{
	struct error err = {0};

	if (spool_recover(home, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_int_equal(home_count(home, "spool", ".part"), 0);
	assert_int_equal(home_count(home, "spool", ".new"), 0);
}

/* The numbers below count are there once, the others are not. */
static void assert_first(const char *home, uint32_t count)
{
	take_census(home, &census);
	assert_int_equal(census.segments, count > 0 ? 1 : 0);
	assert_int_equal(census.lookups, count);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(census.times[i], 1);
}

/* quarantine/ holds one file with these octets, or none where len is 0. */
static void assert_quarantined(const char *home, const uint8_t *data, size_t len)
{
	char path[PATH_SIZE];
	uint8_t *kept;
	size_t kept_len;

	if (len == 0) {
		assert_int_equal(home_count(home, "spool/quarantine", ""), 0);
		return;
	}
	home_only_file(path, home, "spool/quarantine", "");
	kept = file_read_all(path, &kept_len);
	assert_int_equal(kept_len, len);
	assert_memory_equal(kept, data, len);
	free(kept);
}

static size_t without_zeros(const uint8_t *data, size_t from, size_t to)
{
	while (to > from && data[to - 1] == 0)
		to--;
	return to - from;
}

static void every_cut_leaves_the_whole_records_before_it(void **state)
{
	struct killed killed;
	char home[PATH_SIZE];

	(void)state;
	killed_make(&killed);
	for (size_t len = 0; len <= killed.used; len++) {
		uint32_t whole = 0;
		size_t end = len >= killed.ends[0] ? killed.ends[0] : 0;

		for (uint32_t i = 1; i <= RECORDS && killed.ends[i] <= len; i++) {
			whole = i;
			end = killed.ends[i];
		}
		home_with_part(home, &killed, killed.data, len);
		recover_ok(home);
		assert_first(home, whole);
		/* a file without its HEADER goes there as it is */
		assert_quarantined(home, killed.data + end,
				   end > 0 ? without_zeros(killed.data, end, len) : len);
		home_remove(home);
	}
	free(killed.data);
}

static void reserved_zeros_are_dropped(void **state)
{
	struct killed killed;
	char home[PATH_SIZE];
	uint8_t zeros[5000] = {0};

	(void)state;
	killed_make(&killed);
	assert_true(killed.len > killed.used);
	home_with_part(home, &killed, killed.data, killed.len);
	recover_ok(home);
	assert_first(home, RECORDS);
	assert_quarantined(home, NULL, 0);
	home_remove(home);
	home_with_part(home, &killed, zeros, sizeof(zeros));
	recover_ok(home);
	assert_first(home, 0);
	assert_quarantined(home, NULL, 0);
	home_remove(home);
	free(killed.data);
}

static void garbage_in_the_middle_is_kept_with_all_behind_it(void **state)
{
	struct killed killed;
	char home[PATH_SIZE];

	(void)state;
	killed_make(&killed);
	killed.data[killed.ends[3] + 20] ^= 1;
	home_with_part(home, &killed, killed.data, killed.len);
	recover_ok(home);
	assert_first(home, 3);
	assert_quarantined(home, killed.data + killed.ends[3],
			   without_zeros(killed.data, killed.ends[3], killed.used));
	home_remove(home);
	free(killed.data);
}

static void a_broken_header_sends_the_file_to_quarantine(void **state)
{
	struct killed killed;
	char home[PATH_SIZE];

	(void)state;
	killed_make(&killed);
	killed.data[20] ^= 1;
	home_with_part(home, &killed, killed.data, killed.len);
	recover_ok(home);
	assert_first(home, 0);
	assert_quarantined(home, killed.data, killed.len);
	home_remove(home);
	free(killed.data);
}

/* The census of a home whose only segment is renamed back to its NAME.part. */
static void a_crash_between_seal_and_rename_changes_no_octet(void **state)
{
	char home[PATH_SIZE];
	char sealed[PATH_SIZE];
	char part[PATH_SIZE];
	struct spool *spool;
	struct error err = {0};
	uint8_t *before;
	uint8_t *after;
	size_t before_len;
	size_t after_len;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	assert_non_null(spool);
	for (uint32_t i = 0; i < 255; i++) /* so that the SEAL ends in a zero */
		append_number(spool, i);
	assert_int_equal(spool_close(spool, &err), FT_OK);
	home_only_file(sealed, home, "spool", ".seg");
	before = file_read_all(sealed, &before_len);
	snprintf(part, sizeof(part), "%.*s.part", (int)strlen(sealed) - 4, sealed);
	assert_int_equal(rename(sealed, part), 0);
	recover_ok(home);
	after = file_read_all(sealed, &after_len);
	assert_int_equal(after_len, before_len);
	assert_memory_equal(after, before, before_len);
	assert_quarantined(home, NULL, 0);
	free(before);
	free(after);
	home_remove(home);
}

static void write_one_segment(const char *home, uint32_t number)
{
	struct spool *spool = home_open_spool(home, 0);
	struct error err = {0};

	assert_non_null(spool);
	append_number(spool, number);
	assert_int_equal(spool_close(spool, &err), FT_OK);
}

/* Puts back the chain file of one segment ago; archived: the newest segment is loaded by then.
 */
static void check_chain_behind(bool archived)
{
	struct segment_header header = {.created_wall_us = INT64_C(1207656000000000)};
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	struct error err = {0};
	uint8_t *chain;
	size_t len;

	home_make(home);
	write_one_segment(home, 0);
	assert_int_equal(path_join(path, home, "spool/chain", &err), FT_OK);
	chain = file_read_all(path, &len);
	write_one_segment(home, 1);
	file_write_all(path, chain, len);
	if (archived) {
		home_only_file(path, home, "spool", "2.seg");
		assert_int_equal(segment_archive(home, path, &header, &err), FT_OK);
	}
	write_one_segment(home, 2);
	take_census(home, &census); /* would find two of sequence 2 */
	assert_int_equal(census.lookups, 3);
	free(chain);
	home_remove(home);
}

static void a_chain_left_behind_catches_up(void **state)
{
	(void)state;
	check_chain_behind(false);
	check_chain_behind(true);
}

static void a_damaged_chain_is_said(void **state)
{
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	struct error err = {0};

	(void)state;
	home_make(home);
	write_one_segment(home, 0);
	assert_int_equal(path_join(path, home, "spool/chain", &err), FT_OK);
	file_write_all(path, (const uint8_t *)"collector 12\n", 13);
	assert_int_equal(spool_recover(home, &err), FT_FAIL);
	assert_non_null(strstr(err.text, path));
	home_remove(home);
}

static void a_copy_that_was_not_finished_is_dropped(void **state)
{
	struct killed killed;
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	struct error err = {0};

	(void)state;
	killed_make(&killed);
	home_with_part(home, &killed, killed.data, killed.len);
	assert_int_equal(path_join(path, home, "spool/20080408T115900Z-000000001.new", &err),
			 FT_OK);
	file_write_all(path, killed.data, killed.ends[2]);
	recover_ok(home);
	assert_first(home, RECORDS);
	home_remove(home);
	free(killed.data);
}

/* Appends, commits and then says through the pipe how far it has come, until it is killed. */
static void write_until_killed(const char *home, uint32_t next, int acks)
{
	struct spool_options options = {
		.home = home,
		.vantage = "test",
		.clock = &clock_system,
		.segment_bytes = 20000,
		.reserve_bytes = 64 * 1024,
	};
	struct error err = {0};
	struct spool *spool = spool_open(&options, &err);

	if (spool == NULL)
		_exit(1);
	for (uint32_t end = next + LIFE_MAX; next < end;) {
		for (uint32_t i = next % 7; i < 10; i++)
			append_number(spool, next++);
		if (spool_commit(spool, &err) != FT_OK ||
		    write(acks, &next, sizeof(next)) != sizeof(next))
			_exit(1);
	}
	for (;;)
		pause();
}

/* One life: the number up to which all was acknowledged. */
static uint32_t live_and_be_killed(const char *home, uint32_t next)
{
	uint32_t acked = next;
	int acks[2];
	int status;
	pid_t pid;

	assert_int_equal(pipe(acks), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(acks[0]);
		write_until_killed(home, next, acks[1]);
	}
	close(acks[1]);
	usleep((useconds_t)(rand() % LONGEST_US));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	while (read(acks[0], &next, sizeof(next)) == sizeof(next))
		acked = next;
	close(acks[0]);
	return acked;
}

static void fifty_kills_lose_nothing_acknowledged_and_double_nothing(void **state)
{
	uint32_t from = 0;
	char home[PATH_SIZE];

	(void)state;
	home_make(home);
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t acked = live_and_be_killed(home, from);

		recover_ok(home);
		take_census(home, &census);
		for (uint32_t i = from; i < acked; i++)
			assert_int_equal(census.times[i], 1);
		for (uint32_t i = 0; i < NUMBERS_MAX; i++)
			assert_true(census.times[i] <= 1);
		for (from = acked; census.times[from] > 0; from++)
			; /* written, but killed before it could say so */
		if (from > NUMBERS_MAX - LIFE_MAX - 10) {
			home_remove(home);
			home_make(home);
			from = 0;
		}
	}
	home_remove(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_leaves_the_whole_records_before_it),
		cmocka_unit_test(reserved_zeros_are_dropped),
		cmocka_unit_test(garbage_in_the_middle_is_kept_with_all_behind_it),
		cmocka_unit_test(a_broken_header_sends_the_file_to_quarantine),
		cmocka_unit_test(a_crash_between_seal_and_rename_changes_no_octet),
		cmocka_unit_test(a_chain_left_behind_catches_up),
		cmocka_unit_test(a_damaged_chain_is_said),
		cmocka_unit_test(a_copy_that_was_not_finished_is_dropped),
		cmocka_unit_test(fifty_kills_lose_nothing_acknowledged_and_double_nothing),
	};

	log_set_quiet(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
