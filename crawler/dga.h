/* SPDX-License-Identifier: MIT */
/*
 * Domain generation algorithms: the names a family's bots will ask for. A family is one file
 * and one row of the table in dga.c. All is a pure function of the key: nothing is stored,
 * nothing is asked.
 *
 * The same name may come again: in another week, from another seed set, at another index. What
 * tells one origin from another is its text (origin below), which names followed for a
 * generator bear as the tag dga=: "kraken-v2-a-t1-w972-i17-nex" is family, version, seed set,
 * set of parents, week (or whatever period the family has), index and stream; what the names of
 * a version do not depend on is left out, as in "kraken-v1-b-i0-ex".
 */
#ifndef CRAWLER_DGA_H
#define CRAWLER_DGA_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define DGA_NAME_SIZE   64
#define DGA_ORIGIN_SIZE 64

struct dga_key {
	int version;    /* of the algorithm: 1, 2 */
	char seed;      /* the seed set: 'a', 'b' */
	int tlds;       /* the set of parents: 1, 2 */
	int64_t time_s; /* the moment, in seconds since 1970 UTC */
};

struct dga_family {
	const char *name;
	unsigned streams; /* names an index gives, one a stream */
	/*
	 * Static: all keys in force now and in the period to come, time_s being seconds from
	 * now; version 0 ends them.
	 */
	const struct dga_key *keys;
	/* FT_USAGE where the family has no such version, seed set or set of parents. */
	int (*check)(const struct dga_key *key, struct error *err);
	/*
	 * What all names of a key share, worked out once; the caller frees it. NULL: no memory.
	 * key has passed check.
	 */
	void *(*prepare)(const struct dga_key *key);
	/* Writes the name of that index and stream. */
	void (*generate)(char out[DGA_NAME_SIZE], const void *prepared, uint32_t index,
			 unsigned stream);
	/* Writes what that name is a name of, without blanks or commas. */
	void (*origin)(char out[DGA_ORIGIN_SIZE], const void *prepared, uint32_t index,
		       unsigned stream);
};

/* NULL where there is no such family: FT_USAGE, with those there are. */
const struct dga_family *dga_find(const char *name, struct error *err) MUST_CHECK;

#endif
