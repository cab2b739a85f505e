/* SPDX-License-Identifier: MIT */
#include "crawler/rdap_ask.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crawler/http.h"

#define IN_FLIGHT_MAX 8
#define TIMEOUT_MS    20000
#define CONNECT_MS    10000
#define SLOW_OCTETS_S 100
#define REDIRECTS_MAX 3
#define SILENCE_MAX   3  /* requests in a row that a server does not answer, or refuses */
#define RETRY_WAIT_S  60 /* a server that wants more time is left alone for this run */

/* A request in flight. */
struct request {
	struct asking *asking;  /* borrowed */
	struct rdap_item *item; /* owned; NULL: free for another */
	struct buf body;        /* owned; its memory is kept for the next */
};

struct asking {
	const struct rdap_ask *how; /* borrowed */
	struct rdap_totals *totals; /* borrowed */
	struct loop *loop;          /* owned */
	struct http *http;          /* owned */
	struct error failure;       /* the first of ours */
	struct request requests[IN_FLIGHT_MAX];
};

static void fail(struct asking *asking, const struct error *why)
{
	if (asking->failure.code == FT_OK)
		asking->failure = *why;
}

static void put_fetch(const struct request *request, const struct http_answer *answer)
{
	const struct rdap_item *item = request->item;
	const struct segment_fetch fetch = {
		.purpose = item->address.family != 0 ? FETCH_NETWORK : FETCH_REGISTRATION,
		.outcome = answer->outcome,
		.status = (uint16_t)answer->status,
		.name = item->name.wire,
		.about = item->address,
		.server = answer->server,
		.asked_wall_us = answer->asked_wall_us,
		.asked_boot_us = answer->asked_boot_us,
		.took_us = answer->took_us,
		.url = item->url,
		.url_len = strlen(item->url),
		.tags = "",
		.head = (const uint8_t *)answer->head,
		.head_len = answer->head_len,
		.body = request->body.data,
		.body_len = request->body.len,
	};

	spool_append_fetch(request->asking->how->spool, &fetch);
}

static void add_again(struct asking *asking, struct rdap_item *item)
{
	struct error err = {0};

	if (rdap_plan_add(asking->how->plan, item, &err) != FT_OK)
		fail(asking, &err);
}

static bool is_redirect(unsigned status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 ||
	       status == 308;
}

/* Where a redirect leads (RFC 7480, 5.2) is asked in its turn. false: it is not followed. */
static bool follow(struct asking *asking, struct rdap_item *item,
		   const struct http_answer *answer)
{
	char location[FETCH_URL_MAX + 1];
	char url[FETCH_URL_MAX + 1];
	char *copy;

	if (item->redirects == REDIRECTS_MAX ||
	    !http_header(location, sizeof(location), answer, "Location") ||
	    !rdap_url_resolve(url, sizeof(url), item->url, location))
		return false;
	copy = strdup(url);
	if (copy == NULL)
		return false;
	free(item->url);
	item->url = copy;
	item->redirects++;
	add_again(asking, item);
	return true;
}

/* A server that wants time (RFC 7480, 5.5) gets it, or is not asked again in this run. */
static bool wait_for(struct asking *asking, struct rdap_item *item,
		     const struct http_answer *answer)
{
	struct rdap_server *server = item->server;
	int64_t wait_s = answer->retry_after_s;

	if (wait_s <= 0 || wait_s > RETRY_WAIT_S) {
		rdap_plan_close(asking->how->plan, server);
		return false;
	}
	rdap_plan_release(server, clock_boot_us(&clock_system), wait_s * 1000000);
	add_again(asking, item);
	return true;
}

/* Does the item go on? */
static bool goes_on(struct asking *asking, struct rdap_item *item,
		    const struct http_answer *answer)
{
	bool refuses = answer->status == 429 || answer->status == 503;

	if (rdap_server_told(item->server, answer->status != 0 && !refuses) == SILENCE_MAX) {
		rdap_plan_close(asking->how->plan, item->server);
		return false;
	}
	if (answer->outcome == FETCH_ANSWERED && is_redirect(answer->status))
		return follow(asking, item, answer);
	if (refuses)
		return wait_for(asking, item, answer);
	asking->totals->answered += answer->outcome == FETCH_ANSWERED && answer->status == 200;
	return false;
}

