/* SPDX-License-Identifier: MIT */
#include "resolver/server.h"

#define WINDOW_START 32
/* What any resolver bears, so that a list of dead names never brings us to a halt. */
#define WINDOW_MIN 16
/*
 * Up to here one more with each answer. A socket's default buffer (212,992 octets, of which a
 * packet takes 768) holds 277 questions, but Linux gives room back in quarters of the buffer.
 */
#define WINDOW_SLOW_START 150
/*
 * Else so many more each GROW_US: losses show only after a time-out, so growth must be slow
 * beside it. And beyond the slow start only where answers take so long, in the mean, that a
 * window so small would keep us waiting; more would only fill a near server's buffer.
 */
#define WINDOW_STEP 8
#define GROW_US     INT64_C(100000)
#define GROW_RTT_US INT64_C(20000)
/* Losses seen within a time-out (2 s) of a decrease are of questions sent before it. */
#define DECREASE_US INT64_C(2000000)
/* So many REFUSED or SERVFAIL in a row are push-back. */
#define REFUSALS_MAX 16

#define PROBE_US     INT64_C(2000000) /* from a probe to the next, where it is lost */
#define HOPE_PROBES  3
#define HOPE_DOWN_US INT64_C(30000000)

void server_init(struct server *server, const struct server_address *address, double rate_qps,
		 int64_t now_us)
{
	*server = (struct server){
		.address = *address, .window = WINDOW_START, .probe_due_us = now_us};
	bucket_init(&server->rate, rate_qps, now_us);
}

size_t server_room(struct server *server, int64_t now_us)
{
	size_t tokens = bucket_room(&server->rate, now_us);
	size_t room;

	if (server->state != SERVER_UP || server->probe_due_us != 0 ||
	    server->in_flight >= (unsigned)server->window)
		return 0;
	room = (unsigned)server->window - server->in_flight;
	return tokens < room ? tokens : room;
}

bool server_probe_is_due(const struct server *server, int64_t now_us)
{
	return server->probe_due_us != 0 && now_us >= server->probe_due_us;
}

void server_note_asked(struct server *server)
{
	server->in_flight++;
	server->is_window_used = server->in_flight >= (unsigned)server->window / 2;
	bucket_take(&server->rate);
}

static bool is_window_too_small(const struct server *server)
{
	return server->window < WINDOW_SLOW_START ||
	       server->rtt_sum_us / server->rtt_count >= GROW_RTT_US;
}

static void grow_slowly(struct server *server, int64_t rtt_us, int64_t now_us)
{
	server->rtt_sum_us += rtt_us;
	server->rtt_count++;
	if (now_us - server->grown_us < GROW_US)
		return;
	if (is_window_too_small(server))
		server->window += WINDOW_STEP;
	if (server->window > SERVER_WINDOW_MAX)
		server->window = SERVER_WINDOW_MAX;
	server->grown_us = now_us;
	server->rtt_sum_us = 0;
	server->rtt_count = 0;
}

/* A window that is not used tells nothing of what the server bears. */
static void grow(struct server *server, int64_t rtt_us, int64_t now_us)
{
	if (!server->is_window_used)
		return;
	if (server->decreased_us == 0 && server->window < WINDOW_SLOW_START)
		server->window += 1;
	else
		grow_slowly(server, rtt_us, now_us);
}

static void shrink(struct server *server, int64_t now_us)
{
	if (server->decreased_us != 0 && now_us - server->decreased_us < DECREASE_US)
		return;
	server->window = server->window / 2 > WINDOW_MIN ? server->window / 2 : WINDOW_MIN;
	server->decreased_us = now_us;
	server->grown_us = now_us;
}

static void note_alive(struct server *server, int64_t now_us)
{
	server->state = SERVER_UP;
	server->answered_us = now_us;
	server->probe_due_us = 0;
	server->probes_lost = 0;
}

void server_note_answer(struct server *server, bool refused, int64_t asked_us, int64_t now_us)
{
	note_alive(server, now_us);
	if (refused && ++server->refusals >= REFUSALS_MAX)
		shrink(server, now_us);
	else if (!refused)
		grow(server, now_us - asked_us, now_us);
	if (!refused || server->refusals >= REFUSALS_MAX)
		server->refusals = 0;
	server->in_flight--;
}

static void doubt(struct server *server, int64_t now_us)
{
	if (server->probe_due_us == 0)
		server->probe_due_us = now_us;
}

void server_note_timeout(struct server *server, int64_t asked_us, int64_t now_us)
{
	server->in_flight--;
	if (!server_answered_since(server, asked_us))
		doubt(server, now_us);
}

void server_note_fault(struct server *server, int64_t now_us)
{
	server->in_flight--;
	doubt(server, now_us);
}

void server_note_loss(struct server *server, int64_t now_us)
{
	shrink(server, now_us);
}

void server_note_probe_answer(struct server *server, int64_t now_us)
{
	note_alive(server, now_us);
}

void server_note_probe_loss(struct server *server, int64_t asked_us, int64_t now_us)
{
	if (server_answered_since(server, asked_us))
		return;
	server->probes_lost++;
	server->probe_due_us = asked_us + PROBE_US > now_us ? asked_us + PROBE_US : now_us;
	if (server->state != SERVER_UP)
		return;
	server->state = SERVER_DOWN;
	server->down_us = now_us;
	server->window = WINDOW_START;
}

bool server_answered_since(const struct server *server, int64_t asked_us)
{
	return server->answered_us > asked_us;
}

bool server_has_hope(const struct server *server, int64_t now_us)
{
	if (server->state == SERVER_UNPROVEN)
		return server->probes_lost < HOPE_PROBES;
	return server->state == SERVER_UP || now_us - server->down_us < HOPE_DOWN_US;
}
