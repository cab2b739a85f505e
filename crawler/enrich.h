/* SPDX-License-Identifier: MIT */
/*
 * Asks the DNS what it tells of addresses: whose they are (TXT under Team Cymru's zones) and
 * what their names are (PTR). What to ask and what becomes of the answers is SQL
 * (sql/enrich.sql); between them lies the way of every lookup: crawl, spool, loader. So each
 * answer is on record, and the database can be rebuilt from it. Nothing but the servers given
 * is contacted.
 */
#ifndef CRAWLER_ENRICH_H
#define CRAWLER_ENRICH_H

#include "crawler/crawl.h"
#include "store/db.h"

struct enrich_options {      /* all pointers are borrowed for the call */
	const char *home;    /* its lock is held */
	const char *vantage; /* printable ASCII */
	struct db *db;       /* migrated */
	const struct server_address *servers;
	size_t server_count;
	double rate_qps;     /* over all servers; 0: no limit */
	int64_t limit;       /* of names asked for */
	uint64_t seed;       /* of the schedule */
	crawl_report report; /* may be NULL */
};

struct enrich_totals {
	uint64_t names;   /* asked for */
	uint64_t lookups; /* recorded */
	uint64_t failed;  /* of these: without a definite outcome */
	bool is_stopped;  /* a signal ended it */
};

/*
 * Asks in rounds, each for what the answers of the one before left open, until nothing is
 * wanted or the limit is reached. FT_AGAIN where no resolver answers or the database is away:
 * what was recorded is safe, and totals tells it.
 */
int enrich_run(const struct enrich_options *options, struct enrich_totals *totals,
	       struct error *err) MUST_CHECK;

#endif
