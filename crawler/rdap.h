/* SPDX-License-Identifier: MIT */
/*
 * Asks RDAP (RFC 9082) who registered names that flux and whose networks their nodes are in.
 * What to ask and what the answers say is SQL (sql/registration.sql); between them lies the way
 * of every answer: spool, loader. So each answer, a failure and a redirect too, is on record as
 * it came.
 *
 * Asked are the services that IANA's registries name, and where these refer to: over http or
 * https, at addresses that the reach holds. What is asked about leaves this machine: to them.
 */
#ifndef CRAWLER_RDAP_H
#define CRAWLER_RDAP_H

#include "crawler/reach.h"
#include "store/db.h"

struct rdap_options {              /* all pointers are borrowed for the call */
	const char *home;          /* its lock is held */
	const char *vantage;       /* printable ASCII */
	struct db *db;             /* migrated */
	const char *bootstrap_url; /* see rdap_bootstrap.h */
	const char *user_agent;
	const struct reach *reach;
	int64_t limit; /* of names and addresses asked about */
};

struct rdap_totals {
	uint64_t asked;     /* about how many names and addresses */
	uint64_t answered;  /* of them those that a server told of (status 200) */
	uint64_t unserved;  /* names and addresses that no service speaks of: not asked */
	uint64_t postponed; /* not asked, for their server wants or gives no more now */
};

/*
 * Asks, loads what came, and ends when all is asked or a signal comes. FT_AGAIN where which
 * servers to ask cannot be known, or the database or the spool is away: what was recorded is
 * safe, and totals tells it.
 */
int rdap_run(const struct rdap_options *options, struct rdap_totals *totals,
	     struct error *err) MUST_CHECK;

#endif
