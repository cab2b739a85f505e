/* SPDX-License-Identifier: MIT */
/*
 * Questions in flight to one server over UDP or over TCP; the only file that sees c-ares. Tests
 * link a fake in its place. A channel sends what it is told and tells what came back; it
 * retries nothing, interprets nothing and keeps no policy. Sends are collected and leave with
 * channel_turn(), in batches (sendmmsg); receives come in batches too (recvmmsg). A message is
 * given, as it came, only where its id and its question are those of a question in flight; a
 * failure without any question where its id is.
 */
#ifndef RESOLVER_CHANNEL_H
#define RESOLVER_CHANNEL_H

#include "resolver/address.h"
#include "resolver/loop.h"

enum channel_result {
	CHANNEL_MESSAGE, /* something came; msg holds it, for the time of the call */
	CHANNEL_TIMEOUT, /* nothing came in time */
	CHANNEL_FAULT,   /* a fault on our side or an ICMP refusal: says nothing of the name */
};

/* May run inside channel_ask, channel_turn and channel_free: set all state first. */
typedef void (*channel_done)(void *ctx, enum channel_result result, const uint8_t *msg,
			     size_t len);

struct channel_options {
	struct server_address server;
	bool over_tcp;
	int timeout_ms;
};

struct channel;

struct channel *channel_new(struct loop *loop, const struct channel_options *options,
			    struct error *err) MUST_CHECK;
/* Ends what is in flight with CHANNEL_FAULT. Never inside a channel_done. */
void channel_free(struct channel *channel);
/*
 * Never the same (qname, qtype) twice in flight on one channel, and never inside a
 * channel_done: c-ares may just be closing the socket. qname is copied.
 */
void channel_ask(struct channel *channel, const uint8_t *qname, uint16_t qtype,
		 channel_done done, void *ctx);
/* Once a loop turn: sends the batch, and every 50 ms looks for time-outs. */
void channel_turn(struct channel *channel);
/*
 * Is it time to use a fresh one? So after 20 questions from one source port to a server that
 * is not on loopback, lest the port can be guessed; or where its socket cannot be watched.
 */
bool channel_is_worn(const struct channel *channel);

#endif
