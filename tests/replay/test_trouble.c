/* SPDX-License-Identifier: MIT */
/* Servers that are silent, die and come back; names that fail; a spool that is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/replay/replay.h"

#define SERVFAIL 2

static bool is_probe(const struct fake_question *question)
{
	return question->qname[0] == 0;
}

static void answer_nothing(void *ctx, const struct fake_question *question,
			   struct fake_reply *reply)
{
	(void)ctx;
	(void)question;
	reply->result = CHANNEL_TIMEOUT;
}

static void refuse_all(void *ctx, const struct fake_question *question,
		       struct fake_reply *reply)
{
	(void)ctx;
	(void)question;
	reply->result = CHANNEL_FAULT;
}

static void expect_no_resolver(fake_answer answer, int64_t for_us)
{
	struct error err = {0};
	int64_t before_us = clock_boot_us(&fake_clock);

	world_follow("a.example");
	assert_int_equal(world_run(answer, for_us, &err), FT_AGAIN);
	assert_string_equal(err.text, "no resolver answers (asked 127.0.0.1:53); nothing was "
				      "recorded; for a try without the Internet use "
				      "scripts/track --lab");
	assert_int_equal(world.lookup_count, 0);
	assert_int_equal(world.runs, 0);
	assert_int_equal(world.followed, 0);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 0, 30 * S);
}

static void a_silent_resolver_ends_the_run_and_nothing_is_recorded(void **state)
{
	(void)state;
	expect_no_resolver(answer_nothing, 0);
}

static void a_resolver_that_is_not_there_ends_it_too_however_long_it_was_to_be(void **state)
{
	(void)state;
	expect_no_resolver(refuse_all, CRAWL_FOREVER);
}

static void answer_but_for_ten_minutes(void *ctx, const struct fake_question *question,
				       struct fake_reply *reply)
{
	int64_t at_us = question->now_us - FAKE_BOOT_US;

	(void)ctx;
	if (at_us < HOUR || at_us > HOUR + 10 * MINUTE)
		reply_ttl(question, reply, 0);
}

static void a_resolver_that_dies_and_comes_back_makes_no_false_timeouts(void **state)
{
	size_t during = 0;
	size_t after = 0;

	(void)state;
	for (char name[] = "a.example"; name[0] <= 'j'; name[0]++)
		world_follow(name);
	world_run_for(answer_but_for_ten_minutes, 2 * HOUR);
	assert_int_equal(lookups_with(OUTCOME_ANSWERED), world.lookup_count);
	for (size_t i = 0; i < world.lookup_count; i++) {
		int64_t at_us = world.lookups[i].asked_us - FAKE_BOOT_US;

		during += at_us > HOUR && at_us < HOUR + 10 * MINUTE;
		after += at_us > HOUR + 12 * MINUTE;
	}
	assert_int_equal(during, 0);
	assert_in_range(after, 10 * 40, 10 * 70);
}

static void answer_for_ten_seconds(void *ctx, const struct fake_question *question,
				   struct fake_reply *reply)
{
	(void)ctx;
	if (question->now_us < FAKE_BOOT_US + 10 * S)
		reply_ttl(question, reply, 0);
}

static void a_pass_whose_resolver_dies_ends_and_keeps_what_it_has(void **state)
{
	struct error err = {0};

	(void)state;
	world_follow("a.example");
	world_follow("b.example");
	assert_int_equal(world_run(answer_for_ten_seconds, 0, &err), FT_AGAIN);
	assert_non_null(strstr(err.text, "no resolver answers any more"));
	assert_in_range(lookups_of("a.example", QTYPE_A), 4, 5);
	assert_int_equal(lookups_with(OUTCOME_ANSWERED), world.lookup_count);
}

static void fail_a(void *ctx, const struct fake_question *question, struct fake_reply *reply)
{
	(void)ctx;
	if (asks(question, "a.example") && question->qtype == QTYPE_A)
		reply_rcode(question, reply, SERVFAIL);
	else
		reply_ttl(question, reply, 3600);
}

static void a_failing_name_is_asked_ever_less_often(void **state)
{
	static const int64_t waits[] = {1, 2, 4, 8, 16, 32, 60, 60};
	size_t tries = 0;
	size_t n = 0;

	(void)state;
	world_follow("a.example");
	world_follow("b.example");
	world_run_for(fail_a, 4 * HOUR);
	assert_int_equal(lookups_with(OUTCOME_SERVFAIL), lookups_of("a.example", QTYPE_A));
	while (gap_after("a.example", QTYPE_A, tries) < 10 * S)
		tries++; /* of one question: the resolver asks again soon */
	for (size_t i = 0; n + 1 < lookups_of("a.example", QTYPE_A); n++) {
		int64_t gap_us = gap_after("a.example", QTYPE_A, n);

		if (n % (tries + 1) != tries)
			continue;
		assert_in_range(gap_us, waits[i] * MINUTE, waits[i] * MINUTE * 11 / 10 + 2 * S);
		i++;
	}
	assert_in_range(n / (tries + 1), 7, 8);
	assert_int_equal(world.progress.targets, 2);
	assert_int_equal(world.progress.nameservers, 1);
	assert_int_equal(world.progress.lookups, world.lookup_count);
	assert_int_equal(world.progress.failed, lookups_with(OUTCOME_SERVFAIL));
}

