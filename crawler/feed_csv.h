/* SPDX-License-Identifier: MIT */
/* A line of comma-separated fields. */
#ifndef CRAWLER_FEED_CSV_H
#define CRAWLER_FEED_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define CSV_FIELDS_MAX 32 /* the feeds have 15; what comes behind is not kept */

struct csv_line {
	char *fields[CSV_FIELDS_MAX]; /* borrowed from the line */
	size_t count;
};

/*
 * Splits line in place (RFC 4180), which has to be one record; blanks around a field are no
 * part of it. false where a quote does not end, or more than a comma follows it.
 */
bool csv_split(struct csv_line *out, char *line);

/* The place of the field that reads name, in any case; -1 where there is none. */
int csv_find(const struct csv_line *line, const char *name);

#endif
