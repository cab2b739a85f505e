/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a feed between two fetches, in NAME.state beside its body in the cache: what
 * to ask with so that the server may answer "not modified", how the last tries went, and when
 * the next is due. Neither a URL nor a header stands in it.
 */
#ifndef CRAWLER_FEED_STATE_H
#define CRAWLER_FEED_STATE_H

#include "crawler/feed_config.h"
#include "store/loader_hex.h"

#define FEED_WAIT_MAX_S 86400 /* after failures, and as a server may ask */

/* How far the body in the cache has come. */
enum feed_body {
	FEED_BODY_NONE,   /* there is none yet */
	FEED_BODY_WAITS,  /* for the database */
	FEED_BODY_FAILED, /* it could not be read; it is tried again when the next fetch is due
			   */
	FEED_BODY_IMPORTED,
};

struct feed_state {
	char url_sha256[LOADER_HEX_SIZE]; /* in hexadecimal, as all three; "" for none */
	char how_sha256[LOADER_HEX_SIZE]; /* of format and tags */
	char body_sha256[LOADER_HEX_SIZE];
	char etag[INI_VALUE_SIZE];     /* "" where none came that can be kept */
	char modified[INI_VALUE_SIZE]; /* likewise, Last-Modified */
	char outcome[INI_VALUE_SIZE];  /* of the last try, in words */
	unsigned failures;             /* since the last success */
	int64_t succeeded_us;          /* wall clock; 0: never */
	int64_t next_us;               /* wall clock */
	enum feed_body body;
};

/* Where there is no such file, *state is that of a feed never fetched. */
int feed_state_read(struct feed_state *state, const char *path, struct error *err) MUST_CHECK;
int feed_state_write(const struct feed_state *state, const char *path,
		     struct error *err) MUST_CHECK;

/* Makes it that of this feed: another URL begins anew, another format or other tags import the
 * body again. True: it was that of another URL. */
bool feed_state_adopt(struct feed_state *state, const struct feed_config *feed);

bool feed_state_is_due(const struct feed_state *state, const struct feed_config *feed,
		       int64_t now_us);
/* Keeps what is of use in another request, and nothing that could do harm in one. */
void feed_state_keep_etag(struct feed_state *state, const char *etag);
void feed_state_keep_modified(struct feed_state *state, const char *modified);

/* How a try to fetch it ended. */
struct feed_try {
	int64_t ended_us;      /* wall clock */
	int64_t retry_after_s; /* as the server asks; 0: it does not */
	bool succeeded;
	const char *outcome; /* borrowed for the call: in words */
};

/* After a success the next is due in an interval; after failures in twice as long each. */
void feed_state_tried(struct feed_state *state, const struct feed_config *feed,
		      const struct feed_try *end);

#endif
