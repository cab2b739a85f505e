/* SPDX-License-Identifier: MIT */
/* Tags of a target, "KEY=VALUE KEY=VALUE", where they do not come from a line of a list. */
#ifndef CRAWLER_TARGET_TAGS_H
#define CRAWLER_TARGET_TAGS_H

#include "store/segment.h"

/* Adds one. FT_USAGE where it is none, or too many: tags are then as they were. */
int target_tags_add(char tags[TAGS_MAX + 1], const char *tag, struct error *err) MUST_CHECK;

#endif
