/* SPDX-License-Identifier: MIT */
/*
 * What we know of one resolving server, and how much we may ask of it: its health, the number
 * of questions in flight it bears (additive increase, multiplicative decrease) and its rate
 * limit. Pure arithmetic over the times it is given; it sends nothing.
 *
 * A server that has answered nothing yet is UNPROVEN and gets probes alone (". NS"). One that
 * stays silent while questions wait becomes DOWN and gets a probe now and then; any answer
 * makes it UP. A time-out is the domain's only if the server answered something after the
 * question was sent: else it is ours, and is never recorded.
 */
#ifndef RESOLVER_SERVER_H
#define RESOLVER_SERVER_H

#include "resolver/address.h"

enum server_state {
	SERVER_UNPROVEN,
	SERVER_UP,
	SERVER_DOWN
};

struct server {
	struct server_address address;
	enum server_state state;
	double window;        /* how many questions may be in flight */
	unsigned in_flight;   /* now */
	double tokens;        /* questions that the rate limit allows now */
	double rate_qps;      /* its own ceiling; 0: none */
	int64_t refilled_us;  /* boot time of the last refill */
	int64_t answered_us;  /* boot time of its last message; 0: never */
	int64_t decreased_us; /* boot time of the window's last decrease */
	int64_t probe_due_us; /* boot time of the next probe, where not UP */
	uint64_t asked;       /* totals since start */
	uint64_t answered;
	uint64_t lost;
};

void server_init(struct server *server, const struct server_address *address, double rate_qps,
		 int64_t now_us);
/* May one more question go now? Only an UP server with room in window and rate. */
bool server_may_ask(struct server *server, int64_t now_us);
bool server_probe_is_due(const struct server *server, int64_t now_us);
void server_note_asked(struct server *server, int64_t now_us);
void server_note_answer(struct server *server, int64_t now_us);
/* Nothing came, or the server pushes back (REFUSED or SERVFAIL in bursts). */
void server_note_loss(struct server *server, int64_t now_us);
/* A fault with no message: the question leaves flight, the server is probed before more. */
void server_note_fault(struct server *server, int64_t now_us);
/* Did it answer anything since asked_us? Then a time-out of that age is the name's own. */
bool server_answered_since(const struct server *server, int64_t asked_us);

#endif