static void on_done(void *ctx, const struct http_answer *answer)
{
	struct request *request = ctx;
	struct rdap_item *item = request->item;

	put_fetch(request, answer);
	request->item = NULL;
	rdap_plan_release(item->server, clock_boot_us(&clock_system), RDAP_PAUSE_US);
	if (!goes_on(request->asking, item, answer))
		rdap_item_free(item);
}

static bool on_body(void *ctx, const void *octets, size_t len)
{
	struct request *request = ctx;

	buf_put(&request->body, octets, len);
	return buf_is_ok(&request->body);
}

static void ask(struct asking *asking, struct request *request)
{
	static const char *const headers[] = {"Accept: application/rdap+json", NULL};
	const struct http_request how = {.url = request->item->url,
					 .headers = headers,
					 .reach = asking->how->reach,
					 .body_max = FETCH_BODY_MAX,
					 .timeout_ms = TIMEOUT_MS,
					 .connect_timeout_ms = CONNECT_MS,
					 .slow_octets_s = SLOW_OCTETS_S,
					 .take = on_body,
					 .done = on_done,
					 .ctx = request};
	struct error err = {0};

	buf_reset(&request->body);
	if (http_start(asking->http, &how, &err) == FT_OK)
		return;
	rdap_plan_release(request->item->server, 0, 0);
	rdap_item_free(request->item);
	request->item = NULL;
	if (err.code == FT_USAGE) /* what a server referred to is no URL after all */
		log_warn("not asked: %s", err.text);
	else
		fail(asking, &err);
}

static void ask_next(struct asking *asking)
{
	int64_t now_us = clock_boot_us(&clock_system);

	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		struct request *request = &asking->requests[i];

		if (request->item != NULL)
			continue;
		request->item = rdap_plan_take(asking->how->plan, now_us);
		if (request->item == NULL)
			return;
		ask(asking, request);
	}
}

static void commit(struct asking *asking)
{
	struct error err = {0};

	if (spool_commit(asking->how->spool, &err) == FT_OK &&
	    spool_is_full(asking->how->spool))
		error_set(&err, FT_AGAIN, "no space for the spool in %s; free some",
			  asking->how->home);
	if (err.code != FT_OK)
		fail(asking, &err);
}

static void on_turn(void *ctx)
{
	struct asking *asking = ctx;
	bool ends;

	http_turn(asking->http);
	commit(asking);
	ends = asking->failure.code != FT_OK || loop_stop_asked(asking->loop);
	if (!ends)
		ask_next(asking);
	log_progress("RDAP: %" PRIu64 " of %" PRIu64 " answered; %zu wait",
		     asking->totals->answered, asking->totals->asked,
		     rdap_plan_waiting(asking->how->plan));
	if (http_in_flight(asking->http) == 0 &&
	    (ends || rdap_plan_waiting(asking->how->plan) == 0))
		loop_stop(asking->loop);
}

static int run_loop(struct asking *asking, struct error *err)
{
	struct http_options how = {.user_agent = asking->how->user_agent};

	asking->loop = loop_new(on_turn, asking, err);
	if (asking->loop == NULL)
		return err->code;
	how.loop = asking->loop;
	asking->http = http_new(&how, err);
	if (asking->http != NULL) {
		loop_run(asking->loop);
		http_free(asking->http);
		*err = asking->failure;
	}
	loop_free(asking->loop);
	log_progress("%s", "");
	return err->code;
}

int rdap_ask(const struct rdap_ask *how, struct rdap_totals *totals, struct error *err)
{
	struct asking *asking = calloc(1, sizeof(*asking));
	int code;

	if (asking == NULL)
		return error_set(err, FT_FAIL, "no memory to ask RDAP");
	asking->how = how;
	asking->totals = totals;
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		asking->requests[i].asking = asking;
		buf_init(&asking->requests[i].body, FETCH_BODY_MAX);
	}
	code = run_loop(asking, err);
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		buf_fini(&asking->requests[i].body);
		if (asking->requests[i].item != NULL)
			rdap_item_free(asking->requests[i].item);
	}
	free(asking);
	return code;
}
