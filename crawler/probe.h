/* SPDX-License-Identifier: MIT */
/*
 * Asks nodes for a page under the name that they were seen under, one GET each: so that what
 * they serve is on record, and that the same comes from all of them. Each is asked at the
 * address that it was seen at and nowhere else; nothing is followed, no name is resolved.
 * Whom to ask, and who wants to be spared, is the caller's to say (probe_wanted() in SQL); no
 * connection is made to an address that the reach does not hold.
 *
 * Each answer, failures too, is a RECORD_FETCH with the signatures it bears; the name of the
 * first page that bears one is followed from there on, with that as its tag.
 */
#ifndef CRAWLER_PROBE_H
#define CRAWLER_PROBE_H

#include "crawler/reach.h"
#include "crawler/signatures.h"
#include "store/spool.h"

#define PROBE_IN_FLIGHT_MAX 32
/*
 * What the spool is to reserve, in octets: it stops the asking where less than half of that is
 * left, and all that is in flight then has to fit, or it is lost.
 */
#define PROBE_RESERVE ((size_t)2 * PROBE_IN_FLIGHT_MAX * SEGMENT_PAYLOAD_MAX)

struct probe_node {
	struct name name;
	struct address address;
	const char *tags; /* borrowed: those that the name has; "" for none */
};

struct probe_options {                  /* all pointers are borrowed for the call */
	struct spool *spool;            /* with PROBE_RESERVE */
	const struct probe_node *nodes; /* in the order in which they are asked */
	size_t count;
	struct signatures *signatures;
	const struct reach *reach;
	const char *user_agent; /* who asks, and where to complain */
	const char *path;       /* begins with a slash; printable, without blanks */
	uint16_t port;
	double rate_per_s; /* requests over all; 0: no limit */
	int64_t timeout_s; /* for the whole of a request */
};

struct probe_totals {
	uint64_t asked;    /* requests recorded, those vetoed too */
	uint64_t answered; /* of them those with an answer, whole or cut */
	uint64_t vetoed;
	uint64_t bearing; /* pages with a signature */
};

/*
 * Asks all of them, or until a signal asks to end; what is in flight then is waited for. On an
 * error what was asked until then is recorded, and totals tells it. FT_AGAIN: the spool takes
 * no more.
 */
int probe_run(const struct probe_options *options, struct probe_totals *totals,
	      struct error *err) MUST_CHECK;

#endif
