/* SPDX-License-Identifier: MIT */
/*
 * The HTTP answers of a segment (RECORD_FETCH) as rows of page and registration. They are few
 * and long, so they come in a reading of their own, a statement each; head and body stay in
 * their segment, but for the JSON of RDAP.
 */
#ifndef STORE_LOADER_FETCH_H
#define STORE_LOADER_FETCH_H

#include "store/loader_ids.h"

/* Where the rows belong; ids has been fetched, with the name of every page. */
struct loader_fetches {
	const char *path; /* borrowed */
	const struct loader_ids *ids;
	int32_t segment_id;
};

int loader_fetches_write(const struct loader_fetches *fetches, struct db *db,
			 struct error *err) MUST_CHECK;

#endif
