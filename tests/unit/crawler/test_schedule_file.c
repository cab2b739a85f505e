/* SPDX-License-Identifier: MIT */
/* What is due, kept between runs, over a change of clocks, and from a damaged file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crawler/schedule_file.h"

#define S INT64_C(1000000)

static char home[] = "/tmp/fluxtrack-schedule.XXXXXX";
static struct target_set set;
static struct schedule schedule;
static int64_t wall_us;
static int64_t boot_us;

static int64_t read_wall(void *ctx)
{
	(void)ctx;
	return wall_us;
}

static int64_t read_boot(void *ctx)
{
	(void)ctx;
	return boot_us;
}

static const struct clock test_clock = {read_wall, read_boot, NULL};

static struct target *find(const char *text)
{
	struct error err;
	struct name name;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	return target_set_find(&set, name.wire);
}

/* A run over two names begins, an hour's boot time on another boot. */
static void begin(const char *first, const char *second)
{
	const char *names[] = {first, second};
	struct error err = {0};
	struct name name;

	target_set_init(&set);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(name_from_text(&name, names[i], &err), FT_OK);
		assert_non_null(target_set_add(&set, name.wire, TARGET_FOLLOWED, "", &err));
	}
	schedule_init(&schedule, &set, 1);
	assert_int_equal(schedule_fill(&schedule, &err), FT_OK);
	if (schedule_file_load(&schedule, home, &test_clock, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void end(void)
{
	schedule_fini(&schedule);
	target_set_fini(&set);
}

static void save(void)
{
	struct error err = {0};

	if (schedule_file_save(&schedule, home, &test_clock, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void answer_all(uint32_t ttl_s)
{
	struct schedule_item *item;

	while ((item = schedule_take(&schedule, boot_us)) != NULL) {
		schedule_note_answer(item, true, ttl_s);
		schedule_put(&schedule, item, QUESTION_SETTLED, boot_us);
	}
}

static void write_file(const char *text)
{
	char path[PATH_SIZE];
	struct error err;
	FILE *file;

	assert_int_equal(path_join(path, home, "cache/schedule", &err), FT_OK);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static unsigned lines_saved(void)
{
	char path[PATH_SIZE];
	unsigned lines = 0;
	struct error err;
	FILE *file;
	int c;

	assert_int_equal(path_join(path, home, "cache/schedule", &err), FT_OK);
	file = fopen(path, "r");
	assert_non_null(file);
	while ((c = fgetc(file)) != EOF)
		lines += c == '\n';
	fclose(file);
	return lines;
}

static int64_t due_us(const struct target *target, enum item_kind kind)
{
	return schedule.heap[target->items[kind].place].due_us;
}

static int setup(void **state)
{
	char path[PATH_SIZE];
	struct error err = {0};

	(void)state;
	assert_int_equal(path_join(path, home, "cache", &err), FT_OK);
	assert_int_equal(dir_make(path, 0755, &err), FT_OK);
	assert_int_equal(path_join(path, home, "cache/schedule", &err), FT_OK);
	unlink(path);
	wall_us = 1700000000 * S;
	boot_us = 500000 * S;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	end();
	return 0;
}

static void a_missing_file_is_fine(void **state)
{
	(void)state;
	begin("a.example", "b.example");
	assert_int_equal(schedule.owed, 8);
}

static void what_is_due_survives_another_boot(void **state)
{
	int64_t wait_us;

	(void)state;
	begin("a.example", "b.example");
	answer_all(1000);
	wait_us = due_us(find("a.example"), ITEM_A) - boot_us;
	assert_true(wait_us >= 1001 * S);
	save();
	end();
	wall_us += 10 * S;
	boot_us = 30 * S;
	begin("b.example", "a.example");
	assert_int_equal(due_us(find("a.example"), ITEM_A), boot_us + wait_us - 10 * S);
	assert_int_equal(find("a.example")->items[ITEM_A].lookups, 1);
	assert_int_equal(find("a.example")->items[ITEM_A].run_lookups, 0);
	assert_int_equal(schedule.owed, 0);
	end();
	wall_us += 1200 * S;
	begin("a.example", "b.example");
	assert_int_equal(schedule.owed, 6); /* all but SOA, after 1,210 of its 3,600 s */
}

static void the_ttl_of_earlier_runs_counts_and_fades(void **state)
{
	struct schedule_item *item;

	(void)state;
	begin("a.example", "b.example");
	answer_all(1000);
	save();
	end();
	begin("a.example", "b.example"); /* a run in which nothing is due */
	save();
	end();
	wall_us += 7200 * S;
	begin("a.example", "b.example");
	answer_all(500); /* what remained in a cache */
	item = &find("a.example")->items[ITEM_A];
	assert_true(due_us(item->target, ITEM_A) - boot_us >= 1001 * S);
}

static void a_wall_clock_set_back_never_delays_beyond_the_ceiling(void **state)
{
	(void)state;
	begin("a.example", "b.example");
	answer_all(1000);
	save();
	end();
	wall_us -= 30 * 86400 * S;
	begin("a.example", "b.example");
	assert_int_equal(due_us(find("a.example"), ITEM_A), boot_us + 3600 * S);
	assert_int_equal(due_us(find("a.example"), ITEM_AAAA), boot_us + 6 * 3600 * S);
}

static void names_that_left_the_list_are_ignored(void **state)
{
	(void)state;
	begin("a.example", "b.example");
	answer_all(1000);
	save();
	end();
	begin("a.example", "c.example");
	assert_null(find("b.example"));
	assert_int_equal(schedule.owed, 4);
}

static void lists_that_take_turns_keep_their_times(void **state)
{
	(void)state;
	begin("a.example", "b.example");
	answer_all(1000);
	save();
	end();
	begin("c.example", "d.example");
	answer_all(1000);
	save();
	assert_int_equal(lines_saved(), 4);
	end();
	begin("a.example", "b.example");
	assert_int_equal(schedule.owed, 0);
	assert_int_equal(find("b.example")->items[ITEM_NS].lookups, 1);
	save();
	end();
	wall_us += 7 * 86400 * S; /* nothing is overdue for so long yet */
	begin("a.example", "b.example");
	save();
	assert_int_equal(lines_saved(), 4);
	end();
	wall_us += 86400 * S;
	begin("a.example", "b.example");
	save();
	assert_int_equal(lines_saved(), 2);
}

static void of_two_lines_the_first_counts(void **state)
{
	(void)state;
	write_file("a.example A 1700001200000000 7 1 30\n"
		   "a.example A 1700000600000000 8 1 30\n");
	begin("a.example", "b.example");
	assert_int_equal(find("a.example")->items[ITEM_A].lookups, 7);
	assert_int_equal(due_us(find("a.example"), ITEM_A), boot_us + 1200 * S);
}

static void an_error_of_before_is_not_the_files(void **state)
{
	struct error err = {FT_FAIL, "an error that was dealt with"};

	(void)state;
	begin("a.example", "b.example");
	write_file("x.example A 1700000600000000 7 1 30\n");
	assert_int_equal(schedule_file_load(&schedule, home, &test_clock, &err), FT_OK);
}

/* wall_us is 1700000000 s. */
static void a_line_tells_all_of_a_name(void **state)
{
	struct schedule_item *item;

	(void)state;
	write_file("a.example A 1700000600000000 7 1 30 NS 1700000300000000 4294967295 255 "
		   "4294967295\n"
		   "b.example\n");
	begin("a.example", "b.example");
	assert_int_equal(schedule.owed, 6);
	item = &find("a.example")->items[ITEM_A];
	assert_int_equal(item->lookups, 7);
	assert_int_equal(item->failures, 1);
	assert_int_equal(item->next_ttl_s, 30);
	assert_int_equal(due_us(find("a.example"), ITEM_A), boot_us + 600 * S);
	item = &find("a.example")->items[ITEM_NS];
	assert_int_equal(item->lookups, UINT32_MAX);
	assert_int_equal(item->failures, UINT8_MAX);
	assert_int_equal(due_us(find("a.example"), ITEM_NS), boot_us + 300 * S);
}

static void broken_lines_are_ignored(void **state)
{
	static const char *const lines[] = {
		"a.example A 1700000600000000 7 1\n",
		"a.example A yesterday 7 1 30\n",
		"a.example A -1700000600000000 7 1 30\n",
		"a.example A 9223372036854775808 7 1 30\n",
		"a.example A 99999999999999999999 7 1 30\n",
		"a.example MX 1700000600000000 7 1 30\n",
		"a.example A 1700000600000000 -7 1 30\n",
		"a.example A 1700000600000000 4294967296 1 30\n",
		"a.example A 1700000600000000 7 256 30\n",
		"a.example A 1700000600000000 7  30\n",
		"a.example A 1700000600000000 7 1 30x\n",
		"a.example A 1700000600000000 7 1 30 b..example\n",
		"a.example A 1700000600000000 7 1 30 b.example x\n",
		"\xff\xfe A 1700000600000000 7 1 30\n",
		" A 1700000600000000 7 1 30\n",
		"\n",
		"a.example A 1700000600000000 7 1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		write_file(lines[i]);
		begin("a.example", "b.example");
		if (schedule.owed != 8)
			fail_msg("taken: %s", lines[i]);
		end();
	}
	begin("a.example", "b.example");
}

static void a_nameserver_is_followed_on_while_it_is_named(void **state)
{
	struct error err = {0};
	struct name name;

	(void)state;
	begin("a.example", "b.example");
	assert_int_equal(name_from_text(&name, "ns.a.example", &err), FT_OK);
	assert_int_equal(schedule_follow(&schedule, find("a.example"), name.wire, &err), FT_OK);
	find("ns.a.example")->is_named = true;
	answer_all(1000);
	save();
	end();

	begin("a.example", "b.example"); /* does not ask NS: it is not due */
	assert_non_null(find("ns.a.example"));
	assert_int_equal(find("ns.a.example")->role, TARGET_NAMESERVER);
	assert_int_equal(find("ns.a.example")->items[ITEM_A].lookups, 1);
	assert_int_equal(find("a.example")->nameservers, 1);
	save();
	end();

	wall_us += 7200 * S;
	begin("a.example", "b.example"); /* asks NS, and it is not named any more */
	answer_all(1000);
	save();
	end();
	begin("a.example", "b.example");
	assert_null(find("ns.a.example"));
}

static void a_nameserver_of_nobody_we_follow_is_ignored(void **state)
{
	(void)state;
	write_file("ns.x.example A 1700000600000000 7 1 30 x.example\n"
		   "ns.a.example A 1700000600000000 7 1 30 a.example\n"
		   "ns.ns.a.example A 1700000600000000 7 1 30 ns.a.example\n");
	begin("a.example", "b.example");
	assert_int_equal(set.count, 3);
	assert_non_null(find("ns.a.example"));
}

static void what_was_never_asked_is_not_kept(void **state)
{
	struct schedule_item *item;

	(void)state;
	begin("a.example", "b.example");
	save();
	assert_int_equal(lines_saved(), 0);
	item = schedule_take(&schedule, boot_us);
	schedule_put(&schedule, item, QUESTION_UNSETTLED, boot_us);
	save();
	assert_int_equal(lines_saved(), 1);
	end();
	begin("a.example", "b.example");
	assert_int_equal(schedule.owed, 7);
}

static void what_is_in_flight_is_due_at_once(void **state)
{
	(void)state;
	begin("a.example", "b.example");
	answer_all(1000);
	wall_us += 1200 * S;
	boot_us += 1200 * S;
	for (int i = 0; i < 3; i++) /* of the six that are due by then */
		assert_non_null(schedule_take(&schedule, boot_us));
	save();
	end();
	begin("a.example", "b.example");
	assert_int_equal(schedule.owed, 6);
}

/* Its name may be another list's too: then that list's times stay. */
static void what_tells_of_an_address_is_not_kept(void **state)
{
	struct error err = {0};
	struct name name;

	(void)state;
	begin("1.2.0.192.in-addr.arpa", "b.example");
	answer_all(300);
	save();
	end();
	assert_int_equal(lines_saved(), 2);
	target_set_init(&set);
	for (int i = 1; i <= 2; i++) {
		char text[] = "0.2.0.192.in-addr.arpa";

		text[0] = (char)('0' + i);
		assert_int_equal(name_from_text(&name, text, &err), FT_OK);
		assert_non_null(target_set_add(&set, name.wire, TARGET_ADDRESS, "", &err));
	}
	schedule_init(&schedule, &set, 1);
	assert_int_equal(schedule_fill(&schedule, &err), FT_OK);
	assert_int_equal(schedule_file_load(&schedule, home, &test_clock, &err), FT_OK);
	assert_int_equal(schedule.owed, 2);
	answer_all(300);
	save();
	end();
	assert_int_equal(lines_saved(), 2);
	begin("1.2.0.192.in-addr.arpa", "b.example");
	assert_int_equal(schedule.owed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_missing_file_is_fine),
		TEST(what_is_due_survives_another_boot),
		TEST(the_ttl_of_earlier_runs_counts_and_fades),
		TEST(a_wall_clock_set_back_never_delays_beyond_the_ceiling),
		TEST(names_that_left_the_list_are_ignored),
		TEST(lists_that_take_turns_keep_their_times),
		TEST(of_two_lines_the_first_counts),
		TEST(an_error_of_before_is_not_the_files),
		TEST(a_line_tells_all_of_a_name),
		TEST(broken_lines_are_ignored),
		TEST(a_nameserver_is_followed_on_while_it_is_named),
		TEST(a_nameserver_of_nobody_we_follow_is_ignored),
		TEST(what_was_never_asked_is_not_kept),
		TEST(what_is_in_flight_is_due_at_once),
		TEST(what_tells_of_an_address_is_not_kept),
	};
	char path[PATH_SIZE];
	struct error err;
	int result;

	if (mkdtemp(home) == NULL)
		return 1;
	result = cmocka_run_group_tests(tests, NULL, NULL);
	if (path_join(path, home, "cache/schedule", &err) == FT_OK)
		unlink(path);
	if (path_join(path, home, "cache", &err) == FT_OK)
		rmdir(path);
	rmdir(home);
	return result;
}
