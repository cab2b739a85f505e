/* SPDX-License-Identifier: MIT */
#include "resolver/route.h"
#include "resolver/lookup.h"

#include <stdlib.h>

static struct link *link_new(struct route *route, bool over_tcp, struct error *err)
{
	struct channel_options options = {.server = route->server.address,
					  .over_tcp = over_tcp,
					  .timeout_ms = ROUTE_TIMEOUT_MS};
	struct link *link = calloc(1, sizeof(*link));

	if (link == NULL) {
		error_set(err, FT_FAIL, "no memory for a channel");
		return NULL;
	}
	link->channel = channel_new(route->loop, &options, err);
	if (link->channel != NULL)
		return link;
	free(link);
	return NULL;
}

static void link_free(struct link *link)
{
	if (link == NULL)
		return;
	channel_free(link->channel);
	free(link);
}

struct link *route_link(struct route *route, bool over_tcp, struct error *err)
{
	struct link **place = over_tcp ? &route->tcp : &route->udp;
	struct link *old = *place;
	struct link *fresh;

	if (old != NULL && !channel_is_worn(old->channel))
		return old;
	fresh = link_new(route, over_tcp, err);
	if (fresh == NULL)
		return old; /* a worn one is better than none */
	if (old != NULL) {
		old->next = route->worn;
		route->worn = old;
	}
	*place = fresh;
	return fresh;
}

static void on_probe_done(void *ctx, enum channel_result result, const uint8_t *msg, size_t len)
{
	struct route *route = ctx;
	int64_t now_us = clock_boot_us(route->clock);

	(void)msg;
	(void)len;
	route->probing->in_flight--;
	route->probing = NULL;
	if (result == CHANNEL_MESSAGE)
		server_note_probe_answer(&route->server, now_us);
	else
		server_note_probe_loss(&route->server, route->probed_us, now_us);
}

static void send_probe(struct route *route, int64_t now_us)
{
	static const uint8_t ROOT[] = {0};
	struct error err;
	struct link *link = route_link(route, false, &err);

	route->probed_us = now_us;
	if (link == NULL) {
		server_note_probe_loss(&route->server, now_us, now_us);
		return;
	}
	route->probing = link;
	link->in_flight++;
	channel_ask(link->channel, ROOT, QTYPE_NS, on_probe_done, route);
}

static void free_drained(struct route *route)
{
	for (struct link **at = &route->worn; *at != NULL;) {
		struct link *link = *at;

		if (link->in_flight > 0) {
			at = &link->next;
			continue;
		}
		*at = link->next;
		link_free(link);
	}
}

void route_turn(struct route *route)
{
	int64_t now_us = clock_boot_us(route->clock);

	if (route->probing == NULL && server_probe_is_due(&route->server, now_us))
		send_probe(route, now_us);
	if (route->udp != NULL)
		channel_turn(route->udp->channel);
	if (route->tcp != NULL)
		channel_turn(route->tcp->channel);
	for (struct link *link = route->worn; link != NULL; link = link->next)
		channel_turn(link->channel);
	free_drained(route);
}

void route_fini(struct route *route)
{
	link_free(route->udp);
	link_free(route->tcp);
	while (route->worn != NULL) {
		struct link *link = route->worn;

		route->worn = link->next;
		link_free(link);
	}
}

size_t route_set_room(struct route_set *set, int64_t now_us)
{
	size_t room = 0;

	for (size_t i = 0; i < set->count; i++)
		room += server_room(&set->routes[i].server, now_us);
	return room;
}

struct route *route_set_pick(struct route_set *set, unsigned tried, int64_t now_us)
{
	struct route *second = NULL;

	for (size_t i = 0; i < set->count; i++) {
		size_t at = (set->next + i) % set->count;
		struct route *route = &set->routes[at];

		if (server_room(&route->server, now_us) == 0)
			continue;
		if (!(tried & (1U << at))) {
			set->next = at + 1;
			return route;
		}
		if (second == NULL)
			second = route;
	}
	return second;
}

bool route_set_has_up(const struct route_set *set, unsigned tried)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->routes[i].server.state == SERVER_UP && !(tried & (1U << i)))
			return true;
	}
	return false;
}

bool route_set_has_hope(const struct route_set *set, int64_t now_us)
{
	for (size_t i = 0; i < set->count; i++) {
		if (server_has_hope(&set->routes[i].server, now_us))
			return true;
	}
	return false;
}
