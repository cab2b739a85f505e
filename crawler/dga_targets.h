/* SPDX-License-Identifier: MIT */
/*
 * The names foretold as targets: those that a family's generator gives now and in the period to
 * come, of all its versions and sets. A name that comes again is one target, and its tag dga=
 * has each of its origins (dga.h).
 */
#ifndef CRAWLER_DGA_TARGETS_H
#define CRAWLER_DGA_TARGETS_H

#include "crawler/dga.h"
#include "crawler/target.h"

/* Puts them into set, of each of the family's keys indices 0 to count - 1. now_s: since 1970.
 */
int dga_targets_add(struct target_set *set, const struct dga_family *family, uint32_t count,
		    int64_t now_s, struct error *err) MUST_CHECK;

#endif
