/* SPDX-License-Identifier: MIT */
/*
 * One segment into the database, in one transaction. The file is read twice: once to check and
 * hash it and to learn its names, before the database hears of it; once more to write its rows.
 * The transaction asks for what loaders share in the same order as any other loader's: vantage,
 * ledger, runs, sources, servers, names.
 */
#ifndef STORE_LOADER_SEGMENT_H
#define STORE_LOADER_SEGMENT_H

#include "store/db.h"
#include "store/segment.h"

struct loader_segment {
	struct segment_header header;
	uint64_t rows;
	bool is_known;  /* it was loaded before: nothing was done */
	bool is_broken; /* it failed by its own fault, and would again */
};

int loader_segment_load(struct db *db, const char *path, struct loader_segment *out,
			struct error *err) MUST_CHECK;

#endif
