/* SPDX-License-Identifier: MIT */
/*
 * Feeds into the cache. Several are fetched at once, over a loop of their own. What is there is
 * replaced by what came whole alone; a failure changes nothing but the state.
 */
#ifndef CRAWLER_FEED_FETCH_H
#define CRAWLER_FEED_FETCH_H

#include "crawler/feed_job.h"

/*
 * Fetches those that are wanted and saves their states. What fails is told in each job;
 * FT_AGAIN where a signal ended it, FT_FAIL where it could not begin.
 */
int feed_fetch(struct feed_job *jobs, size_t count, struct error *err) MUST_CHECK;

#endif
