/* SPDX-License-Identifier: MIT */
/* When names are asked, by what the record says of days of crawling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/replay/replay.h"

/* Jitter adds up to a tenth; the idle loop and the resolver's pace add less than two seconds.
 */
static void expect_gap(const char *name, uint16_t qtype, size_t n, int64_t want_us)
{
	assert_in_range(gap_after(name, qtype, n), want_us, want_us * 11 / 10 + 2 * S);
}

static void answer_600(void *ctx, const struct fake_question *question,
		       struct fake_reply *reply)
{
	(void)ctx;
	reply_ttl(question, reply, 600);
}

static void answer_0(void *ctx, const struct fake_question *question, struct fake_reply *reply)
{
	(void)ctx;
	reply_ttl(question, reply, 0);
}

static void answer_day(void *ctx, const struct fake_question *question,
		       struct fake_reply *reply)
{
	(void)ctx;
	reply_ttl(question, reply, 86400);
}

static void a_ttl_of_600_is_asked_every_601_seconds(void **state)
{
	size_t count;

	(void)state;
	world_follow("a.example");
	world_run_for(answer_600, DAY);
	count = lookups_of("a.example", QTYPE_A);
	assert_in_range(count, 86400 / 663, 86400 / 601 + 1);
	for (size_t n = 0; n + 1 < count; n++)
		expect_gap("a.example", QTYPE_A, n, 601 * S);
}

static void ttl_zero_is_a_burst_and_then_every_minute(void **state)
{
	size_t count;

	(void)state;
	world_follow("a.example");
	world_run_for(answer_0, HOUR);
	count = lookups_of("a.example", QTYPE_A);
	assert_in_range(count, 20 + 50, 20 + 60);
	for (size_t n = 0; n + 1 < count; n++)
		expect_gap("a.example", QTYPE_A, n, n < 19 ? 2 * S : MINUTE);
	for (size_t n = 0; n < 10; n++)
		expect_gap("a.example", QTYPE_NS, n, n < 5 ? 5 * S : 5 * MINUTE);
}

static void ns_and_soa_are_asked_hourly_and_aaaa_every_six_hours(void **state)
{
	(void)state;
	world_follow("a.example");
	world_run_for(answer_day, DAY);
	for (size_t n = 0; n < 20; n++) {
		expect_gap("a.example", QTYPE_A, n, HOUR);
		expect_gap("a.example", QTYPE_NS, n, HOUR);
		expect_gap("a.example", QTYPE_SOA, n, HOUR);
	}
	assert_in_range(lookups_of("a.example", QTYPE_AAAA), 4, 5);
	expect_gap("a.example", QTYPE_AAAA, 0, 6 * HOUR);
}

static void a_pass_of_static_names_ends_when_all_are_asked(void **state)
{
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	world_follow("a.example");
	world_follow("b.example");
	world_pass(answer_day);
	assert_int_equal(world.lookup_count, 2 * 4 + 2); /* and the nameserver's addresses */
	assert_int_equal(world.unannounced, 0);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 0, 5 * S);
}

static void a_pass_goes_on_with_a_burst_until_it_is_judged(void **state)
{
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	world_follow("a.example");
	world_pass(answer_0);
	assert_int_equal(lookups_of("a.example", QTYPE_A), 20);
	assert_int_equal(lookups_of("a.example", QTYPE_NS), 6);
	assert_int_equal(lookups_of("a.example", QTYPE_SOA), 1);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, 38 * S, 60 * S);
}

static void answer_10(void *ctx, const struct fake_question *question, struct fake_reply *reply)
{
	(void)ctx;
	reply_ttl(question, reply, 10);
}

static void a_pass_waits_for_bursts_a_minute_at_most(void **state)
{
	int64_t before_us = clock_boot_us(&fake_clock);

	(void)state;
	world_follow("a.example");
	world_pass(answer_10);
	assert_in_range(lookups_of("a.example", QTYPE_A), 5, 6);
	assert_in_range(clock_boot_us(&fake_clock) - before_us, MINUTE, 65 * S);
}

