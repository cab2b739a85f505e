/* SPDX-License-Identifier: MIT */
/*
 * A feed and what becomes of it, with its place in the cache, HOME/cache/feeds: NAME is the
 * body as it came last (of a MISP feed the folder NAME.d), NAME.state what is known of it.
 */
#ifndef CRAWLER_FEED_JOB_H
#define CRAWLER_FEED_JOB_H

#include "base/file.h"
#include "crawler/feed_state.h"

struct feed_job {
	const struct feed_config *config; /* borrowed */
	const char *format;               /* borrowed; NULL: as its content tells */
	bool is_misp;
	char url[FETCH_URL_MAX + 1]; /* of the body; of a MISP feed that of its manifest */
	char path[PATH_SIZE];        /* of the body, for feed_import() */
	char state_path[PATH_SIZE];
	struct feed_state state;
	bool has_moved;     /* its name was that of another URL until now */
	bool is_wanted;     /* set by the caller: feed_fetch() fetches it */
	struct error error; /* why it could not be fetched; FT_AGAIN: what may pass */
};

/* HOME/cache/feeds, made where missing. */
int feed_cache_open(char out[PATH_SIZE], const char *home, struct error *err) MUST_CHECK;

/* Reads its state; one that cannot be read is warned of, and the feed is as if new. */
int feed_job_open(struct feed_job *job, const struct feed_config *config, const char *cache,
		  struct error *err) MUST_CHECK;
/* Writes its state. */
int feed_job_save(const struct feed_job *job, struct error *err) MUST_CHECK;

#endif
