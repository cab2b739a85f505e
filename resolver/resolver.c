/* SPDX-License-Identifier: MIT */
/*
 * The policy. A question is always in one place: in flight on a route's link; held, when it
 * timed out or met a fault and the server must show first that it lives; resting between two
 * tries of one server; ready to be asked again; or unused. What is not in flight is moved by
 * resolver_turn() alone, so that a fault inside channel_ask() ends no deeper than that.
 */
#include "resolver/resolver.h"
#include "resolver/question.h"

#include <assert.h>
#include <stdlib.h>

#define TRIES_MAX       3
#define OTHER_TRIES_MAX 2 /* of what another server may do better, but not the same one */
#define BUDGET_US       INT64_C(8000000)
/*
 * Before the same server is asked again. It caches a failure for a second at least (RFC 9520,
 * 3.2), unbound for five: the third try should find that forgotten.
 */
#define REST_US INT64_C(2600000)

struct resolver {
	const struct clock *clock; /* borrowed for life */
	struct resolver_sink sink;
	struct bucket rate; /* over all servers */
	struct route_set set;
	struct question_pool pool;
	struct question_list held[RESOLVER_SERVERS_MAX]; /* by route */
	struct question_list resting;                    /* in the order of when_us */
	struct question_list ready;
	size_t ready_count;
	struct answer *answer; /* owned; large, for one lookup at a time */
	uint64_t asked;
	bool is_closing;
};

static int64_t now_of(const struct resolver *r)
{
	return clock_boot_us(r->clock);
}

/* Its place may be used again from inside done. */
static void finish(struct question *q)
{
	struct resolver *r = q->resolver;
	enum question_end end = q->is_settled    ? QUESTION_SETTLED
				: q->is_recorded ? QUESTION_UNSETTLED
						 : QUESTION_POSTPONED;

	question_put(&r->pool, q);
	r->sink.done(r->sink.ctx, q->asker, end);
}

static void make_ready(struct question *q)
{
	q->resolver->ready_count++;
	STAILQ_INSERT_TAIL(&q->resolver->ready, q, next);
}

static void make_rest(struct question *q, int64_t now_us)
{
	q->when_us = now_us + REST_US;
	STAILQ_INSERT_TAIL(&q->resolver->resting, q, next);
}

/* The last try failed: another one, or the end. */
static void try_again(struct question *q, unsigned tries_max, int64_t now_us)
{
	bool timed_out = q->silent_route != NULL;

	q->over_tcp = false;
	if (q->is_settled || q->tries >= tries_max || now_us - q->started_us >= BUDGET_US)
		finish(q);
	else if (timed_out || route_set_has_up(&q->resolver->set, q->tried))
		make_ready(q);
	else
		make_rest(q, now_us);
}

/* The lookup that the last try was; the message is the caller's to add. */
static struct lookup lookup_of(const struct question *q, int64_t ended_us)
{
	return (struct lookup){
		.qname = q->qname,
		.qtype = q->qtype,
		.server = q->route->server.address,
		.over_tcp = q->over_tcp,
		.asked_wall_us = q->asked_wall_us,
		.asked_boot_us = q->asked_boot_us,
		.rtt_us = (uint32_t)(ended_us - q->asked_boot_us),
	};
}

static void record(struct question *q, const struct lookup *lookup)
{
	struct resolver *r = q->resolver;

	q->is_recorded = true;
	q->is_settled = q->is_settled || outcome_is_definite(r->answer->outcome);
	r->sink.lookup(r->sink.ctx, q->asker, lookup, r->answer);
}

static void record_timeout(struct question *q, int64_t now_us)
{
	struct lookup lookup = lookup_of(q, q->when_us);

	lookup.timed_out = true;
	answer_read(&lookup, q->resolver->answer);
	record(q, &lookup);
	q->silent_route = q->route;
	try_again(q, TRIES_MAX, now_us);
}

