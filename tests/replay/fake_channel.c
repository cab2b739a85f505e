/* SPDX-License-Identifier: MIT */
#include "tests/replay/fake_channel.h"
#include "resolver/name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORN_AFTER 20
/* What rests for less than this, between tries or for a rate limit, is served in time. */
#define BUSY_US      INT64_C(1000000)
#define IDLE_TICK_US INT64_C(1000000)

struct channel {
	struct channel_options options;
	unsigned asked;
};

/* A question on its way. */
struct flight {
	int64_t due_us;
	uint64_t number;         /* orders what is due at the same time */
	struct channel *channel; /* borrowed; NULL when it was freed: nothing to deliver */
	struct name qname;
	uint16_t qtype;
	channel_done done;
	void *ctx; /* the asker's */
	enum channel_result result;
	size_t len;
	uint8_t *msg; /* owned */
};

struct loop {
	loop_turn turn;
	void *ctx; /* the turn's */
	bool stopped;
};

static struct {
	fake_answer answer;
	void *ctx; /* the test's */
	int64_t boot_us;
	int64_t wall_us;
	int64_t busy_us; /* boot time of the last question or delivery */
	bool stop_asked;
	struct loop *loop;       /* the loop that lives, if any; its owner's */
	struct flight **flights; /* owned: a binary heap, the next due first */
	size_t count;
	size_t size;
	size_t in_flight; /* flights of channels that live */
	size_t channels;
	uint64_t questions;
} net;

/* An assertion that stays in every kind of build. */
static void require(bool holds)
{
	if (holds)
		return;
	fputs("fake_channel: no memory, or used against its contract\n", stderr);
	abort();
}

static int64_t wall_us(void *ctx)
{
	(void)ctx;
	return net.wall_us;
}

static int64_t boot_us(void *ctx)
{
	(void)ctx;
	return net.boot_us;
}

const struct clock fake_clock = {wall_us, boot_us, NULL};

static bool is_before(const struct flight *a, const struct flight *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->number < b->number;
}

static void heap_put(struct flight *flight)
{
	size_t at = net.count++;

	if (net.count > net.size) {
		net.size = net.size > 0 ? 2 * net.size : 64;
		net.flights = realloc(net.flights, net.size * sizeof(struct flight *));
		require(net.flights != NULL);
	}
	for (; at > 0 && is_before(flight, net.flights[(at - 1) / 2]); at = (at - 1) / 2)
		net.flights[at] = net.flights[(at - 1) / 2];
	net.flights[at] = flight;
}

static struct flight *heap_take(void)
{
	struct flight *first = net.flights[0];
	struct flight *last = net.flights[--net.count];
	size_t at = 0;

	for (size_t child = 1; child < net.count; child = 2 * at + 1) {
		if (child + 1 < net.count &&
		    is_before(net.flights[child + 1], net.flights[child]))
			child++;
		if (!is_before(net.flights[child], last))
			break;
		net.flights[at] = net.flights[child];
		at = child;
	}
	net.flights[at] = last;
	return first;
}

static void flight_free(struct flight *flight)
{
	free(flight->msg);
	free(flight);
}

static void deliver(struct flight *flight)
{
	if (flight->channel != NULL) {
		net.in_flight--;
		net.busy_us = net.boot_us;
		flight->channel = NULL;
		flight->done(flight->ctx, flight->result, flight->msg, flight->len);
	}
	flight_free(flight);
}

void fake_start(fake_answer answer, void *ctx)
{
	while (net.count > 0)
		flight_free(heap_take());
	free(net.flights);
	memset(&net, 0, sizeof(net));
	net.answer = answer;
	net.ctx = ctx;
	net.boot_us = FAKE_BOOT_US;
	net.wall_us = FAKE_WALL_US;
	net.busy_us = FAKE_BOOT_US;
}

/* Jumps to the next event, but not beyond until_us. */
static void step(int64_t until_us)
{
	bool is_busy = net.in_flight > 0 || net.boot_us - net.busy_us < BUSY_US;
	int64_t tick_us = is_busy ? LOOP_TICK_MS * 1000 : IDLE_TICK_US;
	int64_t next_us = net.boot_us + tick_us;

	if (net.count > 0 && net.flights[0]->due_us < next_us)
		next_us = net.flights[0]->due_us;
	if (next_us > until_us)
		next_us = until_us;
	net.wall_us += next_us - net.boot_us;
	net.boot_us = next_us;
	while (net.count > 0 && net.flights[0]->due_us <= net.boot_us)
		deliver(heap_take());
	if (net.loop != NULL)
		net.loop->turn(net.loop->ctx);
}

void fake_advance(int64_t us)
{
	int64_t end_us = net.boot_us + us;

	while (net.boot_us < end_us)
		step(end_us);
}

void fake_step_wall(int64_t us)
{
	net.wall_us += us;
}

void fake_ask_stop(void)
{
	net.stop_asked = true;
}

static void put_u16(struct fake_reply *reply, unsigned value)
{
	require(reply->len + 2 <= FAKE_MESSAGE_MAX);
	reply->msg[reply->len++] = (uint8_t)(value >> 8);
	reply->msg[reply->len++] = (uint8_t)value;
}

static void put_bytes(struct fake_reply *reply, const uint8_t *bytes, size_t len)
{
	require(reply->len + len <= FAKE_MESSAGE_MAX);
	memcpy(reply->msg + reply->len, bytes, len);
	reply->len += len;
}

