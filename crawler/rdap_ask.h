/* SPDX-License-Identifier: MIT */
/*
 * Asks RDAP servers what a plan holds, over HTTP, until it is empty or a signal comes. Each
 * answer, a redirect and a failure too, goes into the spool. Redirects are followed, three at
 * most; a server that wants time gets it, up to a minute. One that wants more, or that refuses
 * or is silent three times in a row, is asked no more in this run, not by a redirect either.
 */
#ifndef CRAWLER_RDAP_ASK_H
#define CRAWLER_RDAP_ASK_H

#include "crawler/rdap.h"
#include "crawler/rdap_plan.h"
#include "store/spool.h"

struct rdap_ask { /* all borrowed for the call */
	struct rdap_plan *plan;
	struct spool *spool;
	const char *home; /* for messages */
	const char *user_agent;
	const struct reach *reach;
};

/*
 * Counts what is answered into totals. FT_AGAIN: the spool takes no more. What was not asked is
 * left in the plan.
 */
int rdap_ask(const struct rdap_ask *how, struct rdap_totals *totals,
	     struct error *err) MUST_CHECK;

#endif
