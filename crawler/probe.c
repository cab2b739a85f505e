/* SPDX-License-Identifier: MIT */
#include "crawler/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "crawler/http.h"
#include "crawler/target.h"
#include "resolver/bucket.h"

#define CONNECT_TIMEOUT_MS 5000
#define SLOW_OCTETS_S      100
#define HTTP_PORT          80

struct probe;

/* A request in flight. */
struct request {
	struct probe *probe;           /* borrowed */
	const struct probe_node *node; /* borrowed; NULL: free for another */
	struct buf body;               /* owned; its memory is kept for the next */
	char url[FETCH_URL_MAX + 1];
};

struct probe {
	const struct probe_options *options; /* borrowed */
	struct probe_totals *totals;         /* borrowed */
	struct loop *loop;                   /* owned */
	struct http *http;                   /* owned */
	struct target_set tagged;            /* names that a signature was found under */
	struct bucket bucket;
	size_t next;       /* of the nodes */
	struct error *err; /* borrowed */
	int code;          /* FT_OK until something of ours failed */
	struct request requests[PROBE_IN_FLIGHT_MAX];
};

static void fail(struct probe *probe, const struct error *why)
{
	if (probe->code == FT_OK)
		*probe->err = *why;
	probe->code = probe->err->code;
}

/*
 * The name is followed with what lures there, the tags it has and, where none of these is a
 * family, the signature's: of two mentions of a tag the first stays (crawler/target_merge.h).
 */
static struct target *tag(struct probe *probe, const struct probe_node *node,
			  const struct signature_match *match, struct error *err)
{
	char lure[SIGNATURE_WORD_SIZE + sizeof("lure=")];
	char family[SIGNATURE_WORD_SIZE + sizeof("family=")] = "";
	const char *const mentions[] = {lure, node->tags, family};
	struct target *target = NULL;

	snprintf(lure, sizeof(lure), "lure=%s", match->name);
	if (match->family[0] != '\0')
		snprintf(family, sizeof(family), "family=%s", match->family);
	for (size_t i = 0; i < sizeof(mentions) / sizeof(mentions[0]); i++) {
		target = target_set_add(&probe->tagged, node->name.wire, TARGET_FOLLOWED,
					mentions[i], err);
		if (target == NULL)
			return NULL;
	}
	return target;
}

/* Once a name: the first signature found is its tag. */
static void put_target(struct probe *probe, const struct probe_node *node,
		       const struct signature_match *match)
{
	struct segment_target record = {.role = TARGET_FOLLOWED};
	char name[NAME_TEXT_SIZE];
	struct error err = {0};
	struct target *target;

	if (target_set_find(&probe->tagged, node->name.wire) != NULL)
		return;
	target = tag(probe, node, match, &err);
	if (target == NULL) {
		name_to_text(name, node->name.wire);
		log_warn("%s is not tagged as a lure: it %s", name, err.text);
		return;
	}
	record.name = target->name;
	record.tags = target->tags;
	record.tags_len = strlen(target->tags);
	spool_append_target(probe->options->spool, &record);
}

static void count(struct probe_totals *totals, const struct http_answer *answer, bool is_lure)
{
	totals->asked++;
	totals->answered += answer->outcome == FETCH_ANSWERED || answer->outcome == FETCH_CUT;
	totals->vetoed += answer->outcome == FETCH_VETOED;
	totals->bearing += is_lure;
}

static void put_fetch(const struct request *request, const struct http_answer *answer,
		      const char *signatures)
{
	const struct segment_fetch fetch = {
		.purpose = FETCH_PAGE,
		.outcome = answer->outcome,
		.status = (uint16_t)answer->status,
		.name = request->node->name.wire,
		.about = request->node->address,
		.server = answer->server,
		.asked_wall_us = answer->asked_wall_us,
		.asked_boot_us = answer->asked_boot_us,
		.took_us = answer->took_us,
		.url = request->url,
		.url_len = strlen(request->url),
		.tags = signatures,
		.tags_len = strlen(signatures),
		.head = (const uint8_t *)answer->head,
		.head_len = answer->head_len,
		.body = request->body.data,
		.body_len = request->body.len,
	};

	spool_append_fetch(request->probe->options->spool, &fetch);
}

static void on_done(void *ctx, const struct http_answer *answer)
{
	struct request *request = ctx;
	struct probe *probe = request->probe;
	const struct signature_page page = {.head = (const uint8_t *)answer->head,
					    .head_len = answer->head_len,
					    .body = request->body.data,
					    .body_len = request->body.len};
	struct signature_match match;

	signatures_match(probe->options->signatures, &page, &match);
	put_fetch(request, answer, match.names);
	if (match.name != NULL)
		put_target(probe, request->node, &match);
	count(probe->totals, answer, match.name != NULL);
	request->node = NULL;
}

