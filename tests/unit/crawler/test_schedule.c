/* SPDX-License-Identifier: MIT */
/* The table of HACKING.md, "The schedule", row by row; times here are seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/schedule.h"

#define S      INT64_C(1000000)
#define NO_TTL UINT32_MAX

static struct target_set set;
static struct schedule schedule;
static struct target *target;
static int64_t now_us;

static struct target *add_as(const char *text, enum target_role role)
{
	struct error err;
	struct name name;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	return target_set_add(&set, name.wire, role, "", &err);
}

static struct target *add(const char *text)
{
	return add_as(text, TARGET_FOLLOWED);
}

static int setup(void **state)
{
	struct error err;

	(void)state;
	target_set_init(&set);
	target = add("a.example");
	schedule_init(&schedule, &set, 1);
	now_us = 1000 * S;
	return schedule_fill(&schedule, &err);
}

static int teardown(void **state)
{
	(void)state;
	schedule_fini(&schedule);
	target_set_fini(&set);
	return 0;
}

/* Takes all that is due, so that one item alone is in play. */
static struct schedule_item *take_only(enum item_kind kind)
{
	while (schedule_take(&schedule, now_us) != NULL)
		;
	return &target->items[kind];
}

/* Answers a taken item, waits until it is due again, takes it; returns the wait. */
static int64_t wait_after(struct schedule_item *item, enum question_end end, uint32_t ttl_s)
{
	int64_t due_us;

	if (end == QUESTION_SETTLED)
		schedule_note_answer(item, ttl_s != NO_TTL, ttl_s);
	schedule_put(&schedule, item, end, now_us);
	due_us = schedule_next_us(&schedule);
	assert_null(schedule_take(&schedule, due_us - 1));
	assert_ptr_equal(schedule_take(&schedule, due_us), item);
	due_us -= now_us;
	now_us += due_us;
	return due_us;
}

/* Within a tenth above, never below. */
static void expect_wait(struct schedule_item *item, uint32_t ttl_s, int64_t want_s)
{
	int64_t wait_us = wait_after(item, QUESTION_SETTLED, ttl_s);

	assert_in_range(wait_us, want_s * S, want_s * S * 11 / 10);
}

static void a_followed_name_is_asked_a_aaaa_ns_and_soa(void **state)
{
	static const uint16_t want[] = {QTYPE_A, QTYPE_AAAA, QTYPE_NS, QTYPE_SOA};

	(void)state;
	assert_int_equal(schedule.owed, 4);
	for (int i = 0; i < 4; i++) {
		struct schedule_item *item = schedule_take(&schedule, now_us);

		assert_non_null(item);
		assert_int_equal(schedule_qtype(&target->items[i]), want[i]);
	}
	assert_null(schedule_take(&schedule, INT64_MAX));
}

static void a_waits_its_ttl_between_a_minute_and_an_hour(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	item->lookups = 20; /* judged: no burst */
	expect_wait(item, 10, 60);
	item->lookups = 20;
	expect_wait(item, 59, 60);
	expect_wait(item, 600, 601);
	expect_wait(item, 3599, 3600);
	expect_wait(item, 86400, 3600);
	expect_wait(item, 0x7fffffff, 3600);
}

static void aaaa_ns_and_soa_have_their_own_bounds(void **state)
{
	struct schedule_item *aaaa = take_only(ITEM_AAAA);
	struct schedule_item *ns = &target->items[ITEM_NS];
	struct schedule_item *soa = &target->items[ITEM_SOA];

	(void)state;
	expect_wait(aaaa, 0, 600);
	expect_wait(aaaa, 1200, 1201);
	expect_wait(aaaa, 86400, 6 * 3600);
	ns->lookups = 6;
	expect_wait(ns, 60, 300);
	expect_wait(ns, 1200, 1201);
	expect_wait(ns, 86400, 3600);
	expect_wait(soa, 0, 3600);
	expect_wait(soa, 86400, 3600);
}

static void the_highest_ttl_of_the_last_answers_counts(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	item->lookups = 20;
	expect_wait(item, 1000, 1001);
	for (int i = 0; i < 3; i++) /* what remains in a cache */
		expect_wait(item, 100, 1001);
	/* Eight low ones in a row, and it is forgotten: the name has changed its ways. */
	for (int i = 0; i < 4; i++)
		wait_after(item, QUESTION_SETTLED, 100);
	expect_wait(item, 100, 101);
}

static void a_name_not_judged_is_asked_twenty_times_at_its_ttl(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	for (int i = 0; i < 19; i++)
		expect_wait(item, 5, 6);
	expect_wait(item, 5, 60);
}

