/* SPDX-License-Identifier: MIT */
/*
 * What is known of malware families, from INI files, a section a family:
 *
 *	[kraken]
 *	node = command
 *	alias = oderoor
 *	flow = udp/447 instructions and templates of spam
 *	sign = a service whose title is random lower-case letters
 *	reference = https://example.org/kraken
 *
 * node is command (infected machines call it) or proxy (it is an infected machine itself) and
 * must be there; the others may stand any number of times. A file is a source, by its base
 * name: what it said before is replaced, but stays on record as no longer held.
 */
#ifndef STORE_FAMILIES_H
#define STORE_FAMILIES_H

#include "store/db.h"

struct family_totals {
	uint64_t families;
	uint64_t added; /* of these: the source said nothing of them before, or another thing */
	uint64_t replaced; /* of what it said before: it says it no longer, or another thing */
};

/* All in one transaction; a fault anywhere in the file imports nothing. */
int import_families(struct db *db, const char *path, struct family_totals *totals,
		    struct error *err) MUST_CHECK;

#endif
