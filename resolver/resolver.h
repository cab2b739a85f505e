/* SPDX-License-Identifier: MIT */
/*
 * Puts questions to a set of servers. It owns the policy: which server, how often again, within
 * which time budget, TCP after truncation, rate limits. Each question to a server is a lookup
 * of its own and is given to the sink, time-outs and failures too, as soon as it is known to be
 * the domain's and not ours. Faults of ours are never given to the sink.
 *
 * All is driven by resolver_turn() and the clock; no thread, no timer of its own.
 */
#ifndef RESOLVER_RESOLVER_H
#define RESOLVER_RESOLVER_H

#include "base/clock.h"
#include "resolver/loop.h"
#include "resolver/lookup.h"

#define RESOLVER_SERVERS_MAX 16

struct resolver_options {
	const struct server_address *servers; /* borrowed for the call */
	size_t server_count;
	double rate_qps;        /* over all servers; 0: no limit */
	double server_rate_qps; /* for each; 0: no limit */
};

enum question_end {
	QUESTION_SETTLED,   /* a definite outcome came */
	QUESTION_UNSETTLED, /* failures alone, all recorded; tries or time are used up */
	QUESTION_POSTPONED, /* no server could be asked: nothing recorded, ask later */
};

struct resolver_sink {
	/* One lookup; both are borrowed for the call. question is what resolver_ask was given.
	 */
	void (*lookup)(void *ctx, void *question, const struct lookup *lookup,
		       const struct answer *answer);
	/* The question is over and may be asked again. */
	void (*done)(void *ctx, void *question, enum question_end end);
	void *ctx;
};

struct resolver;

struct resolver *resolver_new(const struct resolver_options *options, struct loop *loop,
			      const struct clock *clock, const struct resolver_sink *sink,
			      struct error *err) MUST_CHECK;
/* Questions in flight end, as POSTPONED where nothing was recorded of them. */
void resolver_free(struct resolver *resolver);

/* How many more questions may be asked now, by windows and rates. */
size_t resolver_room(struct resolver *resolver);
/* qname is borrowed until done. Call only where resolver_room() is not 0. */
void resolver_ask(struct resolver *resolver, const uint8_t *qname, uint16_t qtype,
		  void *question);
/* Once a loop turn: probes, tries again, sends. */
void resolver_turn(struct resolver *resolver);
size_t resolver_in_flight(const struct resolver *resolver);
/* Questions put to servers since start, retries included, probes not. */
uint64_t resolver_asked(const struct resolver *resolver);
/* Is some server up, or none proven yet but still within its first probes? */
bool resolver_has_hope(const struct resolver *resolver);

/* The system's nameservers (/etc/resolv.conf); returns how many were put into out. */
size_t resolver_system_servers(struct server_address *out, size_t max, struct error *err);
/* The same for a file of that form; 0 with the reason in err. */
size_t resolver_read_servers(const char *path, struct server_address *out, size_t max,
			     struct error *err);

#endif
