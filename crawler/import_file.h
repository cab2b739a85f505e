/* SPDX-License-Identifier: MIT */
/*
 * A file of lookups that another tool made, into the spool: line by line, in bounded memory. It
 * goes no other way than what we saw ourselves, through segments, but as RECORD_TOLD, so that
 * nobody takes it for a message we saw.
 */
#ifndef CRAWLER_IMPORT_FILE_H
#define CRAWLER_IMPORT_FILE_H

#include "crawler/import_line.h"
#include "store/spool.h"

#include <time.h>

struct import_file {
	const char *path;                   /* borrowed */
	const struct import_format *format; /* static */
	const char *tags;                   /* borrowed; of the names that are followed */
	struct segment_source source;       /* this and the next by import_file_describe() */
	struct timespec changed;            /* when the file had been written last */
	uint64_t told_before; /* lines that an import cut short has told of: passed over */
};

struct import_totals {
	uint64_t lines;
	uint64_t lookups; /* recorded */
	uint64_t other;   /* lines of types or classes that we do not follow */
	uint64_t bad;     /* lines */
};

/* The format of that name; NULL where there is none. */
const struct import_format *import_format_find(const char *name);

/*
 * Makes the source's record: reads the whole file for its SHA-256, and so takes regular files
 * alone.
 */
int import_file_describe(struct import_file *file, struct error *err) MUST_CHECK;
/*
 * Writes all that its good lines tell to spool. FT_FAIL where no line was ever a good one,
 * where the file cannot be read on, or was written to since it was described: what was read is
 * recorded all the same. Waits while the disk is full.
 */
int import_file_read(const struct import_file *file, struct spool *spool,
		     struct import_totals *totals, struct error *err) MUST_CHECK;

#endif
