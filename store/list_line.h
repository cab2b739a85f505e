/* SPDX-License-Identifier: MIT */
/*
 * One entry of a list: a name, which stands for itself and all below it, or an address or
 * prefix. Written as people write them: upper case, a trailing dot, a leading "*." or ".",
 * defanged with "[.]". What would list half the Internet is refused, whoever wrote it.
 */
#ifndef STORE_LIST_LINE_H
#define STORE_LIST_LINE_H

#include "base/error.h"
#include "resolver/name.h"
#include "store/day.h"

#include <stdbool.h>
#include <stddef.h>

struct list_line {
	bool is_prefix;
	char text[NAME_TEXT_SIZE]; /* a name in lower case without the trailing dot, else a
				      prefix with its length */
};

/*
 * of_zones: the list is of zones (dyndns), which may be one label and are no addresses.
 * FT_USAGE with the reason where text is no entry.
 */
int list_line_parse(struct list_line *out, const char *text, bool of_zones,
		    struct error *err) MUST_CHECK;

/* Cuts a line down to its entry, in place; empty where it has none. # and ; begin comments. */
char *list_line_trim(char *line);

/* The day of a comment line, "# date: 2024-03-01"; false, and out as it was, for any other. */
bool list_line_date(char out[DAY_SIZE], const char *line);

#endif
