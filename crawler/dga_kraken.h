/* SPDX-License-Identifier: MIT */
/*
 * The names of Kraken (also Oderoor, Bobax's successor), a spam botnet of 2007 to 2010.
 * Version 1 has the same names at all times, under four dynamic-DNS zones; version 2 rolls most
 * of its names every week. After the public reverse engineering by J. Bader (2015).
 */
#ifndef CRAWLER_DGA_KRAKEN_H
#define CRAWLER_DGA_KRAKEN_H

#include "crawler/dga.h"

enum kraken_stream { /* the bot's own order: the two names of an index */
	KRAKEN_NEX,
	KRAKEN_EX,
	KRAKEN_STREAMS,
};

/* Of struct dga_family, where each is said. */
extern const struct dga_key kraken_keys[];
int kraken_check(const struct dga_key *key, struct error *err) MUST_CHECK;
void *kraken_prepare(const struct dga_key *key) MUST_CHECK;
void kraken_generate(char out[DGA_NAME_SIZE], const void *prepared, uint32_t index,
		     unsigned stream);
void kraken_origin(char out[DGA_ORIGIN_SIZE], const void *prepared, uint32_t index,
		   unsigned stream);

#endif
