/* SPDX-License-Identifier: MIT */
/* What the formats share that are read line by line. */
#ifndef CRAWLER_FEED_LINES_H
#define CRAWLER_FEED_LINES_H

#include "crawler/feed_intake.h"

/* Reads one line, NUL-terminated, written to; an error ends the reading. */
typedef int (*feed_line_reader)(struct feed_intake *intake, void *ctx, char *line,
				struct error *err);

/* Hands every line of the file at path, without a mark of UTF-8, to reader. */
int feed_lines_each(struct feed_intake *intake, const char *path, feed_line_reader reader,
		    void *ctx, struct error *err) MUST_CHECK;

/* Cuts the next word off *rest, in place; NULL where there is none. */
char *feed_next_word(char **rest);

/* Goes over the mark of UTF-8, as Windows writes it before a text. */
char *feed_skip_mark(char *text);

/* Is word an address as it stands before the names of a hosts file? */
bool feed_is_address(const char *word);

#endif
