/* SPDX-License-Identifier: MIT */
/*
 * The crawl: asks what is due, records what comes, and learns from it when to ask again. It
 * owns the schedule, the loop and the resolver, and works once a loop turn. A name's failures
 * are recorded and never end it; it ends when its time is up, when a signal asks, or when
 * nothing can be asked or recorded.
 *
 *	spool_open, crawl_new, crawl_run, crawl_free, spool_close
 */
#ifndef CRAWLER_CRAWL_H
#define CRAWLER_CRAWL_H

#include "base/clock.h"
#include "crawler/target.h"
#include "store/spool.h"

#define CRAWL_FOREVER INT64_MAX

/* For the progress line. */
struct crawl_progress {
	size_t targets;      /* followed names */
	size_t nameservers;  /* names that follow from them */
	uint64_t lookups;    /* recorded in this run */
	uint64_t failed;     /* of these: those in which the domain's owner did not speak */
	size_t in_flight;    /* questions */
	int64_t next_due_us; /* from now to the next question; 0: some are due, or all in flight
			      */
};

typedef void (*crawl_report)(void *ctx, const struct crawl_progress *progress);

struct crawl_options {              /* all pointers are borrowed until crawl_free() */
	const char *home;           /* what is due is kept in HOME/cache/schedule */
	struct target_set *targets; /* nameservers are added to it */
	struct spool *spool;
	const struct clock *clock;
	const struct server_address *servers;
	size_t server_count;
	double rate_qps;     /* over all servers; 0: no limit */
	int64_t for_us;      /* 0: one pass; CRAWL_FOREVER: until a signal */
	uint64_t seed;       /* of the schedule's jitter; random, but in tests */
	crawl_report report; /* called about four times a second; may be NULL */
	void *report_ctx;
};

struct crawl;

struct crawl *crawl_new(const struct crawl_options *options, struct error *err) MUST_CHECK;
void crawl_free(struct crawl *crawl);

/*
 * Runs to its end. FT_OK where it ended as asked, by a signal too. FT_AGAIN where no resolver
 * answers or the spool takes nothing more: what was recorded until then is safe. FT_FAIL where
 * records were lost on the way, or memory is out.
 */
int crawl_run(struct crawl *crawl, struct error *err) MUST_CHECK;

void crawl_progress(const struct crawl *crawl, struct crawl_progress *out);

#endif
