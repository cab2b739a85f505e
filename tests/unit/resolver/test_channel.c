/* SPDX-License-Identifier: MIT */
/* channel: the real one, on the real loop, against a nameserver in a thread of this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "resolver/channel.h"
#include "resolver/lookup.h"
#include "resolver/query.h"
#include "tests/unit/resolver/nameserver.h"

#define TIMEOUT_MS 400
#define IN_FLIGHT  100 /* more than a batch; few enough for the server's receive buffer */

/* One test's asking end. */
static struct {
	struct loop *loop;
	struct channel *channel;
	unsigned expected;
	unsigned done;
	unsigned messages;
	enum channel_result result; /* of the last */
	uint8_t msg[NAMESERVER_MESSAGE_MAX];
	size_t len;
	unsigned numbered; /* still to be asked */
} asker;

static void on_done(void *ctx, enum channel_result result, const uint8_t *msg, size_t len)
{
	assert_ptr_equal(ctx, &asker);
	asker.done++;
	asker.messages += result == CHANNEL_MESSAGE;
	asker.result = result;
	asker.len = len;
	if (result == CHANNEL_MESSAGE)
		memcpy(asker.msg, msg, len);
}

static void ask_as(const char *text, channel_done done, void *ctx)
{
	struct name name;
	struct error err;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	asker.expected++;
	channel_ask(asker.channel, name.wire, QTYPE_A, done, ctx);
}

static void ask(const char *text)
{
	ask_as(text, on_done, &asker);
}

/* The number stands behind "answer" and "n" in the name. */
static void on_numbered(void *ctx, enum channel_result result, const uint8_t *msg, size_t len)
{
	on_done(&asker, result, msg, len);
	if (result == CHANNEL_MESSAGE)
		assert_int_equal(strtoul((const char *)msg + 21, NULL, 10), (uintptr_t)ctx);
}

static void ask_numbered(unsigned number)
{
	char text[32];

	snprintf(text, sizeof(text), "answer.n%u.example", number);
	ask_as(text, on_numbered, (void *)(uintptr_t)number);
}

static void on_turn(void *ctx)
{
	(void)ctx;
	while (asker.numbered > 0 && asker.expected - asker.done < IN_FLIGHT)
		ask_numbered(asker.numbered--);
	channel_turn(asker.channel);
	if (asker.done >= asker.expected)
		loop_stop(asker.loop);
}

static void start_asker(const char *ip, uint16_t port, bool over_tcp)
{
	struct channel_options options = {.over_tcp = over_tcp, .timeout_ms = TIMEOUT_MS};
	struct error err;
	char text[SERVER_ADDRESS_TEXT_SIZE];

	memset(&asker, 0, sizeof(asker));
	server.asked = 0;
	server.connections = 0;
	snprintf(text, sizeof(text), "%s:%u", ip, port);
	assert_int_equal(server_address_parse(&options.server, text, &err), FT_OK);
	asker.loop = loop_new(on_turn, NULL, &err);
	assert_non_null(asker.loop);
	asker.channel = channel_new(asker.loop, &options, &err);
	assert_non_null(asker.channel);
}

static void stop_asker(void)
{
	channel_free(asker.channel);
	loop_free(asker.loop);
}

static enum channel_result ask_and_wait(const char *text)
{
	ask(text);
	loop_run(asker.loop);
	assert_int_equal(asker.done, asker.expected);
	return asker.result;
}

static void check_message_as_sent(void)
{
	assert_int_equal(asker.len, server.sent_len);
	assert_memory_equal(asker.msg, server.sent, server.sent_len);
}

static void a_reply_comes_as_it_was_sent(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	check_message_as_sent();
	assert_true(server.asked_with_edns);
	stop_asker();
}

/* c-ares 1.34 puts a cookie into what it sends. */
static void a_question_goes_as_it_was_built(void **state)
{
	uint8_t query[QUERY_SIZE];
	struct name name;
	struct error err;
	size_t len;

	(void)state;
	assert_int_equal(name_from_text(&name, "answer.a!\\000\\255.example", &err), FT_OK);
	for (int over_tcp = 0; over_tcp <= 1; over_tcp++) {
		start_asker("127.0.0.1", server.port, over_tcp);
		assert_int_equal(ask_and_wait("answer.a!\\000\\255.example"), CHANNEL_MESSAGE);
		check_message_as_sent();
		len = query_build(query, (uint16_t)(server.query[0] << 8 | server.query[1]),
				  name.wire, QTYPE_A);
		assert_int_equal(server.query_len, len);
		assert_memory_equal(server.query, query, len);
		stop_asker();
	}
}

