/* SPDX-License-Identifier: MIT */
/*
 * An operator's own patterns, from an INI file: a section a pattern, with match (a regular
 * expression; its group 1, or else all of it, is the name), and what is known of the names that
 * it finds: family and tag, the latter as often as one likes.
 *
 *	[storm-lure]
 *	match = (?i)\bpostcard=([a-z0-9.-]{4,253})
 *	family = storm
 *	tag = seen=spam
 */
#ifndef CRAWLER_EXTRACT_PATTERNS_H
#define CRAWLER_EXTRACT_PATTERNS_H

#include "store/pattern.h"
#include "store/segment.h"

#define EXTRACT_PATTERNS_MAX 64

struct extract_pattern {
	struct pattern *pattern; /* owned */
	char tags[TAGS_MAX + 1];
};

struct extract_patterns {
	struct extract_pattern all[EXTRACT_PATTERNS_MAX];
	size_t count;
};

/*
 * Adds those of the file at path to patterns, each with tags and its own. FT_FAIL with its
 * place where something is wrong, a pattern that may take too long too.
 */
int extract_patterns_read(struct extract_patterns *patterns, const char *path, const char *tags,
			  struct error *err) MUST_CHECK;
void extract_patterns_free(struct extract_patterns *patterns);

#endif
