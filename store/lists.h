/* SPDX-License-Identifier: MIT */
/*
 * Lists of names and addresses that are known to be something else than flux, from files: an
 * entry a line (list_line.h), or MISP's warning lists, which are JSON; gzip is read as well.
 * A file is a source, by its base name: what it said of that list before is replaced, but
 * entries that it holds no longer are marked, never deleted, so that an old verdict can be
 * computed again. The list's day is MISP's version (20240301) or a comment "# date:
 * 2024-03-01", else today.
 */
#ifndef STORE_LISTS_H
#define STORE_LISTS_H

#include "store/db.h"

struct list_totals {
	uint64_t entries; /* good ones */
	uint64_t bad;     /* lines or entries said, the first few, and passed over */
	uint64_t added;   /* of the good ones: the source did not say them before */
	uint64_t removed; /* the source said them before, and no longer */
};

/*
 * list: sinkhole, parking, cdn, pool, allow or dyndns; FT_USAGE for another. All in one
 * transaction; a file without a good entry is an error and changes nothing. Where an entry was
 * added or removed, all verdicts are due anew.
 */
int import_list(struct db *db, const char *list, const char *path, struct list_totals *totals,
		struct error *err) MUST_CHECK;

#endif
