/* SPDX-License-Identifier: MIT */
/*
 * Routing tables from files: which network announces which prefix, in the forms that
 * store/prefix_line.h reads, told apart line by line; ; and # begin comments; gzip is read as
 * well. A file whose lines have no day of their own is a whole table, of the day given, else of
 * that in pyasn's header ("Original file : rib.20080501.0644.bz2"), else of that in its name
 * (CAIDA's routeviews-rv2-20080501-1200.pfx2as.gz), else of today: what it does not hold is not
 * announced from then on. A line with a day of its own speaks for its prefix alone.
 */
#ifndef STORE_PREFIXES_H
#define STORE_PREFIXES_H

#include "store/day.h"
#include "store/db.h"

struct prefix_totals {
	uint64_t lines;       /* good ones that name an origin */
	uint64_t bad;         /* said, the first few, and passed over */
	uint64_t added;       /* rows that the database did not have */
	uint64_t ended;       /* rows that hold no longer */
	char dated[DAY_SIZE]; /* of lines without a date of their own */
};

/* from: YYYY-MM-DD or NULL. All in one transaction. The same file again changes nothing. */
int import_prefixes(struct db *db, const char *path, const char *from,
		    struct prefix_totals *totals, struct error *err) MUST_CHECK;

#endif
