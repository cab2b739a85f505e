/* SPDX-License-Identifier: MIT */
/* channel: the real one, on the real loop, against a nameserver in a thread of this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "resolver/channel.h"
#include "resolver/lookup.h"
#include "tests/unit/resolver/nameserver.h"

#define TIMEOUT_MS 300

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
} asker;

static void on_turn(void *ctx)
{
	(void)ctx;
	channel_turn(asker.channel);
	if (asker.done >= asker.expected)
		loop_stop(asker.loop);
}

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

static void start_asker(const char *ip, uint16_t port, bool over_tcp)
{
	struct channel_options options = {.over_tcp = over_tcp, .timeout_ms = TIMEOUT_MS};
	struct error err;
	char text[SERVER_ADDRESS_TEXT_SIZE];

	memset(&asker, 0, sizeof(asker));
	server.asked = 0;
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

static void ask(const char *text)
{
	struct name name;
	struct error err;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	asker.expected++;
	channel_ask(asker.channel, name.wire, QTYPE_A, on_done, &asker);
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

static void an_error_rcode_comes_with_its_message(void **state)
{
	(void)state;
	start_asker("127.0.0.1", server.port, false);
	assert_int_equal(ask_and_wait("servfail.example"), CHANNEL_MESSAGE);
	check_message_as_sent();
	assert_int_equal(asker.msg[3] & 15, 2);
	stop_asker();
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

static void replies_to_other_questions_are_not_ours(void **state)
{
	static const char *const names[] = {"id.example", "question.example",
					    "garbage.example"};

	(void)state;
	start_asker("127.0.0.1", server.port, false);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ask(names[i]);
	ask("answer.example");
	loop_run(asker.loop);
	assert_int_equal(asker.done, 4);
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

static void many_go_and_come_in_batches(void **state)
{
	char text[32];

	(void)state;
	start_asker("127.0.0.1", server.port, false);
	for (unsigned i = 0; i < 150; i++) {
		snprintf(text, sizeof(text), "answer.n%u.example", i);
		ask(text);
	}
	loop_run(asker.loop);
	assert_int_equal(asker.done, 150);
	assert_int_equal(asker.messages, 150);
	assert_int_equal(server.asked, 150);
	assert_false(channel_is_worn(asker.channel));
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
	assert_int_equal(raise(SIGPIPE), 0);
	assert_int_equal(ask_and_wait("answer.example"), CHANNEL_MESSAGE);
	assert_true(loop_stop_asked(asker.loop));
	stop_asker();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_comes_as_it_was_sent),
		cmocka_unit_test(an_error_rcode_comes_with_its_message),
		cmocka_unit_test(a_large_datagram_is_not_cut),
		cmocka_unit_test(a_formerr_leaves_edns_on),
		cmocka_unit_test(a_truncated_reply_is_given_and_tcp_brings_the_whole),
		cmocka_unit_test(silence_is_a_timeout_after_its_time),
		cmocka_unit_test(replies_to_other_questions_are_not_ours),
		cmocka_unit_test(an_empty_datagram_harms_nothing),
		cmocka_unit_test(a_closed_port_is_a_fault_and_not_the_end),
		cmocka_unit_test(many_go_and_come_in_batches),
		cmocka_unit_test(a_source_port_is_worn_after_twenty_questions),
		cmocka_unit_test(freeing_ends_what_is_in_flight_with_a_fault),
		cmocka_unit_test(a_signal_asks_to_stop),
	};

	return cmocka_run_group_tests(tests, nameserver_start, nameserver_stop);
}
