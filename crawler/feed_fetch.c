/* SPDX-License-Identifier: MIT */
#include "crawler/feed_fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crawler/feed_download.h"
#include "crawler/feed_misp.h"

#define FOLDER_MODE 0750
#define USER_AGENT  "fluxtrack/" FLUXTRACK_VERSION
#define HEADERS_MAX (FEED_HEADERS_MAX + 2) /* with the two that make it conditional */
#define PROGRESS_US 500000

/* A feed that is being fetched. */
struct fetch {
	struct feed_job *job; /* borrowed */
	struct http *http;    /* owned; its own, for its certificates */
	char headers[HEADERS_MAX][FEED_HEADER_SIZE];
	const char *header_list[HEADERS_MAX + 1]; /* into headers; ends with NULL */
	size_t own_headers;                       /* before the conditions */
	struct feed_download download;            /* of the body, or the manifest */
	struct feed_misp *misp; /* owned; NULL: no MISP feed, or no manifest yet */
	bool has_ended;
};

struct fetches {
	struct loop *loop;     /* owned */
	struct fetch *fetches; /* owned */
	size_t count;
	size_t left;      /* that have not ended */
	int64_t shown_us; /* boot clock: when progress was shown last */
};

/* Asks for what is newer than the body that is there. */
static void add_conditions(struct fetch *fetch, size_t count)
{
	const struct feed_state *state = &fetch->job->state;

	if (state->body != FEED_BODY_NONE && state->etag[0] != '\0')
		snprintf(fetch->headers[count++], FEED_HEADER_SIZE, "If-None-Match: %s",
			 state->etag);
	if (state->body != FEED_BODY_NONE && state->modified[0] != '\0')
		snprintf(fetch->headers[count++], FEED_HEADER_SIZE, "If-Modified-Since: %s",
			 state->modified);
	for (size_t i = 0; i < count; i++)
		fetch->header_list[i] = fetch->headers[i];
}

/* For the feed itself, and without the conditions for the events of a MISP feed. */
static int make_headers(struct fetch *fetch, struct error *err)
{
	const struct feed_config *config = fetch->job->config;
	size_t count = 0;

	for (; count < FEED_HEADERS_MAX && config->headers[count][0] != '\0'; count++)
		if (feed_header_make(fetch->headers[count], config->headers[count], err) !=
		    FT_OK)
			return err->code;
	fetch->own_headers = count;
	add_conditions(fetch, count);
	return FT_OK;
}

/* Of what is fetched first. */
static int make_path(struct fetch *fetch, struct error *err)
{
	const struct feed_job *job = fetch->job;

	if (!job->is_misp) {
		memcpy(fetch->download.path, job->path, sizeof(job->path));
		return FT_OK;
	}
	if (dir_make(job->path, FOLDER_MODE, err) != FT_OK)
		return err->code;
	return path_join(fetch->download.path, job->path, FEED_MANIFEST, err);
}

static int start_fetch(struct fetch *fetch, struct loop *loop, struct error *err)
{
	const struct feed_config *config = fetch->job->config;
	const struct http_options options = {.loop = loop,
					     .user_agent = USER_AGENT,
					     .ca_file =
						     config->ca[0] != '\0' ? config->ca : NULL};

	if (make_headers(fetch, err) != FT_OK || make_path(fetch, err) != FT_OK)
		return err->code;
	fetch->http = http_new(&options, err);
	if (fetch->http == NULL)
		return err->code;
	fetch->download.http = fetch->http;
	fetch->download.headers = fetch->header_list;
	fetch->download.octets_max = config->octets_max;
	if (fetch->job->is_misp && config->octets_max > MANIFEST_OCTETS_MAX)
		fetch->download.octets_max = MANIFEST_OCTETS_MAX;
	return feed_download_start(&fetch->download, fetch->job->url, err);
}

/* Whichever way it ended. outcome: in words, where there was no error. */
static void end_fetch(struct fetch *fetch, const char *outcome)
{
	struct feed_job *job = fetch->job;
	bool succeeded = job->error.code == FT_OK;
	const struct feed_try end = {
		.ended_us = clock_wall_us(&clock_system),
		.retry_after_s = fetch->misp != NULL ? feed_misp_retry_after_s(fetch->misp)
						     : fetch->download.retry_after_s,
		.succeeded = succeeded,
		.outcome = succeeded ? outcome : job->error.text};

	feed_state_tried(&job->state, job->config, &end);
	fetch->has_ended = true;
}

/* The body that came takes the place of the one before, unless it is the same. */
static void keep_body(struct fetch *fetch)
{
	struct feed_download *download = &fetch->download;
	struct feed_state *state = &fetch->job->state;
	bool is_same = state->body != FEED_BODY_NONE &&
		       strcmp(download->sha256, state->body_sha256) == 0 &&
		       (fetch->misp == NULL || !feed_misp_is_new(fetch->misp));

	if (!is_same && feed_download_keep(download, &fetch->job->error) == FT_OK) {
		state->body = FEED_BODY_WAITS;
		memcpy(state->body_sha256, download->sha256, sizeof(state->body_sha256));
	}
	if (fetch->job->error.code == FT_OK) {
		feed_state_keep_etag(state, download->etag);
		feed_state_keep_modified(state, download->modified);
	}
	end_fetch(fetch, is_same ? "the same as before" : "fetched");
}

