/* SPDX-License-Identifier: MIT */
/* resolver: what becomes of a question, and how many may be asked. */
#include "tests/unit/resolver/world.h"

static void an_answer_settles(void **state)
{
	(void)state;
	world_start(1);
	world_ask_one(ANSWERS);
	assert_int_equal(world.ends[QUESTION_SETTLED], 1);
	assert_int_equal(world.lookup_count, 1);
	world_check_lookup(0, OUTCOME_ANSWERED, false);
	assert_int_equal(world.lookups[0].rtt_us, 10 * MS);
	assert_int_equal(resolver_asked(world.resolver), 1);
}

static void a_negative_answer_settles(void **state)
{
	(void)state;
	world_start(2);
	world_ask_one(NXDOMAIN);
	assert_int_equal(world.ends[QUESTION_SETTLED], 1);
	assert_int_equal(world.lookup_count, 1);
}

static void a_failure_is_tried_on_three_different_servers(void **state)
{
	unsigned servers = 0;

	(void)state;
	world_start(4);
	world_ask_one(SERVFAIL);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 3);
	for (size_t i = 0; i < 3; i++) {
		world_check_lookup(i, OUTCOME_SERVFAIL, false);
		servers |= 1U << world.lookups[i].server;
	}
	assert_int_equal(__builtin_popcount(servers), 3);
	assert_true(world.lookups[2].asked_us - world.lookups[0].asked_us < 200 * MS);
}

static void one_server_is_not_asked_again_at_once(void **state)
{
	(void)state;
	world_start(2);
	world.udp[1] = DEAD; /* never proven: no other server */
	fake_advance(1 * S);
	world.udp[0] = REFUSED;
	world.to_ask = 1;
	fake_advance(20 * S);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 3);
	for (size_t i = 1; i < 3; i++)
		assert_in_range(world.lookups[i].asked_us - world.lookups[i - 1].asked_us,
				2600 * MS, 2700 * MS);
	/* Two rests are longer than the 5 s that a failure is cached at first (RFC 9520, 3.2).
	 */
	assert_true(world.lookups[2].asked_us - world.lookups[0].asked_us > 5 * S);
}

static void a_failure_at_one_server_is_settled_by_another(void **state)
{
	(void)state;
	world_start(2);
	fake_advance(1 * S);
	world.udp[0] = SERVFAIL;
	world.to_ask = 2; /* one falls to each server */
	fake_advance(5 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 2);
	assert_int_equal(world.lookup_count, 3);
}

static void a_truncated_answer_is_recorded_and_asked_over_tcp(void **state)
{
	(void)state;
	world_start(1);
	assert_int_equal(fake_channels(), 1);
	world_ask_one(TRUNCATES);
	assert_int_equal(world.ends[QUESTION_SETTLED], 1);
	assert_int_equal(world.lookup_count, 2);
	world_check_lookup(0, OUTCOME_TRUNCATED, false);
	world_check_lookup(1, OUTCOME_ANSWERED, true);
	assert_int_equal(fake_channels(), 2);
}

static void what_came_truncated_must_do_where_there_is_no_tcp(void **state)
{
	(void)state;
	world_start(1);
	world.tcp[0] = FAULTS;
	world_ask_one(TRUNCATES_SOME);
	assert_int_equal(world.ends[QUESTION_SETTLED], 1);
	assert_int_equal(world.lookup_count, 1);
	world_check_lookup(0, OUTCOME_ANSWERED, false);
	assert_int_equal(fake_questions(), 3); /* the first probe, UDP, TCP: no doubt arose */
}

static void truncated_to_nothing_and_no_tcp_is_no_answer(void **state)
{
	(void)state;
	world_start(1);
	world.tcp[0] = FAULTS;
	world_ask_one(TRUNCATES);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 3);
}

static void a_malformed_reply_is_tried_once_elsewhere(void **state)
{
	(void)state;
	world_start(3);
	world_ask_one(GARBLES);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 2);
	world_check_lookup(0, OUTCOME_MALFORMED, false);
	assert_int_not_equal(world.lookups[0].server, world.lookups[1].server);
}

static void another_rcode_is_final_where_there_is_one_server(void **state)
{
	(void)state;
	world_start(1);
	world_ask_one(NOTIMP);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 1);
	world_check_lookup(0, OUTCOME_OTHER_RCODE, false);
}

static void a_question_ends_when_its_time_is_used_up(void **state)
{
	(void)state;
	world_start(1);
	world.delay_us = 1900 * MS;
	world.tcp[0] = SERVFAIL;
	world_ask_one(TRUNCATES);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 4);
}

static void the_rate_holds_over_all_servers_and_tries(void **state)
{
	(void)state;
	world_start_at(127, 2, 20);
	fake_advance(1 * S);
	world.udp[0] = world.udp[1] = SERVFAIL;
	world.to_ask = 100000;
	fake_advance(100 * S);
	assert_in_range(resolver_asked(world.resolver), 1950, 2002);
}

static void the_window_holds_and_grows(void **state)
{
	(void)state;
	world_start(1);
	world.delay_us = 1 * S;
	fake_advance(1 * S);
	world.to_ask = 150;
	fake_advance(500 * MS);
	assert_int_equal(world.peak, 32);
	assert_int_equal(resolver_room(world.resolver), 0);
	fake_advance(10 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 150);
	assert_true(world.peak > 60);
}

static void a_worn_channel_is_replaced_and_freed(void **state)
{
	(void)state;
	world_start_at(192, 1, 0);
	fake_advance(1 * S);
	world.to_ask = 250;
	fake_advance(20 * MS);
	assert_true(fake_channels() > 1);
	fake_advance(5 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 250);
	assert_int_equal(fake_channels(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(an_answer_settles),
		WORLD_TEST(a_negative_answer_settles),
		WORLD_TEST(a_failure_is_tried_on_three_different_servers),
		WORLD_TEST(one_server_is_not_asked_again_at_once),
		WORLD_TEST(a_failure_at_one_server_is_settled_by_another),
		WORLD_TEST(a_truncated_answer_is_recorded_and_asked_over_tcp),
		WORLD_TEST(what_came_truncated_must_do_where_there_is_no_tcp),
		WORLD_TEST(truncated_to_nothing_and_no_tcp_is_no_answer),
		WORLD_TEST(a_malformed_reply_is_tried_once_elsewhere),
		WORLD_TEST(another_rcode_is_final_where_there_is_one_server),
		WORLD_TEST(a_question_ends_when_its_time_is_used_up),
		WORLD_TEST(the_rate_holds_over_all_servers_and_tries),
		WORLD_TEST(the_window_holds_and_grows),
		WORLD_TEST(a_worn_channel_is_replaced_and_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
