/* SPDX-License-Identifier: MIT */
/*
 * HOME/spool/chain: who this collector is and which segment it sealed last, so that the next
 * one can name it. A crash may leave the file one segment behind; then the newest sealed
 * segment of this collector, in the spool or in the archive, tells what it should say.
 */
#ifndef STORE_SPOOL_CHAIN_H
#define STORE_SPOOL_CHAIN_H

#include "base/file.h"
#include "store/segment_file.h"

#define CHAIN_DAY_SIZE 11

struct chain {
	char path[PATH_SIZE];        /* of the file */
	uint8_t collector[UUID_LEN]; /* made once, lasting */
	uint64_t sequence;           /* of the last sealed segment; 0: none yet */
	char day[CHAIN_DAY_SIZE];    /* of its creation, YYYY-MM-DD; "" where none */
	uint8_t sha256[SHA256_LEN];  /* of the last sealed segment; zeros where none */
};

/* A version 4 UUID (RFC 9562). */
int uuid_make(uint8_t out[UUID_LEN], struct error *err) MUST_CHECK;

/* The kernel's name for this boot, against which boot clocks count; zeros where it has none. */
void boot_id_read(uint8_t out[UUID_LEN]);

/* Reads the chain of home, or makes one; HOME/spool must be there. */
int chain_open(struct chain *chain, const char *home, struct error *err) MUST_CHECK;
/* Takes up the segments of this collector that were sealed after the chain was written. */
int chain_catch_up(struct chain *chain, const char *home, struct error *err) MUST_CHECK;
/* Notes a sealed segment, in memory alone; not one that is another's or no newer. */
void chain_note(struct chain *chain, const struct segment_header *header,
		const uint8_t sha256[SHA256_LEN]);
/* Notes the sealed segment at path after reading it whole. FT_FAIL where it is broken. */
int chain_note_file(struct chain *chain, const char *path, struct error *err) MUST_CHECK;
int chain_save(const struct chain *chain, struct error *err) MUST_CHECK;

#endif