static void an_error_rcode_comes_with_its_message(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("servfail.example"), CHANNEL_MESSAGE);
	check_message_as_sent();
	assert_int_equal(asker.msg[3] & 15, 2);
	stop_asker();
}

/* c-ares waits on for a question that never comes. */
static void a_failure_without_a_question_is_given(void **state)
{
	static const char *const names[] = {"bare.1.example", "bare.2.example",
					    "bare.5.example"};

	(void)state;
	for (int over_tcp = 0; over_tcp <= 1; over_tcp++) {
		start_asker("127.0.0.1", server.port, over_tcp);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			assert_int_equal(ask_and_wait(names[i]), CHANNEL_MESSAGE);
			assert_int_equal(asker.len, 12);
			check_message_as_sent();
		}
		stop_asker();
	}
}

/* c-ares 1.34 drops it, and ends the connection. */
static void broken_records_come_as_they_were_sent(void **state)
{
	(void)state;
	for (int over_tcp = 0; over_tcp <= 1; over_tcp++) {
		start_asker("127.0.0.1", server.port, over_tcp);
		assert_int_equal(ask_and_wait("broken.example"), CHANNEL_MESSAGE);
		check_message_as_sent();
		stop_asker();
	}
}

/* c-ares cuts at 512 what comes by UDP without its own EDNS. */
static void a_large_datagram_is_not_cut(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("large.example"), CHANNEL_MESSAGE);
	assert_int_equal(asker.len, NAMESERVER_LARGE);
	check_message_as_sent();
	stop_asker();
}

/* With c-ares's own EDNS a FORMERR is asked again without, and so is all that follows. */
static void a_formerr_leaves_edns_on(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("formerr.example"), CHANNEL_MESSAGE);
	assert_int_equal(asker.msg[3] & 15, 1);
	assert_int_equal(server.asked, 1);
	assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	assert_true(server.asked_with_edns);
	assert_int_equal(ask_and_wait("large.example"), CHANNEL_MESSAGE);
	assert_int_equal(asker.len, NAMESERVER_LARGE);
	stop_asker();
}

static void a_truncated_reply_is_given_and_tcp_brings_the_whole(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("truncated.example"), CHANNEL_MESSAGE);
	assert_int_equal(asker.msg[2] & 2, 2);
	stop_asker();
	start_asker("127.0.0.1", server.port, true);
	assert_int_equal(ask_and_wait("truncated.example"), CHANNEL_MESSAGE);
	assert_int_equal(asker.len, NAMESERVER_LARGE);
	check_message_as_sent();
	/* The connection has ended; the next question gets a new one. */
	assert_int_equal(ask_and_wait("large.example"), CHANNEL_MESSAGE);
	stop_asker();
}

static void silence_is_a_timeout_after_its_time(void **state)
{
	int64_t start_us = clock_boot_us(&clock_system);
	int64_t took_ms;

	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("silent.example"), CHANNEL_TIMEOUT);
	took_ms = (clock_boot_us(&clock_system) - start_us) / 1000;
	assert_in_range(took_ms, TIMEOUT_MS, TIMEOUT_MS + 2000);
	stop_asker();
}

/* c-ares 1.34 waits only five times as long as what a server needed so far, at least 250 ms. */
static void a_fast_server_gets_its_whole_time_too(void **state)
{
	int64_t start_us;

	(void)state;
	start_asker("127.0.0.1", server.port, false);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	start_us = clock_boot_us(&clock_system);
	assert_int_equal(ask_and_wait("silent.example"), CHANNEL_TIMEOUT);
	assert_true(clock_boot_us(&clock_system) - start_us >= TIMEOUT_MS * 1000);
	stop_asker();
}

