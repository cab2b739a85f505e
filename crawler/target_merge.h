/* SPDX-License-Identifier: MIT */
/*
 * The tags of two mentions of one name. Of a key that both have the first mention's value
 * stays; but a name comes from several feeds and is that of several weeks, so for feed= and
 * dga= the values of both count: "feed=urlhaus,threatfox". They take a part of the room alone,
 * so that other tags find theirs; what has none is counted: "dga=K1,K2,+3".
 */
#ifndef CRAWLER_TARGET_MERGE_H
#define CRAWLER_TARGET_MERGE_H

#include "store/segment.h"

/* Adds those of more to tags. FT_USAGE where they take more than TAGS_MAX: some are added. */
int target_merge_tags(char tags[TAGS_MAX + 1], const char *more, struct error *err) MUST_CHECK;

#endif