static void ttl_zero_is_a_burst_in_every_run(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	item->lookups = 500;
	for (int i = 0; i < 19; i++)
		expect_wait(item, (uint32_t)i % 2, 2);
	expect_wait(item, 0, 60);
	expect_wait(item, 0, 60);
}

static void a_ttl_of_two_is_no_burst_once_judged(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	item->lookups = 20;
	expect_wait(item, 2, 60);
}

static void ns_has_a_burst_of_six_five_seconds_apart(void **state)
{
	struct schedule_item *item = take_only(ITEM_NS);

	(void)state;
	for (int i = 0; i < 5; i++)
		expect_wait(item, i == 0 ? 0 : 1, 5);
	expect_wait(item, 0, 300);
}

static void a_burst_that_the_pass_waits_for_is_counted(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	schedule_note_answer(item, true, 10);
	schedule_put(&schedule, item, QUESTION_SETTLED, now_us);
	assert_int_equal(schedule.bursts, 1);
	assert_non_null(schedule_take(&schedule, now_us + 20 * S));
	schedule_put(&schedule, item, QUESTION_POSTPONED, now_us);
	assert_int_equal(schedule.bursts, 1);
	assert_non_null(schedule_take(&schedule, now_us + 20 * S));
	schedule_note_answer(item, true, 60); /* beyond the minute that a pass goes on */
	schedule_put(&schedule, item, QUESTION_SETTLED, now_us);
	assert_int_equal(schedule.bursts, 0);
}

static void a_negative_answer_without_ttl_waits_the_floor(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	expect_wait(item, NO_TTL, 60);
	assert_int_equal(schedule.bursts, 0);
}

static void failures_back_off_to_an_hour_and_an_answer_forgets_them(void **state)
{
	static const int64_t want_s[] = {60, 120, 240, 480, 960, 1920, 3600, 3600, 3600};
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	item->lookups = 20;
	for (size_t i = 0; i < sizeof(want_s) / sizeof(want_s[0]); i++) {
		int64_t wait_us = wait_after(item, QUESTION_UNSETTLED, NO_TTL);

		assert_in_range(wait_us, want_s[i] * S, want_s[i] * S * 11 / 10);
	}
	for (int i = 0; i < 300; i++) /* no counter overflows into a short wait */
		assert_in_range(wait_after(item, QUESTION_UNSETTLED, NO_TTL), 3600 * S,
				3960 * S);
	expect_wait(item, 100, 101);
	assert_in_range(wait_after(item, QUESTION_UNSETTLED, NO_TTL), 60 * S, 66 * S);
}

static void a_postponed_item_is_still_owed_and_is_no_failure(void **state)
{
	struct schedule_item *item = take_only(ITEM_A);

	(void)state;
	assert_int_equal(schedule.owed, 4);
	assert_in_range(wait_after(item, QUESTION_POSTPONED, NO_TTL), S, S * 11 / 10);
	assert_int_equal(schedule.owed, 4);
	assert_int_equal(item->failures, 0);
	wait_after(item, QUESTION_UNSETTLED, NO_TTL);
	assert_int_equal(schedule.owed, 3);
}

static void jitter_spreads(void **state)
{
	struct schedule_item *item = take_only(ITEM_SOA);
	int64_t least = INT64_MAX;
	int64_t most = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		int64_t wait_us = wait_after(item, QUESTION_SETTLED, 0);

		least = wait_us < least ? wait_us : least;
		most = wait_us > most ? wait_us : most;
	}
	assert_in_range(least, 3600 * S, 3700 * S);
	assert_in_range(most, 3860 * S, 3960 * S);
}

static void the_longest_due_comes_first(void **state)
{
	int64_t last_us = 0;
	struct error err;

	(void)state;
	schedule_fini(&schedule);
	target_set_fini(&set);
	target_set_init(&set);
	for (char text[] = "aaa.example"; text[0] <= 'z'; text[0]++)
		for (text[1] = 'a'; text[1] <= 'z'; text[1]++)
			add(text);
	schedule_init(&schedule, &set, 7);
	assert_int_equal(schedule_fill(&schedule, &err), FT_OK);
	for (size_t i = 0; i < set.count; i++) {
		struct schedule_item *item = schedule_take(&schedule, 0);

		schedule_note_answer(item, true, (uint32_t)(i * 7919 % 3000));
		schedule_put(&schedule, item, QUESTION_SETTLED, now_us);
	}
	while (schedule.count > 0) {
		int64_t due_us = schedule_next_us(&schedule);

		assert_true(due_us >= last_us);
		assert_non_null(schedule_take(&schedule, due_us));
		last_us = due_us;
	}
}

