/* SPDX-License-Identifier: MIT */
/*
 * A network and a clock that a test makes up: channel.h and loop.h implemented again, for
 * linking in place of the real ones (library ft_fake_channel instead of ft_channel). The test
 * gives one function that decides what becomes of each question; time passes only in
 * fake_advance() and in loop_run(), which jump from event to event. One network at a time.
 *
 * A channel to an address outside 127.0.0.0/8 is worn after 20 questions, as the real one is.
 * A question that is in flight already on its channel aborts the test.
 */
#ifndef REPLAY_FAKE_CHANNEL_H
#define REPLAY_FAKE_CHANNEL_H

#include "base/clock.h"
#include "resolver/channel.h"

#define FAKE_MESSAGE_MAX 4096

/* Boot time at fake_start(); and wall time, 2026-01-01 00:00:00 UTC. */
#define FAKE_BOOT_US INT64_C(1000000000)
#define FAKE_WALL_US INT64_C(1767225600000000)

struct fake_question {
	struct server_address server;
	bool over_tcp;
	const uint8_t *qname; /* borrowed for the call */
	uint16_t qtype;
	int64_t now_us; /* boot time */
};

/*
 * What becomes of it. CHANNEL_TIMEOUT (and a message later than the channel's time-out) comes
 * when the channel's time is up. A fault without delay comes inside channel_ask(), as it may
 * with c-ares.
 */
struct fake_reply {
	enum channel_result result;
	int64_t delay_us;
	size_t len;
	uint8_t msg[FAKE_MESSAGE_MAX];
};

/* Fills reply, which is a time-out at first. May step the wall clock and ask to stop. */
typedef void (*fake_answer)(void *ctx, const struct fake_question *question,
			    struct fake_reply *reply);

/* To be given to what is tested. */
extern const struct clock fake_clock;

/* A new network, and the clocks at their start. answer and ctx are borrowed until the next. */
void fake_start(fake_answer answer, void *ctx);
/*
 * Time passes: what is due is delivered in its order, and the loop's turn is called after each
 * delivery and each tick: LOOP_TICK_MS until nothing has happened for a second, then a second.
 */
void fake_advance(int64_t us);
/* The wall clock alone steps. */
void fake_step_wall(int64_t us);
/* From now on loop_stop_asked() is true, as after SIGTERM. */
void fake_ask_stop(void);

/* Turns reply into a message for question: its header, question and rcode, no records. */
void fake_reply_empty(struct fake_reply *reply, const struct fake_question *question,
		      unsigned rcode);
/* Adds one record owned by the question's name to the answer section. */
void fake_reply_add(struct fake_reply *reply, uint16_t type, uint32_t ttl_s,
		    const uint8_t *rdata, size_t rdata_len);

size_t fake_in_flight(void);
size_t fake_channels(void);    /* open now */
uint64_t fake_questions(void); /* asked since fake_start(), probes too */

#endif