static void on_message(struct question *q, const uint8_t *msg, size_t len)
{
	const struct answer *answer = q->resolver->answer;
	int64_t now_us = now_of(q->resolver);
	struct lookup lookup = lookup_of(q, now_us);
	bool refused;

	lookup.msg = msg;
	lookup.msg_len = len;
	answer_read(&lookup, q->resolver->answer);
	refused = answer->outcome == OUTCOME_SERVFAIL || answer->outcome == OUTCOME_REFUSED;
	server_note_answer(&q->route->server, refused, q->asked_boot_us, now_us);
	if (q->silent_route != NULL && !refused)
		server_note_loss(&q->silent_route->server, now_us);
	q->silent_route = NULL;
	record(q, &lookup);
	if ((answer->anomalies & ANOMALY_TRUNCATED) && !q->over_tcp) {
		q->over_tcp = true;
		make_ready(q);
	} else if (refused) {
		try_again(q, TRIES_MAX, now_us);
	} else {
		bool has_other = route_set_has_up(&q->resolver->set, q->tried);

		try_again(q, has_other ? OTHER_TRIES_MAX : 0, now_us);
	}
}

static void hold(struct question *q, int64_t now_us)
{
	struct resolver *r = q->resolver;

	q->when_us = now_us;
	STAILQ_INSERT_TAIL(&r->held[q->route - r->set.routes], q, next);
}

static void on_timeout(struct question *q)
{
	int64_t now_us = now_of(q->resolver);

	server_note_timeout(&q->route->server, q->asked_boot_us, now_us);
	hold(q, now_us);
}

/* A server without TCP is no worse a server: its truncated answer showed that it lives. */
static void on_fault(struct question *q)
{
	int64_t now_us = now_of(q->resolver);

	if (q->over_tcp) {
		server_note_timeout(&q->route->server, q->started_us, now_us);
		try_again(q, TRIES_MAX, now_us);
		return;
	}
	server_note_fault(&q->route->server, now_us);
	q->met_fault = true;
	hold(q, now_us);
}

static void on_done(void *ctx, enum channel_result result, const uint8_t *msg, size_t len)
{
	struct question *q = ctx;

	q->link->in_flight--;
	if (q->resolver->is_closing)
		finish(q);
	else if (result == CHANNEL_MESSAGE)
		on_message(q, msg, len);
	else if (result == CHANNEL_TIMEOUT)
		on_timeout(q);
	else
		on_fault(q);
}

static void ask(struct question *q, struct route *route, int64_t now_us)
{
	struct resolver *r = q->resolver;
	struct error err;
	struct link *link = route_link(route, q->over_tcp, &err);

	q->route = route;
	q->link = link;
	q->tried = (uint16_t)(q->tried | 1U << (route - r->set.routes));
	q->tries = (uint8_t)(q->tries + !q->over_tcp);
	q->met_fault = false;
	q->asked_boot_us = now_us;
	q->asked_wall_us = clock_wall_us(r->clock);
	r->asked++;
	bucket_take(&r->rate);
	server_note_asked(&route->server);
	if (link == NULL) {
		on_fault(q);
		return;
	}
	link->in_flight++;
	channel_ask(link->channel, q->qname, q->qtype, on_done, q);
}

/* May a server come to have room for it, in doubt or full as it is now? */
static bool is_worth_waiting(const struct question *q, int64_t now_us)
{
	if (now_us - q->started_us >= BUDGET_US)
		return false;
	if (q->over_tcp) {
		assert(q->route != NULL); /* the one whose answer was truncated */
		return q->route->server.state == SERVER_UP;
	}
	return route_set_has_up(&q->resolver->set, 0);
}

static void ask_ready(struct resolver *r, int64_t now_us)
{
	struct question *q;

	while ((q = STAILQ_FIRST(&r->ready)) != NULL) {
		struct route *route = q->route;

		if (!q->over_tcp)
			route = route_set_pick(&r->set, q->tried, now_us);
		else if (server_room(&route->server, now_us) == 0)
			route = NULL;
		if (route == NULL || bucket_room(&r->rate, now_us) == 0) {
			if (is_worth_waiting(q, now_us))
				return;
			route = NULL;
		}
		STAILQ_REMOVE_HEAD(&r->ready, next);
		r->ready_count--;
		if (route != NULL)
			ask(q, route, now_us);
		else if (q->over_tcp)
			try_again(q, TRIES_MAX, now_us);
		else
			finish(q);
	}
}

static void wake_rested(struct resolver *r, int64_t now_us)
{
	struct question *q;

	while ((q = STAILQ_FIRST(&r->resting)) != NULL && q->when_us <= now_us) {
		STAILQ_REMOVE_HEAD(&r->resting, next);
		make_ready(q);
	}
}

