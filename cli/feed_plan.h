/* SPDX-License-Identifier: MIT */
/*
 * Which feeds a call of import targets is about: to be fetched are those that its words name,
 * or else those of the feeds file that are due. The others of that file are there as well, for
 * what waits in the cache.
 */
#ifndef CLI_FEED_PLAN_H
#define CLI_FEED_PLAN_H

#include "cli/import_targets.h"
#include "crawler/feed_job.h"

struct feed_plan {
	const struct context *context;    /* borrowed */
	const struct target_options *how; /* borrowed */
	struct feed_job *jobs;            /* owned; of a file it has no more than its path */
	size_t count;
	bool has_words;
	char cache[PATH_SIZE];
	struct feed_configs *listed; /* owned; what the feeds file says */
	struct feed_config *given;   /* owned; what words say, one each */
};

/* Settles what is to be done, and locks the cache while the process lives; it fetches nothing.
 * To be freed on a failure, too. */
int feed_plan_make(struct feed_plan *plan, const struct context *context,
		   const struct target_options *how, struct error *err) MUST_CHECK;
void feed_plan_free(struct feed_plan *plan);

/* Is the job one of a file, not of a URL? */
bool feed_job_is_file(const struct feed_job *job);

#endif