void fake_reply_empty(struct fake_reply *reply, const struct fake_question *question,
		      unsigned rcode)
{
	reply->result = CHANNEL_MESSAGE;
	reply->len = 0;
	put_u16(reply, 0x1234);
	put_u16(reply, 0x8180 | rcode); /* QR, RD, RA */
	put_u16(reply, 1);
	for (int i = 0; i < 3; i++)
		put_u16(reply, 0);
	put_bytes(reply, question->qname, name_len(question->qname));
	put_u16(reply, question->qtype);
	put_u16(reply, 1);
}

void fake_reply_add(struct fake_reply *reply, uint16_t type, uint32_t ttl_s,
		    const uint8_t *rdata, size_t rdata_len)
{
	reply->msg[7]++; /* ANCOUNT; 255 records are enough */
	put_u16(reply, 0xc00c);
	put_u16(reply, type);
	put_u16(reply, 1);
	put_u16(reply, ttl_s >> 16);
	put_u16(reply, ttl_s & 0xffff);
	put_u16(reply, (unsigned)rdata_len);
	put_bytes(reply, rdata, rdata_len);
}

size_t fake_in_flight(void)
{
	return net.in_flight;
}

size_t fake_channels(void)
{
	return net.channels;
}

uint64_t fake_questions(void)
{
	return net.questions;
}

struct channel *channel_new(struct loop *loop, const struct channel_options *options,
			    struct error *err)
{
	struct channel *channel = calloc(1, sizeof(*channel));

	(void)loop;
	(void)err;
	require(channel != NULL);
	channel->options = *options;
	net.channels++;
	return channel;
}

void channel_free(struct channel *channel)
{
	for (size_t i = 0; i < net.count; i++) {
		struct flight *flight = net.flights[i];

		if (flight->channel != channel)
			continue;
		flight->channel = NULL;
		net.in_flight--;
		flight->done(flight->ctx, CHANNEL_FAULT, NULL, 0);
	}
	net.channels--;
	free(channel);
}

static bool is_in_flight(const struct channel *channel, const uint8_t *qname, uint16_t qtype)
{
	for (size_t i = 0; i < net.count; i++) {
		const struct flight *flight = net.flights[i];

		if (flight->channel == channel && flight->qtype == qtype &&
		    name_equal(flight->qname.wire, qname))
			return true;
	}
	return false;
}

/* The time-out, where nothing or too late a message comes. */
static void limit_delay(const struct channel *channel, struct fake_reply *reply)
{
	int64_t limit_us = channel->options.timeout_ms * INT64_C(1000);

	if (reply->result != CHANNEL_TIMEOUT && reply->delay_us < limit_us)
		return;
	reply->result = CHANNEL_TIMEOUT;
	reply->delay_us = limit_us;
}

static struct flight *flight_new(struct channel *channel, const struct fake_reply *reply)
{
	struct flight *flight = calloc(1, sizeof(*flight));

	require(flight != NULL);
	flight->due_us = net.boot_us + reply->delay_us;
	flight->number = net.questions;
	flight->channel = channel;
	flight->result = reply->result;
	if (reply->result != CHANNEL_MESSAGE)
		return flight;
	flight->len = reply->len;
	flight->msg = malloc(reply->len);
	require(flight->msg != NULL);
	memcpy(flight->msg, reply->msg, reply->len);
	return flight;
}

void channel_ask(struct channel *channel, const uint8_t *qname, uint16_t qtype,
		 channel_done done, void *ctx)
{
	struct fake_question question = {.server = channel->options.server,
					 .over_tcp = channel->options.over_tcp,
					 .qname = qname,
					 .qtype = qtype,
					 .now_us = net.boot_us};
	struct fake_reply reply;
	struct flight *flight;

	require(!is_in_flight(channel, qname, qtype));
	reply.result = CHANNEL_TIMEOUT;
	reply.delay_us = 0;
	reply.len = 0;
	net.questions++;
	net.busy_us = net.boot_us;
	channel->asked++;
	net.answer(net.ctx, &question, &reply);
	if (reply.result == CHANNEL_FAULT && reply.delay_us == 0) {
		done(ctx, CHANNEL_FAULT, NULL, 0);
		return;
	}
	limit_delay(channel, &reply);
	flight = flight_new(channel, &reply);
	memcpy(flight->qname.wire, qname, name_len(qname));
	flight->qtype = qtype;
	flight->done = done;
	flight->ctx = ctx;
	net.in_flight++;
	heap_put(flight);
}

void channel_turn(struct channel *channel)
{
	(void)channel;
}

bool channel_is_worn(const struct channel *channel)
{
	const struct address *ip = &channel->options.server.ip;

	return channel->asked >= WORN_AFTER && (ip->family != 4 || ip->bytes[0] != 127);
}

struct loop *loop_new(loop_turn turn, void *ctx, struct error *err)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	(void)err;
	require(loop != NULL && net.loop == NULL);
	loop->turn = turn;
	loop->ctx = ctx;
	net.loop = loop;
	return loop;
}

void loop_free(struct loop *loop)
{
	net.loop = NULL;
	free(loop);
}

void loop_run(struct loop *loop)
{
	while (!loop->stopped)
		step(INT64_MAX);
	loop->stopped = false;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

bool loop_stop_asked(const struct loop *loop)
{
	(void)loop;
	return net.stop_asked;
}
