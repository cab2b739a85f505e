/* SPDX-License-Identifier: MIT */
/*
 * One server as the resolver uses it: its health, the channels to it, its probes. A worn
 * channel is replaced by a fresh one, and freed when all that was asked through it has ended.
 * A route set is all of them; in a mask of routes, bit i is the set's route i.
 */
#ifndef RESOLVER_ROUTE_H
#define RESOLVER_ROUTE_H

#include "resolver/channel.h"
#include "resolver/resolver.h"
#include "resolver/server.h"

/* For each question, and for each probe. */
#define ROUTE_TIMEOUT_MS 2000

struct link {
	struct channel *channel; /* owned */
	unsigned in_flight;      /* counted by who asks */
	struct link *next;       /* owned, among the worn */
};

struct route {
	struct server server;
	struct loop *loop;         /* borrowed for life */
	const struct clock *clock; /* borrowed for life */
	struct link *udp;          /* owned; NULL before the first question */
	struct link *tcp;          /* owned; NULL before the first truncated answer */
	struct link *worn;         /* owned; they only wait for what is in flight */
	struct link *probing;      /* borrowed: where the probe is in flight; NULL: none is */
	int64_t probed_us;         /* boot time of the last probe */
};

struct route_set {
	size_t count;
	size_t next; /* where the next pick begins, so that all get their turn */
	struct route routes[RESOLVER_SERVERS_MAX];
};

/* The link to ask through now; NULL, with the reason in err, where none can be made. */
struct link *route_link(struct route *route, bool over_tcp, struct error *err) MUST_CHECK;
/* Once a loop turn: probes, sends, looks for time-outs, frees what is worn and drained. */
void route_turn(struct route *route);
/* Ends what is in flight with CHANNEL_FAULT. */
void route_fini(struct route *route);

/* How many more questions may go now, over all routes. */
size_t route_set_room(struct route_set *set, int64_t now_us);
/* A route with room, the next in turn; one of tried only where no other has any; or NULL. */
struct route *route_set_pick(struct route_set *set, unsigned tried, int64_t now_us);
/* Is a server up that is not in tried? */
bool route_set_has_up(const struct route_set *set, unsigned tried);
bool route_set_has_hope(const struct route_set *set, int64_t now_us);

#endif