static bool on_body(void *ctx, const void *octets, size_t len)
{
	struct request *request = ctx;

	buf_put(&request->body, octets, len);
	return buf_is_ok(&request->body);
}

static void put_url(struct request *request)
{
	const struct probe_options *options = request->probe->options;
	char host[NAME_TEXT_SIZE];
	char port[sizeof(":65535")] = "";

	name_to_text(host, request->node->name.wire);
	if (options->port != HTTP_PORT)
		snprintf(port, sizeof(port), ":%u", options->port);
	snprintf(request->url, sizeof(request->url), "http://%s%s%s", host, port,
		 options->path);
}

static void ask(struct probe *probe, struct request *request, const struct probe_node *node)
{
	const struct http_request how = {.url = request->url,
					 .pin = &node->address,
					 .reach = probe->options->reach,
					 .body_max = FETCH_BODY_MAX,
					 .timeout_ms = probe->options->timeout_s * 1000,
					 .connect_timeout_ms = CONNECT_TIMEOUT_MS,
					 .slow_octets_s = SLOW_OCTETS_S,
					 .take = on_body,
					 .done = on_done,
					 .ctx = request};
	struct error err = {0};

	request->node = node;
	buf_reset(&request->body);
	put_url(request);
	if (http_start(probe->http, &how, &err) == FT_OK)
		return;
	request->node = NULL;
	if (err.code == FT_USAGE) /* a name that is no host's: none of the others' fault */
		log_warn("%s is not asked: %s", request->url, err.text);
	else
		fail(probe, &err);
}

static struct request *free_request(struct probe *probe)
{
	for (size_t i = 0; i < PROBE_IN_FLIGHT_MAX; i++)
		if (probe->requests[i].node == NULL)
			return &probe->requests[i];
	return NULL;
}

static void ask_next(struct probe *probe)
{
	const struct probe_options *options = probe->options;
	int64_t now_us = clock_boot_us(&clock_system);
	struct request *request;

	while (probe->code == FT_OK && probe->next < options->count &&
	       !loop_stop_asked(probe->loop) && bucket_room(&probe->bucket, now_us) > 0) {
		request = free_request(probe);
		if (request == NULL)
			return;
		bucket_take(&probe->bucket);
		ask(probe, request, &options->nodes[probe->next++]);
	}
}

static void commit(struct probe *probe)
{
	struct error err = {0};

	if (spool_commit(probe->options->spool, &err) != FT_OK)
		fail(probe, &err);
	else if (spool_is_full(probe->options->spool)) {
		error_set(&err, FT_AGAIN, "no space for the spool; free some");
		fail(probe, &err);
	}
}

static void on_turn(void *ctx)
{
	struct probe *probe = ctx;
	size_t in_flight;
	bool is_over;

	http_turn(probe->http);
	commit(probe);
	ask_next(probe);
	in_flight = http_in_flight(probe->http);
	is_over = probe->next == probe->options->count || probe->code != FT_OK ||
		  loop_stop_asked(probe->loop);
	log_progress("%zu of %zu nodes asked; %zu in flight", probe->next,
		     probe->options->count, in_flight);
	if (is_over && in_flight == 0)
		loop_stop(probe->loop);
}

static int run(struct probe *probe)
{
	struct http_options how = {.user_agent = probe->options->user_agent};

	probe->loop = loop_new(on_turn, probe, probe->err);
	if (probe->loop == NULL)
		return probe->err->code;
	how.loop = probe->loop;
	probe->http = http_new(&how, probe->err);
	if (probe->http == NULL)
		return probe->err->code;
	bucket_init(&probe->bucket, probe->options->rate_per_s, clock_boot_us(&clock_system));
	loop_run(probe->loop);
	log_progress("%s", "");
	return probe->code;
}

int probe_run(const struct probe_options *options, struct probe_totals *totals,
	      struct error *err)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	int code;

	*totals = (struct probe_totals){0};
	if (probe == NULL)
		return error_set(err, FT_FAIL, "no memory to ask for pages");
	probe->options = options;
	probe->totals = totals;
	probe->err = err;
	target_set_init(&probe->tagged);
	for (size_t i = 0; i < PROBE_IN_FLIGHT_MAX; i++) {
		probe->requests[i].probe = probe;
		buf_init(&probe->requests[i].body, FETCH_BODY_MAX);
	}
	code = run(probe);
	if (probe->http != NULL)
		http_free(probe->http);
	if (probe->loop != NULL)
		loop_free(probe->loop);
	for (size_t i = 0; i < PROBE_IN_FLIGHT_MAX; i++)
		buf_fini(&probe->requests[i].body);
	target_set_fini(&probe->tagged);
	free(probe);
	return code;
}
