/* SPDX-License-Identifier: MIT */
/*
 * Domain generation algorithms: the names a family's bots will ask for. A family is one file
 * and one row of the table in dga.c. All is a pure function of the key: nothing is stored,
 * nothing is asked.
 */
#ifndef CRAWLER_DGA_H
#define CRAWLER_DGA_H

#include "base/error.h"

#include <stdint.h>

#define DGA_NAME_SIZE 64

struct dga_key {
	int version;    /* of the algorithm: 1, 2 */
	char seed;      /* the seed set: 'a', 'b' */
	int tlds;       /* the set of parents: 1, 2 */
	int64_t time_s; /* the moment, in seconds since 1970 UTC */
};

struct dga_family {
	const char *name;
	unsigned streams; /* names an index gives, one a stream */
	/* FT_USAGE where the family has no such version, seed set or set of parents. */
	int (*check)(const struct dga_key *key, struct error *err);
	/* Writes the name of that index and stream. key has passed check. */
	void (*generate)(char out[DGA_NAME_SIZE], const struct dga_key *key, uint32_t index,
			 unsigned stream);
};

/* NULL where there is no such family. */
const struct dga_family *dga_find(const char *name);

#endif