/* The server has shown whether it lives: time-outs are the names' own, or were ours. */
static void judge_held(struct resolver *r, size_t at, int64_t now_us)
{
	const struct server *server = &r->set.routes[at].server;
	struct question *q;

	while ((q = STAILQ_FIRST(&r->held[at])) != NULL) {
		bool lives = server_answered_since(server, q->asked_boot_us);

		if (!lives && server->state == SERVER_UP)
			return;
		STAILQ_REMOVE_HEAD(&r->held[at], next);
		if (lives && !q->met_fault)
			record_timeout(q, now_us);
		else
			try_again(q, TRIES_MAX, now_us);
	}
}

void resolver_turn(struct resolver *r)
{
	int64_t now_us = now_of(r);

	for (size_t i = 0; i < r->set.count; i++)
		judge_held(r, i, now_us);
	wake_rested(r, now_us);
	ask_ready(r, now_us);
	for (size_t i = 0; i < r->set.count; i++)
		route_turn(&r->set.routes[i]);
}

/* Opens the first channel to each server, so that what cannot be opened at all is an error. */
static int start_routes(struct resolver *r, const struct resolver_options *options,
			struct loop *loop, struct error *err)
{
	for (size_t i = 0; i < options->server_count; i++) {
		struct route *route = &r->set.routes[i];

		route->loop = loop;
		route->clock = r->clock;
		server_init(&route->server, &options->servers[i], options->server_rate_qps,
			    now_of(r));
		r->set.count++;
		if (route_link(route, false, err) == NULL)
			return err->code;
	}
	return FT_OK;
}

struct resolver *resolver_new(const struct resolver_options *options, struct loop *loop,
			      const struct clock *clock, const struct resolver_sink *sink,
			      struct error *err)
{
	struct resolver *r = calloc(1, sizeof(*r));

	assert(options->server_count > 0 && options->server_count <= RESOLVER_SERVERS_MAX);
	if (r == NULL) {
		error_set(err, FT_FAIL, "no memory for the resolver");
		return NULL;
	}
	r->clock = clock;
	r->sink = *sink;
	bucket_init(&r->rate, options->rate_qps, now_of(r));
	STAILQ_INIT(&r->ready);
	STAILQ_INIT(&r->resting);
	for (size_t i = 0; i < RESOLVER_SERVERS_MAX; i++)
		STAILQ_INIT(&r->held[i]);
	r->answer = malloc(sizeof(*r->answer));
	if (r->answer == NULL)
		error_set(err, FT_FAIL, "no memory for an answer");
	else if (question_pool_init(&r->pool, options->server_count * SERVER_WINDOW_MAX, err) ==
			 FT_OK &&
		 start_routes(r, options, loop, err) == FT_OK)
		return r;
	resolver_free(r);
	return NULL;
}

static void finish_all(struct question_list *list)
{
	struct question *q;

	while ((q = STAILQ_FIRST(list)) != NULL) {
		STAILQ_REMOVE_HEAD(list, next);
		finish(q);
	}
}

void resolver_free(struct resolver *r)
{
	r->is_closing = true;
	for (size_t i = 0; i < r->set.count; i++) {
		route_fini(&r->set.routes[i]);
		finish_all(&r->held[i]);
	}
	finish_all(&r->ready);
	finish_all(&r->resting);
	free(r->answer);
	question_pool_fini(&r->pool);
	free(r);
}

size_t resolver_room(struct resolver *r)
{
	int64_t now_us = now_of(r);
	size_t tokens = bucket_room(&r->rate, now_us);
	size_t unused = r->pool.size - r->pool.in_use;
	size_t room = route_set_room(&r->set, now_us);

	room = room < tokens ? room : tokens;
	room = room > r->ready_count ? room - r->ready_count : 0;
	return room < unused ? room : unused;
}

void resolver_ask(struct resolver *r, const uint8_t *qname, uint16_t qtype, void *question)
{
	int64_t now_us = now_of(r);
	struct question *q = question_take(&r->pool);
	struct route *route;

	q->resolver = r;
	q->qname = qname;
	q->qtype = qtype;
	q->asker = question;
	q->started_us = now_us;
	route = route_set_pick(&r->set, 0, now_us);
	if (route != NULL)
		ask(q, route, now_us);
	else
		make_ready(q); /* the room is gone since it was asked for: a fault, say */
}

size_t resolver_in_flight(const struct resolver *r)
{
	return r->pool.in_use;
}

uint64_t resolver_asked(const struct resolver *r)
{
	return r->asked;
}

bool resolver_has_hope(const struct resolver *r)
{
	return route_set_has_hope(&r->set, now_of(r));
}