static void a_pass_does_not_wait_for_a_failing_name(void **state)
{
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	world_follow("a.example");
	world_pass(fail_a);
	assert_true(lookups_of("a.example", QTYPE_A) > 0);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 0, 15 * S);
}

static void silence_a(void *ctx, const struct fake_question *question, struct fake_reply *reply)
{
	(void)ctx;
	if (!asks(question, "a.example"))
		reply_ttl(question, reply, 3600);
}

static void a_silent_name_is_a_timeout_of_its_own(void **state)
{
	(void)state;
	world_follow("a.example");
	world_follow("b.example");
	world_pass(silence_a);
	for (uint16_t qtype = QTYPE_A; qtype <= QTYPE_NS; qtype++) {
		assert_true(lookups_of("a.example", qtype) > 0);
		assert_int_equal(nth_lookup("a.example", qtype, 0)->outcome, OUTCOME_TIMEOUT);
	}
	assert_int_equal(nth_lookup("b.example", QTYPE_A, 0)->outcome, OUTCOME_ANSWERED);
}

/* Half of all is lost, the rest is slow; and each question's time is kept. */
static void answer_badly(void *ctx, const struct fake_question *question,
			 struct fake_reply *reply)
{
	static uint32_t turns;
	static int64_t busy_until_us[26][32];
	int64_t *busy_us;

	(void)ctx;
	reply_ttl(question, reply, turns % 3);
	reply->delay_us = (int64_t)(turns++ * 7919 % 1900000);
	if (is_probe(question) || !(question->qname[0] == 1))
		return;
	busy_us = &busy_until_us[question->qname[1] - 'a'][question->qtype];
	assert_true(question->now_us >= *busy_us || question->now_us < FAKE_BOOT_US + S);
	if (turns % 2 == 0)
		reply->result = CHANNEL_TIMEOUT;
	*busy_us = question->now_us + (turns % 2 == 0 ? 2 * S : reply->delay_us);
}

static void an_item_is_never_twice_in_flight(void **state)
{
	(void)state;
	for (char name[] = "a.example"; name[0] <= 'z'; name[0]++)
		world_follow(name);
	world_run_for(answer_badly, 6 * HOUR);
	assert_true(world.lookup_count > 26 * 4 * 6);
	assert_true(lookups_with(OUTCOME_TIMEOUT) > 0);
}

static void answer_then_stop(void *ctx, const struct fake_question *question,
			     struct fake_reply *reply)
{
	(void)ctx;
	if (question->now_us > FAKE_BOOT_US + 20 * S && !is_probe(question))
		fake_ask_stop(); /* and this one stays unanswered */
	else
		reply_ttl(question, reply, 0);
}

static void a_signal_ends_it_within_three_seconds_and_all_is_kept(void **state)
{
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	world_follow("a.example");
	world_run_for(answer_then_stop, CRAWL_FOREVER);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 20 * S, 26 * S);
	assert_in_range(lookups_of("a.example", QTYPE_A), 8, 11);
	assert_int_equal(lookups_with(OUTCOME_ANSWERED) + lookups_with(OUTCOME_TIMEOUT),
			 world.lookup_count);
}

/* Past the end of a run of 20 s, while it waits for what was asked before. */
static void fall_silent_then_stop(void *ctx, const struct fake_question *question,
				  struct fake_reply *reply)
{
	int64_t at_us = question->now_us - FAKE_BOOT_US;

	(void)ctx;
	if (at_us < 19 * S || is_probe(question))
		reply_ttl(question, reply, 0);
	else if (at_us > 20 * S)
		fake_ask_stop();
}

