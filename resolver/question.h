/* SPDX-License-Identifier: MIT */
/*
 * A question on its way to its end, and the pool that all of a resolver's questions come from:
 * made once, so that asking allocates nothing. A question stands in at most one list.
 */
#ifndef RESOLVER_QUESTION_H
#define RESOLVER_QUESTION_H

#include "resolver/route.h"

#include <sys/queue.h>

struct resolver;

struct question {
	struct resolver *resolver;  /* borrowed: its owner */
	const uint8_t *qname;       /* borrowed from the asker until done */
	void *asker;                /* what resolver_ask was given */
	struct route *route;        /* borrowed: of the last try */
	struct link *link;          /* borrowed from the route while in flight */
	struct route *silent_route; /* borrowed: where the last try timed out; or NULL */
	int64_t started_us;         /* boot time of resolver_ask */
	int64_t asked_boot_us;      /* of the last try */
	int64_t asked_wall_us;
	int64_t when_us; /* held: when it timed out; resting: when it is due */
	uint16_t qtype;
	uint16_t tried;   /* a bit a route */
	uint8_t tries;    /* over UDP */
	bool over_tcp;    /* the last try, or the next */
	bool met_fault;   /* the last try */
	bool is_recorded; /* the sink has got something */
	bool is_settled;  /* something definite */
	STAILQ_ENTRY(question) next;
};

STAILQ_HEAD(question_list, question);

struct question_pool {
	size_t size;
	size_t in_use;
	struct question *all; /* owned */
	struct question_list unused;
};

int question_pool_init(struct question_pool *pool, size_t size, struct error *err) MUST_CHECK;
void question_pool_fini(struct question_pool *pool);
/* A cleared one. There must be one that is unused. */
struct question *question_take(struct question_pool *pool);
void question_put(struct question_pool *pool, struct question *q);

#endif
