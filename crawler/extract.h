/* SPDX-License-Identifier: MIT */
/*
 * Names out of any text: mails, pages, reports, also defanged, and by patterns of the
 * operator's own. A name is what a list of targets takes for one, and is registered below a
 * public suffix that the list of them knows: so "index.html", "1.2.3" and "e.g" are none.
 * Texts of any size are read in bounded memory; what is kept is their names, each once.
 */
#ifndef CRAWLER_EXTRACT_H
#define CRAWLER_EXTRACT_H

#include "crawler/target.h"

struct extract;

/* tags: of all names, "" for none; borrowed for the call. NULL where memory is out. */
struct extract *extract_new(const char *tags, struct error *err) MUST_CHECK;
void extract_free(struct extract *extract);

/* Looks from now on also for what the patterns of an INI file match (extract_patterns.h). */
int extract_add_patterns(struct extract *extract, const char *path,
			 struct error *err) MUST_CHECK;

/* Reads a text to its end. shown: what it is called in messages. */
int extract_read(struct extract *extract, int fd, const char *shown,
		 struct error *err) MUST_CHECK;

/* In the order in which they first came; borrowed until the next call. */
const struct target_set *extract_names(const struct extract *extract);
/* Windows of PATTERN_WINDOW octets in which a pattern came to its limits. */
uint64_t extract_undecided(const struct extract *extract);

#endif
