/* SPDX-License-Identifier: MIT */
/*
 * A segment, read from a file record by record through a buffer (no mmap). The SHA-256 of the
 * whole is known at the end. Used by the loader, by recovery and by who checks evidence. Also:
 * which sealed segments a home holds, and the move of one to the archive.
 */
#ifndef STORE_SEGMENT_FILE_H
#define STORE_SEGMENT_FILE_H

#include "store/segment.h"

struct segment_file;

/* Opens and reads magic and HEADER; FT_FAIL where it is no segment. */
struct segment_file *segment_file_open(const char *path, struct error *err) MUST_CHECK;
void segment_file_close(struct segment_file *file);
const struct segment_header *segment_file_header(const struct segment_file *file);
/*
 * The next record, valid until the next call; its number in the file in *number (HEADER, which
 * segment_file_open() read, is 0). Records of unknown type are numbered and passed over.
 * 1: a record, SEAL included. 0: the end, sealed and whole. FT_FAIL: broken, with where.
 */
int segment_file_next(struct segment_file *file, struct segment_record *out, uint32_t *number,
		      struct error *err) MUST_CHECK;
/* After segment_file_next() gave 0. */
void segment_file_sha256(struct segment_file *file, uint8_t out[SHA256_LEN]);

/* How far a file is whole; what recovery takes of a broken one. */
struct segment_extent {
	uint64_t octets;  /* of magic and whole records, SEAL not counted */
	uint64_t records; /* whole ones read so far, HEADER counted, SEAL not */
	bool sealed;      /* a good SEAL follows them */
};

struct segment_extent segment_file_extent(const struct segment_file *file);

/*
 * The sealed segments in HOME/spool, oldest first: *paths is an array of *count strings; free
 * it and each with segment_list_free().
 */
int segment_list(const char *home, char ***paths, size_t *count, struct error *err) MUST_CHECK;
void segment_list_free(char **paths, size_t count);
/*
 * Moves a loaded segment from the spool to HOME/archive/YYYY-MM-DD, the day of its creation;
 * one that is gone already is fine. Another of the same name there keeps its place: this one
 * then carries its uuid in its name.
 */
int segment_archive(const char *home, const char *path, const struct segment_header *header,
		    struct error *err) MUST_CHECK;

#endif