static void replies_to_other_questions_are_not_ours(void **state)
{
	static const char *const names[] = {"id.example", "question.example", "garbage.example",
					    "bare.0.example", "bare.3.example"};

	(void)state;
	start_asker("127.0.0.1", server.port, false);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ask(names[i]);
	ask("answer.example");
	loop_run(asker.loop);
	assert_int_equal(asker.done, 6);
	assert_int_equal(asker.messages, 1);
	assert_int_equal(asker.result, CHANNEL_TIMEOUT);
	stop_asker();
}

/* CVE-2023-32067: it was taken for the end of a connection, and all in flight failed. */
static void an_empty_datagram_harms_nothing(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("empty.example"), CHANNEL_MESSAGE);
	check_message_as_sent();
	stop_asker();
}

static void a_closed_port_is_a_fault_and_not_the_end(void **state)
{
	int fd = nameserver_bind(SOCK_DGRAM, 0);
	uint16_t port = nameserver_port(fd);

	(void)state;
	close(fd);
	for (int over_tcp = 0; over_tcp <= 1; over_tcp++) {
		start_asker("127.0.0.1", port, over_tcp);
		assert_int_equal(ask_and_wait("answer.example"), CHANNEL_FAULT);
		assert_int_equal(ask_and_wait("answer.example"), CHANNEL_FAULT);
		stop_asker();
	}
}

/* c-ares 1.34 reads one datagram an event: the rest of the batch must not be forgotten. */
static void many_go_and_come_in_batches(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	asker.numbered = 1000;
	loop_run(asker.loop);
	assert_int_equal(asker.done, 1000);
	assert_int_equal(asker.messages, 1000);
	assert_int_equal(server.asked, 1000);
	assert_false(channel_is_worn(asker.channel));
	stop_asker();
}

static void many_share_a_connection(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, true);
	asker.numbered = 50;
	loop_run(asker.loop);
	assert_int_equal(asker.done, 50);
	assert_int_equal(asker.messages, 50);
	assert_int_equal(server.connections, 1);
	stop_asker();
}

/* 0.0.0.0 reaches 127.0.0.1 without being of its network: a server that is not on loopback. */
static void a_source_port_is_worn_after_twenty_questions(void **state)
{
	uint16_t first_port;

	(void)state;
	start_asker("0.0.0.0", server.port, false);
	for (unsigned i = 0; i < 20; i++) {
		assert_false(channel_is_worn(asker.channel));
		assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	}
	assert_true(channel_is_worn(asker.channel));
	first_port = server.asked_from;
	stop_asker();
	start_asker("0.0.0.0", server.port, false);
	assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	assert_int_not_equal(server.asked_from, first_port);
	stop_asker();
}

static void freeing_ends_what_is_in_flight_with_a_fault(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	ask("silent.example");
	ask("silent.example.net");
	channel_turn(asker.channel);
	stop_asker();
	assert_int_equal(asker.done, 2);
	assert_int_equal(asker.result, CHANNEL_FAULT);
}

static void a_signal_asks_to_stop(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_false(loop_stop_asked(asker.loop));
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	assert_true(loop_stop_asked(asker.loop));
	stop_asker();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_comes_as_it_was_sent),
		cmocka_unit_test(a_question_goes_as_it_was_built),
		cmocka_unit_test(an_error_rcode_comes_with_its_message),
		cmocka_unit_test(a_failure_without_a_question_is_given),
		cmocka_unit_test(broken_records_come_as_they_were_sent),
		cmocka_unit_test(a_large_datagram_is_not_cut),
		cmocka_unit_test(a_formerr_leaves_edns_on),
		cmocka_unit_test(a_truncated_reply_is_given_and_tcp_brings_the_whole),
		cmocka_unit_test(silence_is_a_timeout_after_its_time),
		cmocka_unit_test(a_fast_server_gets_its_whole_time_too),
		cmocka_unit_test(replies_to_other_questions_are_not_ours),
		cmocka_unit_test(an_empty_datagram_harms_nothing),
		cmocka_unit_test(a_closed_port_is_a_fault_and_not_the_end),
		cmocka_unit_test(many_go_and_come_in_batches),
		cmocka_unit_test(many_share_a_connection),
		cmocka_unit_test(a_source_port_is_worn_after_twenty_questions),
		cmocka_unit_test(freeing_ends_what_is_in_flight_with_a_fault),
		cmocka_unit_test(a_signal_asks_to_stop),
	};

	return cmocka_run_group_tests(tests, nameserver_start, nameserver_stop);
}