static void follow(const char *text)
{
	struct error err = {0};
	struct name name;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	assert_int_equal(schedule_follow(&schedule, target, name.wire, &err), FT_OK);
}

static void nameservers_are_asked_addresses_alone_and_thirteen_at_most(void **state)
{
	char text[] = "nsa.example";

	(void)state;
	follow("ns.other.example");
	follow("NS.other.example");
	follow("a.example"); /* itself: followed already */
	follow("localhost");
	follow(".");
	assert_int_equal(set.count, 2);
	assert_int_equal(set.targets[1]->role, TARGET_NAMESERVER);
	assert_ptr_equal(set.targets[1]->parent, target);
	assert_int_equal(schedule.items, 6);
	assert_int_equal(schedule_qtype(&set.targets[1]->items[0]), QTYPE_A);
	assert_int_equal(schedule_qtype(&set.targets[1]->items[1]), QTYPE_AAAA);
	for (; text[2] < 'z'; text[2]++)
		follow(text);
	assert_int_equal(set.count, 1 + 13);
	assert_int_equal(set.followed, 1);
}

/* Whatever comes of it: also a failure waits for the database to want it again. */
static void what_tells_of_an_address_is_asked_once(void **state)
{
	static const char *const names[] = {"1.2.0.192.in-addr.arpa",
					    "1.2.0.192.origin.asn.cymru.com"};
	static const uint16_t qtypes[] = {QTYPE_PTR, QTYPE_TXT};
	struct error err;

	(void)state;
	teardown(NULL);
	target_set_init(&set);
	for (int i = 0; i < 2; i++)
		assert_non_null(add_as(names[i], TARGET_ADDRESS));
	schedule_init(&schedule, &set, 1);
	assert_int_equal(schedule_fill(&schedule, &err), FT_OK);
	assert_int_equal(schedule.owed, 2);
	for (int i = 0; i < 2; i++) {
		struct schedule_item *item = schedule_take(&schedule, now_us);

		assert_non_null(item);
		assert_int_equal(schedule_qtype(item), qtypes[item->target == set.targets[1]]);
		schedule_note_answer(item, true, 0);
		schedule_put(&schedule, item, i == 0 ? QUESTION_SETTLED : QUESTION_UNSETTLED,
			     now_us);
	}
	assert_int_equal(schedule.owed, 0);
	assert_int_equal(schedule.bursts, 0);
	assert_true(schedule_next_us(&schedule) >= now_us + 7 * 86400 * S);
}

static void what_is_restored_is_never_later_than_its_ceiling(void **state)
{
	struct schedule_item *item = &target->items[ITEM_A];

	(void)state;
	schedule_restore(&schedule, item, now_us - 5 * S, now_us);
	assert_true(item->is_owed);
	schedule_restore(&schedule, item, now_us + 100 * S, now_us);
	assert_false(item->is_owed);
	assert_int_equal(schedule.heap[item->place].due_us, now_us + 100 * S);
	schedule_restore(&schedule, item, now_us + 86400 * S, now_us);
	assert_int_equal(schedule.heap[item->place].due_us, now_us + 3600 * S);
	assert_int_equal(schedule.owed, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_followed_name_is_asked_a_aaaa_ns_and_soa),
		TEST(a_waits_its_ttl_between_a_minute_and_an_hour),
		TEST(aaaa_ns_and_soa_have_their_own_bounds),
		TEST(the_highest_ttl_of_the_last_answers_counts),
		TEST(a_name_not_judged_is_asked_twenty_times_at_its_ttl),
		TEST(ttl_zero_is_a_burst_in_every_run),
		TEST(a_ttl_of_two_is_no_burst_once_judged),
		TEST(ns_has_a_burst_of_six_five_seconds_apart),
		TEST(a_burst_that_the_pass_waits_for_is_counted),
		TEST(a_negative_answer_without_ttl_waits_the_floor),
		TEST(failures_back_off_to_an_hour_and_an_answer_forgets_them),
		TEST(a_postponed_item_is_still_owed_and_is_no_failure),
		TEST(jitter_spreads),
		TEST(the_longest_due_comes_first),
		TEST(nameservers_are_asked_addresses_alone_and_thirteen_at_most),
		TEST(what_tells_of_an_address_is_asked_once),
		TEST(what_is_restored_is_never_later_than_its_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
