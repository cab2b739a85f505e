/* SPDX-License-Identifier: MIT */
/*
 * The names of the lists that hold somebody else's (allow, cdn, pool) and of dynamic-DNS zones,
 * as the database holds them now, in memory: to judge a million names without a query each.
 */
#ifndef STORE_LISTED_NAMES_H
#define STORE_LISTED_NAMES_H

#include "store/db.h"

struct listed_name {
	uint32_t at;      /* of its text */
	bool is_dyndns;   /* a zone: only the name itself is meant */
	const char *list; /* static */
};

struct listed_names {
	struct buf text;             /* the names, each with a NUL */
	struct listed_name *entries; /* owned; sorted by name */
	size_t count;
	size_t size;
};

void listed_names_init(struct listed_names *names);
void listed_names_fini(struct listed_names *names);
int listed_names_read(struct listed_names *names, struct db *db, struct error *err) MUST_CHECK;

/*
 * The list that name is on, itself or by a name above it, and that entry in *entry (the end of
 * name); NULL where it is on none. name: lower case, no trailing dot.
 */
const char *listed_names_find(const struct listed_names *names, const char *name,
			      const char **entry);

#endif
