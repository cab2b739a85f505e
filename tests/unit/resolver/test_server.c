/* SPDX-License-Identifier: MIT */
/* server, bucket: health, window and rate, over times that the test makes up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "resolver/server.h"

#define S  INT64_C(1000000)
#define T0 (100 * S)
/* Of a server that is not near. */
#define RTT (S / 20)

static struct server server;

static void start(double rate_qps)
{
	static const struct server_address address = {{4, {127, 0, 0, 1}}, 53};

	server_init(&server, &address, rate_qps, T0);
}

static void start_up(double rate_qps)
{
	start(rate_qps);
	server_note_probe_answer(&server, T0);
}

/* Asks as much as it bears, and answers it all at now_us, after rtt_us. */
static void ask_and_answer_in(int64_t rtt_us, int64_t now_us)
{
	unsigned asked = 0;

	for (size_t room = server_room(&server, now_us); room > 0; room--, asked++)
		server_note_asked(&server);
	while (asked-- > 0)
		server_note_answer(&server, false, now_us - rtt_us, now_us);
}

static void ask_and_answer_all(int64_t now_us)
{
	ask_and_answer_in(RTT, now_us);
}

static void an_unproven_server_gets_probes_alone(void **state)
{
	(void)state;
	start(0);
	assert_true(server_probe_is_due(&server, T0));
	assert_int_equal(server_room(&server, T0), 0);
	server_note_probe_answer(&server, T0);
	assert_false(server_probe_is_due(&server, T0 + 100 * S));
	assert_true(server_room(&server, T0) > 0);
}

static void hope_ends_with_the_third_lost_probe(void **state)
{
	(void)state;
	start(0);
	for (int i = 0; i < 3; i++) {
		int64_t asked_us = T0 + 2 * i * S;

		assert_true(server_has_hope(&server, asked_us));
		assert_true(server_probe_is_due(&server, asked_us));
		server_note_probe_loss(&server, asked_us, asked_us + S);
		assert_false(server_probe_is_due(&server, asked_us + 2 * S - 1));
	}
	assert_false(server_has_hope(&server, T0 + 6 * S));
	server_note_probe_answer(&server, T0 + 6 * S);
	assert_true(server_has_hope(&server, T0 + 6 * S));
}

static void silence_brings_doubt_and_a_lost_probe_brings_it_down(void **state)
{
	(void)state;
	start_up(0);
	server_note_asked(&server);
	server_note_timeout(&server, T0 + S, T0 + 3 * S);
	assert_int_equal(server.state, SERVER_UP);
	assert_int_equal(server_room(&server, T0 + 3 * S), 0);
	assert_true(server_probe_is_due(&server, T0 + 3 * S));
	server_note_probe_loss(&server, T0 + 3 * S, T0 + 5 * S);
	assert_int_equal(server.state, SERVER_DOWN);
	assert_true(server_has_hope(&server, T0 + 34 * S));
	assert_false(server_has_hope(&server, T0 + 36 * S));
}

static void a_timeout_is_the_names_own_where_the_server_answered_since(void **state)
{
	(void)state;
	start_up(0);
	server_note_asked(&server);
	server_note_asked(&server);
	assert_false(server_answered_since(&server, T0 + S));
	server_note_answer(&server, false, T0 + 2 * S - RTT, T0 + 2 * S);
	assert_true(server_answered_since(&server, T0 + S));
	server_note_timeout(&server, T0 + S, T0 + 3 * S);
	assert_false(server_probe_is_due(&server, T0 + 3 * S));
	assert_true(server_room(&server, T0 + 3 * S) > 0);
	assert_int_equal(server.in_flight, 0);
}

static void a_fault_brings_doubt_and_any_answer_clears_it(void **state)
{
	(void)state;
	start_up(0);
	server_note_asked(&server);
	server_note_asked(&server);
	server_note_fault(&server, T0 + S);
	assert_true(server_probe_is_due(&server, T0 + S));
	assert_int_equal(server_room(&server, T0 + S), 0);
	server_note_answer(&server, false, T0 + S - RTT, T0 + S);
	assert_false(server_probe_is_due(&server, T0 + S));
	assert_true(server_room(&server, T0 + S) > 0);
}

/* An answer to another question that came while the probe was away. */
static void a_lost_probe_is_nothing_where_the_server_answered_since(void **state)
{
	(void)state;
	start_up(0);
	server_note_asked(&server);
	server_note_answer(&server, false, T0 + 2 * S - RTT, T0 + 2 * S);
	server_note_probe_loss(&server, T0 + S, T0 + 3 * S);
	assert_int_equal(server.state, SERVER_UP);
}

static void the_window_grows_in_use_up_to_its_cap(void **state)
{
	double start_window;

	(void)state;
	start_up(0);
	start_window = server.window;
	server_note_asked(&server);
	server_note_answer(&server, false, T0 - RTT, T0);
	assert_true(server.window <= start_window); /* one question uses no window */
	for (int i = 0; i < 1000; i++)
		ask_and_answer_all(T0 + i * S / 10);
	assert_int_equal(server_room(&server, T0 + 100 * S), SERVER_WINDOW_MAX);
}

/* Losses show after 2 s only: what grows until then must not be many times the window. */
static void beyond_a_sockets_buffer_the_window_grows_slowly(void **state)
{
	size_t before;

	(void)state;
	start_up(0);
	for (int i = 0; i < 100; i++)
		ask_and_answer_all(T0);
	before = server_room(&server, T0);
	assert_in_range(before, 100, 300);
	for (int i = 0; i < 2000; i++)
		ask_and_answer_all(T0 + i * S / 1000);
	assert_in_range(server_room(&server, T0 + 2 * S), before + 50, 2 * before);
}

