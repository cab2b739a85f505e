/* SPDX-License-Identifier: MIT */
/*
 * The sources of one segment: files that other tools wrote, which its TOLD records are told
 * from, and the keys the database has for them. One import writes one into each of its
 * segments; a few may stand in one, no more.
 */
#ifndef STORE_LOADER_SOURCE_H
#define STORE_LOADER_SOURCE_H

#include "base/timefmt.h"
#include "store/db.h"
#include "store/segment.h"

#define LOADER_SOURCES_MAX 16
#define SOURCE_TOLD_SIZE   (TIME_TEXT_SIZE + SOURCE_NAME_MAX + 8)

struct loader_sources {
	size_t count;
	struct segment_source sources[LOADER_SOURCES_MAX];
	int32_t ids[LOADER_SOURCES_MAX]; /* by loader_sources_write() */
};

/* Notes a source, once; false where they are too many. */
bool loader_sources_add(struct loader_sources *sources, const struct segment_source *source);
bool loader_sources_has(const struct loader_sources *sources, const uint8_t uuid[UUID_LEN]);
/* Makes known to the database those it has not, and asks for their keys. */
int loader_sources_write(struct loader_sources *sources, struct db *db,
			 struct error *err) MUST_CHECK;
/* After that, the key of the one with that uuid; 0 where there is none. */
int32_t loader_sources_id(const struct loader_sources *sources, const uint8_t uuid[UUID_LEN]);

/*
 * Was a file of that SHA-256 imported? When and as what: "2026-11-23T18:30:00Z as NAME"; empty
 * where it was not.
 */
int loader_source_told(struct db *db, const uint8_t sha256[SHA256_LEN],
		       char out[SOURCE_TOLD_SIZE], struct error *err) MUST_CHECK;
/* The last line of it that tells of a lookup in the database; 0 where none does. */
int loader_source_line(struct db *db, const uint8_t sha256[SHA256_LEN], uint64_t *out,
		       struct error *err) MUST_CHECK;

#endif