static void a_second_pass_asks_nothing_before_its_time(void **state)
{
	size_t first;

	(void)state;
	world_follow("a.example");
	world_pass(answer_600);
	first = world.lookup_count;
	world_restart();
	world_pass(answer_600);
	assert_int_equal(world.lookup_count, first);
	assert_int_equal(world.targets.count,
			 2); /* the nameserver is followed on all the same */
	fake_advance(11 * MINUTE + 10 * S);
	world_restart();
	world_pass(answer_600);
	assert_int_equal(lookups_of("a.example", QTYPE_A), 2);
	assert_int_equal(lookups_of("a.example", QTYPE_SOA), 1);
	assert_int_equal(lookups_of("ns.example", QTYPE_A), 2);
	assert_int_equal(world.runs, 2);
	assert_int_equal(world.unannounced, 0);
}

/* Names fifteen nameservers below the name asked for, in a message of its own. */
static void answer_nameservers(void *ctx, const struct fake_question *question,
			       struct fake_reply *reply)
{
	(void)ctx;
	if (question->qtype != QTYPE_NS || !asks(question, "flux.example")) {
		reply_ttl(question, reply, 3600);
		return;
	}
	fake_reply_empty(reply, question, 0);
	for (uint8_t i = 0; i < 15; i++) {
		uint8_t server[] = "\3nsa\xc0\x0c"; /* compressed: below the question */

		server[3] = (uint8_t)('a' + i);
		fake_reply_add(reply, QTYPE_NS, 3600, server, 6);
	}
}

static void nameservers_are_followed_thirteen_of_them(void **state)
{
	(void)state;
	world_follow("flux.example");
	world_run_for(answer_nameservers, 2 * HOUR);
	assert_int_equal(world.followed, 1);
	assert_int_equal(world.nameservers, 13);
	assert_int_equal(world.unannounced, 0);
	assert_int_equal(lookups_of("nsa.flux.example", QTYPE_A), 2);
	assert_int_equal(lookups_of("nsm.flux.example", QTYPE_AAAA), 2);
	assert_int_equal(lookups_of("nsn.flux.example", QTYPE_A), 0);
	assert_int_equal(lookups_of("nsa.flux.example", QTYPE_NS), 0);
	assert_int_equal(lookups_of("nsa.flux.example", QTYPE_SOA), 0);
}

static void answer_cname(void *ctx, const struct fake_question *question,
			 struct fake_reply *reply)
{
	static const uint8_t elsewhere[] = "\3cdn\7example";
	size_t start;

	(void)ctx;
	fake_reply_empty(reply, question, 0);
	fake_reply_add(reply, QTYPE_CNAME, 3600, elsewhere, sizeof(elsewhere));
	start = reply->len;
	fake_reply_add(reply, QTYPE_A, 3600, elsewhere, 4);
	reply->msg[start + 1] = (uint8_t)(start - sizeof(elsewhere)); /* owned by the target */
}

static void a_cname_is_not_followed_as_a_nameserver_is(void **state)
{
	(void)state;
	world_follow("www.example");
	world_pass(answer_cname);
	assert_int_equal(nth_lookup("www.example", QTYPE_A, 0)->outcome, OUTCOME_ANSWERED);
	assert_int_equal(world.targets.count, 1);
}

/* At noon the wall clock is set back by an hour. */
static void answer_stepping(void *ctx, const struct fake_question *question,
			    struct fake_reply *reply)
{
	static bool stepped;

	(void)ctx;
	reply_ttl(question, reply, 600);
	if (question->now_us < FAKE_BOOT_US + 12 * HOUR) {
		stepped = false;
	} else if (!stepped) {
		fake_step_wall(-HOUR);
		stepped = true;
	}
}

static void a_wall_clock_set_back_is_recorded_and_changes_nothing(void **state)
{
	size_t count;

	(void)state;
	world_follow("a.example");
	world_run_for(answer_stepping, DAY);
	count = lookups_of("a.example", QTYPE_A);
	assert_in_range(count, 86400 / 663, 86400 / 601 + 1);
	for (size_t n = 0; n + 1 < count; n++)
		expect_gap("a.example", QTYPE_A, n, 601 * S);
	assert_int_equal(world.jumps, 1);
	assert_in_range(-world.jumped_us, HOUR - S, HOUR + S);
}