/* 200 in flight and 1 ms are 200,000 a second: more would only fill the server's buffer. */
static void a_near_server_needs_no_more(void **state)
{
	(void)state;
	start_up(0);
	for (int i = 0; i < 5000; i++)
		ask_and_answer_in(S / 1000, T0 + i * S / 1000);
	assert_in_range(server_room(&server, T0 + 5 * S), 100, 200);
}

/* A server that once in a while has to wait for a processor is near all the same. */
static void a_stall_makes_no_server_far(void **state)
{
	(void)state;
	start_up(0);
	for (int i = 0; i < 5000; i++)
		ask_and_answer_in(i % 7 == 0 ? S / 20 : S / 1000, T0 + i * S / 1000);
	assert_in_range(server_room(&server, T0 + 5 * S), 100, 200);
}

static void what_a_loss_took_comes_back_slowly(void **state)
{
	size_t before;

	(void)state;
	start_up(0);
	for (int i = 0; i < 1000; i++)
		ask_and_answer_in(S / 1000, T0 + i * S / 1000);
	before = server_room(&server, T0 + S);
	server_note_loss(&server, T0 + S);
	for (int i = 0; i < 200; i++)
		ask_and_answer_in(S / 1000, T0 + S + i * S / 1000);
	assert_in_range(server_room(&server, T0 + 2 * S), before / 2 + 1, before * 2 / 3);
	for (int i = 0; i < 5000; i++)
		ask_and_answer_in(S / 1000, T0 + 2 * S + i * S / 1000);
	assert_in_range(server_room(&server, T0 + 7 * S), before, before + 10);
}

static void losses_halve_the_window_once_a_period_and_leave_a_rest(void **state)
{
	size_t before;

	(void)state;
	start_up(0);
	for (int i = 0; i < 100; i++)
		ask_and_answer_all(T0);
	before = server_room(&server, T0);
	for (int i = 0; i < 50; i++)
		server_note_loss(&server, T0 + S + i);
	assert_int_equal(server_room(&server, T0 + S), before / 2);
	server_note_loss(&server, T0 + 4 * S);
	assert_int_equal(server_room(&server, T0 + 4 * S), before / 4);
	for (int i = 0; i < 50; i++)
		server_note_loss(&server, T0 + (10 + 3 * i) * S);
	assert_int_equal(server_room(&server, T0 + 200 * S), 16);
}

static void refusals_count_in_a_row_of_sixteen_alone(void **state)
{
	size_t before;

	(void)state;
	start_up(0);
	before = server_room(&server, T0);
	for (int i = 0; i < 100; i++) { /* every tenth name lives */
		server_note_asked(&server);
		server_note_answer(&server, i % 10 != 0, T0 + S - RTT, T0 + S);
	}
	assert_int_equal(server_room(&server, T0 + S), before);
	for (int i = 0; i < 16; i++) {
		server_note_asked(&server);
		server_note_answer(&server, true, T0 + S - RTT, T0 + S);
	}
	assert_int_equal(server_room(&server, T0 + S), before / 2);
}

static void its_rate_is_a_ceiling_with_a_small_burst(void **state)
{
	size_t asked = 0;

	(void)state;
	start_up(50);
	for (int64_t now_us = T0; now_us < T0 + 10 * S; now_us += 1000) {
		while (server_room(&server, now_us) > 0) {
			server_note_asked(&server);
			server_note_answer(&server, false, now_us - RTT, now_us);
			asked++;
		}
	}
	assert_in_range(asked, 499, 506);
	/* An hour of rest saves up a tenth of a second. */
	assert_int_equal(server_room(&server, T0 + 3600 * S), 5);
}

static void a_rate_below_one_question_a_second_works(void **state)
{
	(void)state;
	start_up(0.5);
	assert_int_equal(server_room(&server, T0), 1);
	server_note_asked(&server);
	server_note_answer(&server, false, T0 - RTT, T0);
	assert_int_equal(server_room(&server, T0 + S), 0);
	assert_int_equal(server_room(&server, T0 + 2 * S), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unproven_server_gets_probes_alone),
		cmocka_unit_test(hope_ends_with_the_third_lost_probe),
		cmocka_unit_test(silence_brings_doubt_and_a_lost_probe_brings_it_down),
		cmocka_unit_test(a_timeout_is_the_names_own_where_the_server_answered_since),
		cmocka_unit_test(a_fault_brings_doubt_and_any_answer_clears_it),
		cmocka_unit_test(a_lost_probe_is_nothing_where_the_server_answered_since),
		cmocka_unit_test(the_window_grows_in_use_up_to_its_cap),
		cmocka_unit_test(beyond_a_sockets_buffer_the_window_grows_slowly),
		cmocka_unit_test(a_near_server_needs_no_more),
		cmocka_unit_test(a_stall_makes_no_server_far),
		cmocka_unit_test(what_a_loss_took_comes_back_slowly),
		cmocka_unit_test(losses_halve_the_window_once_a_period_and_leave_a_rest),
		cmocka_unit_test(refusals_count_in_a_row_of_sixteen_alone),
		cmocka_unit_test(its_rate_is_a_ceiling_with_a_small_burst),
		cmocka_unit_test(a_rate_below_one_question_a_second_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
