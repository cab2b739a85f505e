/* SPDX-License-Identifier: MIT */
/*
 * The events of a MISP feed, once its manifest is there: those that the manifest says were
 * changed are fetched into the folder, a few at once, and those that it has no longer are
 * removed from it. A file's time of change is that of its event, so the folder itself tells
 * what it has.
 */
#ifndef CRAWLER_FEED_MISP_H
#define CRAWLER_FEED_MISP_H

#include "crawler/feed_manifest.h"
#include "crawler/http.h"

struct feed_misp;

struct feed_misp_options { /* borrowed until feed_misp_free() */
	struct http *http;
	const char *const *headers; /* for each request; ends with NULL */
	const char *url;            /* of manifest.json */
	const char *manifest;       /* path of the one that was fetched */
	const char *dir;            /* of the events */
	uint64_t octets_max;        /* of all that are fetched */
};

/* NULL: the manifest cannot be used. */
struct feed_misp *feed_misp_new(const struct feed_misp_options *options,
				struct error *err) MUST_CHECK;
/* Not while http is there and one is in flight. */
void feed_misp_free(struct feed_misp *misp);

/* 1: all events are there. 0: go on, after http_turn(). Negative: one could not be fetched. */
int feed_misp_turn(struct feed_misp *misp, struct error *err) MUST_CHECK;
uint64_t feed_misp_octets(const struct feed_misp *misp);
/* How long the server asks to be left alone since an event failed; 0: it does not. */
int64_t feed_misp_retry_after_s(const struct feed_misp *misp);
/* Is the folder another than before? */
bool feed_misp_is_new(const struct feed_misp *misp);

#endif
