/* SPDX-License-Identifier: MIT */
/*
 * Runs the real crawl in a made-up world and reads back what it recorded. A scenario is a
 * function that answers questions (fake_channel.h), some names, and what the record must hold.
 * One world at a time, in a folder of its own.
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include "crawler/crawl.h"
#include "tests/replay/fake_channel.h"

#define S       INT64_C(1000000)
#define MINUTE  (60 * S)
#define HOUR    (3600 * S)
#define DAY     (24 * HOUR)
#define SHORTLY (S / 50) /* what a server takes to answer */

struct seen_lookup {
	const char *name; /* the world's */
	uint16_t qtype;
	enum outcome outcome;
	int64_t asked_us; /* boot time */
};

struct world {
	char home[64];
	struct target_set targets;
	struct server_address servers[4]; /* 127.0.0.1 to 127.0.0.4 */
	size_t server_count;              /* of these, that are asked; 1 at first */
	fake_answer answer;               /* of the run; may change itself while it goes on */
	double rate_qps;
	void (*before_close)(void);     /* mends what keeps the spool from closing; or NULL */
	struct crawl_progress progress; /* at the end of the run */
	/* What the record holds, after world_run(). */
	struct seen_lookup *lookups; /* owned */
	size_t lookup_count;
	size_t runs;
	size_t followed; /* RECORD_TARGETs by role */
	size_t nameservers;
	size_t addresses;
	size_t unannounced; /* lookups whose target was not recorded before, in their run */
	size_t jumps;
	int64_t jumped_us; /* the last one */
};

extern struct world world;

/* A new world, clock and folder; for setup and teardown of each test. */
int world_begin(void **state);
int world_end(void **state);

void world_follow(const char *name);
/* The same for a name that tells of an address. */
void world_enrich(const char *name);
/* A run of track: spool, crawl, all closed again; then the record is read anew, as a whole. */
int world_run(fake_answer answer, int64_t for_us, struct error *err);
/* The same, and it must go well. */
void world_pass(fake_answer answer);
void world_run_for(fake_answer answer, int64_t for_us);
/* The targets forget all that runs taught them, as when the program starts again. */
void world_restart(void);

/* The lookups of a name and type, in the order they were asked: how many, and the nth. */
size_t lookups_of(const char *name, uint16_t qtype);
const struct seen_lookup *nth_lookup(const char *name, uint16_t qtype, size_t n);
/* Time between the nth lookup and the next. */
int64_t gap_after(const char *name, uint16_t qtype, size_t n);
size_t lookups_with(enum outcome outcome);

/* Is the question for this name? */
bool asks(const struct fake_question *question, const char *name);
/* Answers any question after SHORTLY with one record of that TTL, A as 192.0.2.1. */
void reply_ttl(const struct fake_question *question, struct fake_reply *reply, uint32_t ttl_s);
void reply_rcode(const struct fake_question *question, struct fake_reply *reply,
		 unsigned rcode);

#endif
