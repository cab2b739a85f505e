/* SPDX-License-Identifier: MIT */
/*
 * What we know of one resolving server, and how much we may ask of it: its health, the number
 * of questions in flight it bears (additive increase, multiplicative decrease) and its rate
 * limit. Pure arithmetic over the times it is given; it sends nothing.
 *
 * A server that has answered nothing yet is UNPROVEN and gets probes alone (". NS"). An UP
 * server that lets a question wait in vain and answered nothing since is in doubt: it gets a
 * probe and no question until any answer clears the doubt. A probe lost makes it DOWN, with a
 * probe now and then; any answer makes it UP. A time-out is the domain's only if the server
 * answered something after the question was sent: else it is ours, and is never recorded.
 *
 * A name whose own servers are dead times out, or brings SERVFAIL, again and again, and says
 * nothing of this server: only a time-out whose next try is answered is a loss, and only a run
 * of REFUSED and SERVFAIL is push-back. Both shrink the window.
 */
#ifndef RESOLVER_SERVER_H
#define RESOLVER_SERVER_H

#include "resolver/address.h"
#include "resolver/bucket.h"

#define SERVER_WINDOW_MAX 4000

enum server_state {
	SERVER_UNPROVEN,
	SERVER_UP,
	SERVER_DOWN
};

struct server {
	struct server_address address;
	enum server_state state;
	struct bucket rate;   /* its own ceiling */
	double window;        /* how many questions may be in flight */
	unsigned in_flight;   /* now, probes not counted */
	bool is_window_used;  /* half of it or more, at the last question */
	unsigned refusals;    /* REFUSED and SERVFAIL in a row */
	unsigned probes_lost; /* in a row */
	int64_t answered_us;  /* boot time of its last message; 0: never */
	int64_t grown_us;     /* boot time when the window's growth was last weighed */
	int64_t rtt_sum_us;   /* of the answers since */
	int64_t rtt_count;    /* how many they are */
	int64_t decreased_us; /* boot time of the window's last decrease; 0: never */
	int64_t probe_due_us; /* boot time of the next probe; 0: none, there is no doubt */
	int64_t down_us;      /* boot time since when it is DOWN */
};

void server_init(struct server *server, const struct server_address *address, double rate_qps,
		 int64_t now_us);
/* How many more questions may go now? None but to an UP server in no doubt. */
size_t server_room(struct server *server, int64_t now_us);
bool server_probe_is_due(const struct server *server, int64_t now_us);
void server_note_asked(struct server *server);
/* A message came to a question sent at asked_us. refused: it was REFUSED or SERVFAIL. */
void server_note_answer(struct server *server, bool refused, int64_t asked_us, int64_t now_us);
/* Nothing came in time to a question sent at asked_us. */
void server_note_timeout(struct server *server, int64_t asked_us, int64_t now_us);
/* A fault on our side or an ICMP refusal. */
void server_note_fault(struct server *server, int64_t now_us);
/* A question that timed out here was answered on the next try. */
void server_note_loss(struct server *server, int64_t now_us);
void server_note_probe_answer(struct server *server, int64_t now_us);
/* A probe sent at asked_us brought nothing. */
void server_note_probe_loss(struct server *server, int64_t asked_us, int64_t now_us);
/* Did it answer anything since asked_us? Then a time-out of that age is the name's own. */
bool server_answered_since(const struct server *server, int64_t asked_us);
/* UP, DOWN for less than 30 s, or UNPROVEN with fewer than three probes lost? */
bool server_has_hope(const struct server *server, int64_t now_us);

#endif
