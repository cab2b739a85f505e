/* SPDX-License-Identifier: MIT */
/*
 * One segment being written: the file NAME.part, and in memory all that the disk has not yet
 * sworn to keep. Records go from the tail to write(2) (from then on a killed process loses
 * none) and leave the tail at the next good sync.
 *
 * A sync that failed has left the file in doubt: the kernel may have dropped what it could not
 * write, and would call a second try good. So the file is never synced again. A new one is made
 * of what was synced before and of the tail, synced, and renamed over it: at every moment
 * NAME.part holds each record once.
 */
#ifndef STORE_SPOOL_PART_H
#define STORE_SPOOL_PART_H

#include "base/file.h"
#include "store/segment.h"

/* What may wait in memory while nothing can be written; more is lost, and said. */
#define PART_TAIL_MAX (64 * 1024 * 1024)

struct part {
	int fd;
	char path[PATH_SIZE]; /* of NAME.part */
	struct buf tail;      /* octets since the last good sync, handed to write(2) or not */
	struct sha256 *sha;   /* owned; of all that was handed to write(2) */
	uint64_t synced;      /* octets of the file that are safe; where the tail begins */
	uint64_t written;     /* octets handed to write(2) */
	uint64_t reserved;    /* octets the disk has room for, the written ones counted */
	uint64_t records;     /* in file and tail, HEADER counted */
	bool in_doubt;        /* a sync failed; write(2) must not be used any more */
};

/* Makes an empty NAME.part in folder for a segment of that time and sequence. */
int part_create(struct part *part, const char *folder, int64_t created_wall_us,
		uint64_t sequence, struct error *err) MUST_CHECK;
/* Puts magic and HEADER into the tail: before any other record. */
void part_begin(struct part *part, const struct segment_header *header);
/* Closes the file, leaves it where it is, and frees. */
void part_close(struct part *part);
/* The same, and removes the file: for one that holds no record but its HEADER. */
void part_remove(struct part *part);

/* Octets not yet handed to write(2). */
size_t part_waiting(const struct part *part);
/* Makes sure that so many octets more fit on the disk; false where they do not. */
bool part_reserve(struct part *part, uint64_t octets);
/* Hands the tail to write(2). On an error it is all still there, to be tried again. */
int part_write(struct part *part, struct error *err) MUST_CHECK;
/* Makes safe what was written. On an error all is still there, to be tried again. */
int part_sync(struct part *part, struct error *err) MUST_CHECK;
/*
 * Ends a segment that was synced: SEAL, sync, rename to NAME.seg. Its SHA-256 goes to sha256 in
 * any case. On an error the file stays NAME.part for recovery, which will end it the same way.
 */
int part_seal(struct part *part, uint8_t sha256[SHA256_LEN], struct error *err) MUST_CHECK;

/* Appends octets at to end of the file in to the file out (path names out, for messages). */
int octets_copy(int in, uint64_t at, uint64_t end, int out, const char *path,
		struct error *err) MUST_CHECK;
/* The path of NAME.part with another suffix, at most as long. */
void part_sibling(char out[PATH_SIZE], const char *path, const char *suffix);

#endif