static void a_signal_shortens_the_wait_at_the_end(void **state)
{
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	for (char name[] = "a.example"; name[0] <= 'z'; name[0]++)
		world_follow(name);
	world_run_for(fall_silent_then_stop, 20 * S);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 20 * S, 25 * S);
}

static void stop_at_once(void *ctx, const struct fake_question *question,
			 struct fake_reply *reply)
{
	(void)ctx;
	if (is_probe(question))
		reply_ttl(question, reply, 0);
	else
		fake_ask_stop();
}

static void nothing_is_due_next_while_all_is_in_flight(void **state)
{
	(void)state;
	world_follow("a.example");
	world_run_for(stop_at_once, CRAWL_FOREVER);
	assert_int_equal(world.progress.in_flight, 4);
	assert_int_equal(world.progress.next_due_us, 0);
}

static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#define DISK_IS_FULL 1

/* From the tenth second on nothing can be written, as on a full disk. */
static void answer_and_fill(void *ctx, const struct fake_question *question,
			    struct fake_reply *reply)
{
	(void)ctx;
	if (question->now_us > FAKE_BOOT_US + 10 * S)
		limit_files(DISK_IS_FULL);
	reply_ttl(question, reply, 0);
}

static void lift_limit(void)
{
	limit_files(RLIM_INFINITY);
}

static void a_full_spool_stops_asking_and_ends_the_run(void **state)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct error err = {0};
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0); /* an error, as a full disk */
	world_follow("a.example");
	world_follow("b.example");
	world.before_close = lift_limit;
	assert_int_equal(world_run(answer_and_fill, CRAWL_FOREVER, &err), FT_AGAIN);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 30 * S, 50 * S);
	/* What was answered is kept, and nothing was asked after the first failure. */
	assert_in_range(lookups_of("a.example", QTYPE_A), 5, 7);
	assert_int_equal(lookups_with(OUTCOME_ANSWERED), world.lookup_count);
}

/* For a second the wall clock is where no record can go: before 1970. */
static void answer_before_1970(void *ctx, const struct fake_question *question,
			       struct fake_reply *reply)
{
	static int64_t stepped_us;

	(void)ctx;
	if (question->now_us < FAKE_BOOT_US + 10 * S)
		stepped_us = 0;
	else if (stepped_us == 0)
		fake_step_wall(stepped_us = -FAKE_WALL_US - HOUR);
	else if (stepped_us < 0 && question->now_us > FAKE_BOOT_US + 11 * S)
		fake_step_wall(stepped_us = -stepped_us);
	reply_ttl(question, reply, 0);
}

static void a_run_that_lost_a_record_goes_on_and_says_so_at_its_end(void **state)
{
	struct error err = {0};

	(void)state;
	world_follow("a.example");
	assert_int_equal(world_run(answer_before_1970, 5 * MINUTE, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "records are lost"));
	assert_in_range(lookups_of("a.example", QTYPE_A), 20, 23);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

static void answer_from_the_first(void *ctx, const struct fake_question *question,
				  struct fake_reply *reply)
{
	(void)ctx;
	if (question->server.ip.bytes[3] == 1)
		reply_ttl(question, reply, 0);
}

static void one_server_does_not_bear_the_rate_of_four(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "n%d.example", i);
		world_follow(name);
	}
	world.server_count = 4;
	world.rate_qps = 8;
	world_run_for(answer_from_the_first, HOUR);
	/* Twice its share is 4 a second; the silent ones cost a little before they are down. */
	assert_in_range(world.lookup_count, 3600 * 4 * 95 / 100, 3600 * 4 + 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_silent_resolver_ends_the_run_and_nothing_is_recorded),
		TEST(a_resolver_that_is_not_there_ends_it_too_however_long_it_was_to_be),
		TEST(a_resolver_that_dies_and_comes_back_makes_no_false_timeouts),
		TEST(a_pass_whose_resolver_dies_ends_and_keeps_what_it_has),
		TEST(a_failing_name_is_asked_ever_less_often),
		TEST(a_pass_does_not_wait_for_a_failing_name),
		TEST(a_silent_name_is_a_timeout_of_its_own),
		TEST(an_item_is_never_twice_in_flight),
		TEST(a_signal_ends_it_within_three_seconds_and_all_is_kept),
		TEST(a_signal_shortens_the_wait_at_the_end),
		TEST(nothing_is_due_next_while_all_is_in_flight),
		TEST(a_full_spool_stops_asking_and_ends_the_run),
		TEST(a_run_that_lost_a_record_goes_on_and_says_so_at_its_end),
		TEST(one_server_does_not_bear_the_rate_of_four),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
