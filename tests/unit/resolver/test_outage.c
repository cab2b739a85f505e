/* SPDX-License-Identifier: MIT */
/* resolver: what is the servers' fault or ours, and never the name's. */
#include "tests/unit/resolver/world.h"

static void unproven_servers_are_probed_before_they_are_asked(void **state)
{
	(void)state;
	world_start(2);
	world.udp[1] = DEAD;
	assert_int_equal(resolver_room(world.resolver), 0);
	assert_true(resolver_has_hope(world.resolver));
	fake_advance(100 * MS);
	assert_int_equal(fake_questions(), 2);
	assert_true(resolver_room(world.resolver) > 0);
	assert_int_equal(resolver_asked(world.resolver), 0);
	world.to_ask = 8;
	fake_advance(1 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 8);
	for (size_t i = 0; i < world.lookup_count; i++)
		assert_int_equal(world.lookups[i].server, 1);
}

static void a_silent_name_is_recorded_as_a_timeout(void **state)
{
	(void)state;
	world_start(1);
	world_ask_one(SILENT);
	assert_int_equal(world.ends[QUESTION_UNSETTLED], 1);
	assert_int_equal(world.lookup_count, 3);
	for (size_t i = 0; i < 3; i++) {
		world_check_lookup(i, OUTCOME_TIMEOUT, false);
		assert_int_equal(world.lookups[i].rtt_us, 2 * S);
	}
	assert_true(world.lookups[2].asked_us - world.lookups[0].asked_us < 5 * S);
}

static void a_dead_server_is_never_the_names_fault(void **state)
{
	(void)state;
	world_start(1);
	fake_advance(1 * S);
	world.udp[0] = DEAD;
	world.to_ask = 5;
	fake_advance(10 * S);
	assert_int_equal(world.lookup_count, 0);
	assert_int_equal(world.ends[QUESTION_POSTPONED], 5);
	assert_int_equal(resolver_room(world.resolver), 0);
	assert_true(resolver_has_hope(world.resolver));
	fake_advance(30 * S);
	assert_false(resolver_has_hope(world.resolver));
}

static void a_dead_server_is_probed_until_it_lives_again(void **state)
{
	(void)state;
	world_start(1);
	fake_advance(1 * S);
	world.udp[0] = DEAD;
	world.to_ask = 1;
	fake_advance(60 * S);
	assert_int_equal(resolver_room(world.resolver), 0);
	world.udp[0] = ANSWERS;
	world.to_ask = 1;
	fake_advance(5 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 1);
	assert_int_equal(world.lookup_count, 1);
	assert_true(resolver_has_hope(world.resolver));
}

static void questions_move_from_a_dead_server_to_a_live_one(void **state)
{
	(void)state;
	world_start(2);
	fake_advance(1 * S);
	world.udp[0] = DEAD;
	world.to_ask = 20;
	fake_advance(10 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 20);
	assert_int_equal(world.lookup_count, 20);
	assert_true(resolver_has_hope(world.resolver));
}

static void hope_ends_when_no_server_answers_its_first_probes(void **state)
{
	(void)state;
	world_start(2);
	world.udp[0] = DEAD;
	world.udp[1] = FAULTS;
	fake_advance(5 * S);
	assert_true(resolver_has_hope(world.resolver));
	fake_advance(2 * S);
	assert_false(resolver_has_hope(world.resolver));
	assert_int_equal(fake_questions(), 2 * 4); /* at 0, 2, 4 and 6 s */
}

static void a_fault_that_passes_costs_nothing(void **state)
{
	(void)state;
	world_start(1);
	fake_advance(1 * S);
	world.faults_left = 1;
	world.to_ask = 1;
	fake_advance(5 * S);
	assert_int_equal(world.ends[QUESTION_SETTLED], 1);
	assert_int_equal(world.lookup_count, 1);
	world_check_lookup(0, OUTCOME_ANSWERED, false);
}

static void a_fault_that_stays_postpones(void **state)
{
	(void)state;
	world_start(1);
	world_ask_one(FAULTS);
	assert_int_equal(world.ends[QUESTION_POSTPONED], 1);
	assert_int_equal(world.lookup_count, 0);
}

static void questions_end_when_it_is_freed(void **state)
{
	(void)state;
	world_start(1);
	fake_advance(1 * S);
	world.udp[0] = DEAD;
	world.to_ask = 7;
	fake_advance(1 * S);
	world.to_ask = 2;
	fake_advance(1500 *
		     MS); /* 7 have timed out and are held, 2 and a probe are in flight */
	assert_int_equal(fake_in_flight(), 3);
	assert_int_equal(resolver_in_flight(world.resolver), 9);
	world_stop(NULL);
	assert_int_equal(world.ends[QUESTION_POSTPONED], 9);
	assert_int_equal(world.lookup_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(unproven_servers_are_probed_before_they_are_asked),
		WORLD_TEST(a_silent_name_is_recorded_as_a_timeout),
		WORLD_TEST(a_dead_server_is_never_the_names_fault),
		WORLD_TEST(a_dead_server_is_probed_until_it_lives_again),
		WORLD_TEST(questions_move_from_a_dead_server_to_a_live_one),
		WORLD_TEST(hope_ends_when_no_server_answers_its_first_probes),
		WORLD_TEST(a_fault_that_passes_costs_nothing),
		WORLD_TEST(a_fault_that_stays_postpones),
		WORLD_TEST(questions_end_when_it_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
