/* SPDX-License-Identifier: MIT */
#include "tests/unit/resolver/world.h"

#include <string.h>

#define DELAY_US (10 * MS)

struct world world;

static void reply_as(enum manner manner, const struct fake_question *question,
		     struct fake_reply *reply)
{
	static const uint8_t ADDRESS[] = {192, 0, 2, 7};

	fake_reply_empty(reply, question, 0);
	if (manner == ANSWERS || manner == TRUNCATES_SOME)
		fake_reply_add(reply, QTYPE_A, 60, ADDRESS, sizeof(ADDRESS));
	if (manner == TRUNCATES || manner == TRUNCATES_SOME)
		reply->msg[2] |= 2;
	if (manner == SERVFAIL)
		reply->msg[3] |= 2;
	if (manner == NXDOMAIN)
		reply->msg[3] |= 3;
	if (manner == NOTIMP)
		reply->msg[3] |= 4;
	if (manner == REFUSED)
		reply->msg[3] |= 5;
	if (manner == GARBLES)
		reply->len = 9;
}

static void answer(void *ctx, const struct fake_question *question, struct fake_reply *reply)
{
	unsigned server = question->server.ip.bytes[3] - 1U;
	enum manner manner = question->over_tcp ? world.tcp[server] : world.udp[server];
	bool is_probe = question->qname[0] == 0;

	(void)ctx;
	if (fake_in_flight() + 1 > world.peak)
		world.peak = fake_in_flight() + 1;
	if (manner == FAULTS || (!is_probe && world.faults_left > 0)) {
		world.faults_left -= world.faults_left > 0;
		reply->result = CHANNEL_FAULT;
		return;
	}
	if (manner == DEAD || (manner == SILENT && !is_probe))
		return;
	reply_as(is_probe ? ANSWERS : manner, question, reply);
	reply->delay_us = is_probe ? DELAY_US : world.delay_us;
}

static void on_lookup(void *ctx, void *question, const struct lookup *lookup,
		      const struct answer *read)
{
	size_t i = world.lookup_count++;

	assert_ptr_equal(ctx, &world);
	assert_ptr_equal(question, lookup->qname);
	assert_true(lookup->timed_out == (lookup->msg == NULL));
	assert_int_equal(lookup->asked_wall_us - lookup->asked_boot_us,
			 FAKE_WALL_US - FAKE_BOOT_US);
	if (i >= WORLD_LOOKUPS_MAX)
		return;
	world.lookups[i].outcome = read->outcome;
	world.lookups[i].server = lookup->server.ip.bytes[3];
	world.lookups[i].over_tcp = lookup->over_tcp;
	world.lookups[i].rtt_us = lookup->rtt_us;
	world.lookups[i].asked_us = lookup->asked_boot_us;
}

static void on_done(void *ctx, void *question, enum question_end end)
{
	assert_ptr_equal(ctx, &world);
	assert_non_null(question);
	world.ends[end]++;
}

static void on_turn(void *ctx)
{
	(void)ctx;
	while (world.to_ask > 0 && resolver_room(world.resolver) > 0) {
		uint8_t *qname = world.names[world.next++ % 256].wire;

		world.to_ask--;
		resolver_ask(world.resolver, qname, QTYPE_A, qname);
	}
	resolver_turn(world.resolver);
}

void world_start_at(uint8_t first, size_t servers, double rate_qps)
{
	struct server_address addresses[4];
	struct resolver_options options = {addresses, servers, rate_qps, 0};
	const struct resolver_sink sink = {on_lookup, on_done, &world};
	struct error err;

	fake_start(answer, NULL);
	memset(&world, 0, sizeof(world));
	world.delay_us = DELAY_US;
	for (size_t i = 0; i < servers; i++)
		addresses[i] =
			(struct server_address){{4, {first, 0, 0, (uint8_t)(i + 1)}}, 53};
	for (unsigned i = 0; i < 256; i++)
		world.names[i] = (struct name){
			{3, 'n', (uint8_t)('a' + i / 16), (uint8_t)('a' + i % 16), 0}};
	world.loop = loop_new(on_turn, NULL, &err);
	world.resolver = resolver_new(&options, world.loop, &fake_clock, &sink, &err);
	assert_non_null(world.resolver);
}

void world_start(size_t servers)
{
	world_start_at(127, servers, 0);
}

int world_stop(void **state)
{
	(void)state;
	if (world.resolver != NULL)
		resolver_free(world.resolver);
	world.resolver = NULL;
	if (world.loop != NULL)
		loop_free(world.loop);
	world.loop = NULL;
	return fake_channels() == 0 ? 0 : -1;
}

void world_ask_one(enum manner manner)
{
	fake_advance(1 * S);
	for (int i = 0; i < 4; i++)
		world.udp[i] = manner;
	world.to_ask = 1;
	fake_advance(20 * S);
	assert_int_equal(resolver_in_flight(world.resolver), 0);
	assert_int_equal(world.ends[0] + world.ends[1] + world.ends[2], 1);
}

void world_check_lookup(size_t at, enum outcome outcome, bool over_tcp)
{
	assert_true(at < world.lookup_count);
	assert_int_equal(world.lookups[at].outcome, outcome);
	assert_int_equal(world.lookups[at].over_tcp, over_tcp);
}