static void start_events(struct fetch *fetch)
{
	const struct feed_misp_options options = {.http = fetch->http,
						  .headers = fetch->header_list,
						  .url = fetch->job->url,
						  .manifest = fetch->download.part,
						  .dir = fetch->job->path,
						  .octets_max = fetch->job->config->octets_max};

	fetch->header_list[fetch->own_headers] = NULL; /* the conditions were the manifest's */
	fetch->misp = feed_misp_new(&options, &fetch->job->error);
	if (fetch->misp == NULL)
		end_fetch(fetch, "");
}

static void end_download(struct fetch *fetch)
{
	struct feed_job *job = fetch->job;

	job->error = fetch->download.error;
	if (job->error.code == FT_OK && fetch->download.status == 304 &&
	    job->state.body == FEED_BODY_NONE)
		error_set(&job->error, FT_FAIL, "the server says 304 of what was never there");
	if (job->error.code != FT_OK)
		end_fetch(fetch, "");
	else if (fetch->download.status == 304)
		end_fetch(fetch, "not modified");
	else if (job->is_misp)
		start_events(fetch);
	else
		keep_body(fetch);
}

static void turn_events(struct fetch *fetch)
{
	int end = feed_misp_turn(fetch->misp, &fetch->job->error);

	if (end == 1)
		keep_body(fetch);
	else if (end < 0)
		end_fetch(fetch, "");
}

static void turn_fetch(struct fetch *fetch)
{
	http_turn(fetch->http);
	if (fetch->misp != NULL)
		turn_events(fetch);
	else if (fetch->download.is_done)
		end_download(fetch);
}

static void show_progress(struct fetches *all)
{
	int64_t now_us = clock_boot_us(&clock_system);
	uint64_t octets = 0;

	if (now_us - all->shown_us < PROGRESS_US)
		return;
	all->shown_us = now_us;
	for (size_t i = 0; i < all->count; i++) {
		octets += all->fetches[i].download.octets;
		if (all->fetches[i].misp != NULL)
			octets += feed_misp_octets(all->fetches[i].misp);
	}
	log_progress("fetching feeds: %zu of %zu left, %.1f MB so far", all->left, all->count,
		     (double)octets / 1e6);
}

static void turn(void *ctx)
{
	struct fetches *all = ctx;

	all->left = 0;
	for (size_t i = 0; i < all->count; i++) {
		if (!all->fetches[i].has_ended)
			turn_fetch(&all->fetches[i]);
		all->left += !all->fetches[i].has_ended;
	}
	show_progress(all);
	if (all->left == 0 || loop_stop_asked(all->loop))
		loop_stop(all->loop);
}

static void start_all(struct fetches *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct fetch *fetch = &all->fetches[i];

		if (start_fetch(fetch, all->loop, &fetch->job->error) != FT_OK)
			end_fetch(fetch, "");
	}
}

/* Of one that a signal cut short nothing is kept: it is as if it had not begun. */
static int save_all(struct fetches *all, struct error *err)
{
	int result = FT_OK;

	for (size_t i = 0; i < all->count; i++)
		if (all->fetches[i].has_ended &&
		    feed_job_save(all->fetches[i].job, err) != FT_OK)
			result = err->code;
	return result;
}

/* A download may be let go of only once nothing of it is in flight. */
static void free_all(struct fetches *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct fetch *fetch = &all->fetches[i];

		if (fetch->http != NULL)
			http_free(fetch->http);
		feed_misp_free(fetch->misp);
		feed_download_drop(&fetch->download);
	}
	if (all->loop != NULL)
		loop_free(all->loop);
	free(all->fetches);
}

static int run_all(struct fetches *all, struct error *err)
{
	all->loop = loop_new(turn, all, err);
	if (all->loop == NULL)
		return err->code;
	start_all(all);
	loop_run(all->loop);
	log_progress("%s", "");
	if (save_all(all, err) != FT_OK)
		return err->code;
	if (all->left > 0)
		return error_set(err, FT_AGAIN,
				 "a signal ended it: what was fetched waits in the cache");
	return FT_OK;
}

int feed_fetch(struct feed_job *jobs, size_t count, struct error *err)
{
	struct fetches all = {.fetches = calloc(count, sizeof(*all.fetches))};
	int result;

	if (all.fetches == NULL)
		return error_set(err, FT_FAIL, "no memory for %zu feeds", count);
	for (size_t i = 0; i < count; i++)
		if (jobs[i].is_wanted)
			all.fetches[all.count++].job = &jobs[i];
	result = all.count > 0 ? run_all(&all, err) : FT_OK;
	free_all(&all);
	return result;
}