static void the_rate_holds_over_a_day(void **state)
{
	char name[32];
	size_t start = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "n%d.example", i);
		world_follow(name);
	}
	world.rate_qps = 1;
	world_run_for(answer_0, DAY);
	assert_in_range(world.lookup_count, 86400 * 99 / 100, 86400 + 10);
	/* In no minute more than its share, and what the limit lets through at once. */
	for (size_t i = 0; i < world.lookup_count; i++) {
		while (world.lookups[start].asked_us + MINUTE <= world.lookups[i].asked_us)
			start++;
		assert_in_range(i - start + 1, 1, 60 + 10);
	}
}

/* A TTL of 0 and failures, which are bursts and retries for others. */
static void answer_of_addresses(void *ctx, const struct fake_question *question,
				struct fake_reply *reply)
{
	static const uint8_t text[] = "\4text";
	static const uint8_t host[] = "\4host\7example";

	(void)ctx;
	fake_reply_empty(reply, question, asks(question, "1.0.2.192.in-addr.arpa") ? 2 : 0);
	reply->delay_us = SHORTLY;
	if (question->qtype == QTYPE_TXT)
		fake_reply_add(reply, QTYPE_TXT, 0, text, sizeof(text) - 1);
	else
		fake_reply_add(reply, QTYPE_PTR, 0, host, sizeof(host));
}

static void what_tells_of_addresses_is_asked_once_at_its_rate(void **state)
{
	char name[64];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%d.0.2.192.in-addr.arpa", i);
		world_enrich(name);
		snprintf(name, sizeof(name), "%d.0.2.192.origin.asn.cymru.com", i);
		world_enrich(name);
	}
	world.rate_qps = 1;
	world_pass(answer_of_addresses);
	assert_int_equal(world.addresses, 200);
	assert_int_equal(world.followed + world.nameservers + world.unannounced, 0);
	assert_int_equal(lookups_with(OUTCOME_ANSWERED), 199);
	assert_int_equal(lookups_of("2.0.2.192.in-addr.arpa", QTYPE_PTR), 1);
	assert_int_equal(lookups_of("2.0.2.192.origin.asn.cymru.com", QTYPE_TXT), 1);
	assert_in_range(lookups_of("1.0.2.192.in-addr.arpa", QTYPE_PTR), 1, 3);
	assert_int_equal(world.lookup_count,
			 199 + lookups_of("1.0.2.192.in-addr.arpa", QTYPE_PTR));
	assert_true(world.lookups[world.lookup_count - 1].asked_us - FAKE_BOOT_US > 180 * S);
}

static void twenty_thousand_targets_pass(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "n%d.example", i);
		world_follow(name);
	}
	world_pass(answer_day);
	assert_int_equal(world.lookup_count, 20000 * 4 + 2);
	assert_int_equal(world.followed, 20000);
	assert_int_equal(world.unannounced, 0);
	assert_int_equal(lookups_with(OUTCOME_ANSWERED), world.lookup_count);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_ttl_of_600_is_asked_every_601_seconds),
		TEST(ttl_zero_is_a_burst_and_then_every_minute),
		TEST(ns_and_soa_are_asked_hourly_and_aaaa_every_six_hours),
		TEST(a_pass_of_static_names_ends_when_all_are_asked),
		TEST(a_pass_goes_on_with_a_burst_until_it_is_judged),
		TEST(a_pass_waits_for_bursts_a_minute_at_most),
		TEST(a_second_pass_asks_nothing_before_its_time),
		TEST(nameservers_are_followed_thirteen_of_them),
		TEST(a_cname_is_not_followed_as_a_nameserver_is),
		TEST(a_wall_clock_set_back_is_recorded_and_changes_nothing),
		TEST(the_rate_holds_over_a_day),
		TEST(what_tells_of_addresses_is_asked_once_at_its_rate),
		TEST(twenty_thousand_targets_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
