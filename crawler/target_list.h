/* SPDX-License-Identifier: MIT */
/*
 * Lists of targets, as files, from stdin or as words of the command line. A bad line is said
 * with its number and reason and the good ones go on.
 */
#ifndef CRAWLER_TARGET_LIST_H
#define CRAWLER_TARGET_LIST_H

#include "crawler/target.h"

/*
 * Puts what source names into set: "-" is stdin; what exists or has a '/' (and is no URL) is a
 * file; all else is one name. FT_USAGE where it cannot be opened, is a folder, or holds no good
 * line; FT_FAIL where reading fails midway or memory is out.
 */
int target_list_read(struct target_set *set, const char *source, struct error *err) MUST_CHECK;

/* The same for a list of the home: it may be missing, or hold comments alone. */
int target_list_read_home(struct target_set *set, const char *path,
			  struct error *err) MUST_CHECK;

#endif
