/* SPDX-License-Identifier: MIT */
/*
 * The spool: where a collector writes its segments.
 *
 *	HOME/spool/NAME.part      being written
 *	HOME/spool/NAME.seg       sealed, to be loaded
 *	HOME/spool/quarantine/    bytes that are no records, kept, never deleted
 *	HOME/spool/chain          collector, last sequence, last SHA-256
 *	HOME/archive/YYYY-MM-DD/  loaded segments
 *
 * NAME is the time of creation in UTC and the sequence, so that names sort as they were
 * written.
 *
 * Appended records wait in memory until spool_commit(), once a loop turn, hands them to
 * write(2): from then on they count, and a killed process loses none. spool_commit() also syncs
 * in groups, seals what is old or full, and notes clock jumps. Disk space is reserved ahead;
 * when no more can be had, spool_is_full() says so and the collector stops asking: what is in
 * flight still fits. The next segment's space is reserved before this one is sealed. A failed
 * sync is never tried again on the same file (store/spool_part.h).
 */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include "base/clock.h"
#include "base/file.h"
#include "store/segment.h"

struct spool_options {
	const char *home;          /* borrowed for the call */
	const char *vantage;       /* borrowed for the call; printable ASCII */
	const struct clock *clock; /* borrowed until spool_close() */
	size_t segment_bytes;      /* sealed when longer; 0: 64 MiB */
	int64_t seal_us;           /* sealed when older and not empty; 0: 10 s */
	size_t reserve_bytes;      /* reserved on disk ahead; 0: 8 MiB */
};

struct spool;

/*
 * Recovers what a killed process left (sealing it), then begins. Needs the home's lock.
 * FT_AGAIN where the disk has no room.
 */
struct spool *spool_open(const struct spool_options *options, struct error *err) MUST_CHECK;
/* Commits, seals, closes. Frees in any case; an error tells that sealing failed. */
int spool_close(struct spool *spool, struct error *err) MUST_CHECK;

void spool_append_run(struct spool *spool, const struct segment_run *run);
void spool_append_target(struct spool *spool, const struct segment_target *target);
void spool_append_lookup(struct spool *spool, const struct lookup *lookup);
/* From here on this is what spool_append_told() tells from. */
void spool_set_source(struct spool *spool, const struct segment_source *source);
/* Puts the SOURCE into a segment that has none yet first; told's own source is not read. */
void spool_append_told(struct spool *spool, const struct segment_told *told);
void spool_append_fetch(struct spool *spool, const struct segment_fetch *fetch);
/*
 * Makes what was appended count. FT_AGAIN: it could not be written or synced; all is held in
 * memory and tried again a second later, by the commits to come. FT_FAIL: records were lost,
 * for more were held than memory is given for, or one was not well-formed.
 */
int spool_commit(struct spool *spool, struct error *err) MUST_CHECK;
bool spool_is_full(const struct spool *spool);

/*
 * Takes up what a killed collector left in HOME/spool: whole records up to the first bad one
 * are sealed, the rest goes to quarantine. Says what it did through log_info. spool_open does
 * it.
 */
int spool_recover(const char *home, struct error *err) MUST_CHECK;

#endif
