/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP answer, as it came: lines that end in a newline, with a return before it
 * or not (RFC 9112, 2.2). A folded line (5.2) is no part of the value above it.
 */
#ifndef CRAWLER_HTTP_HEAD_H
#define CRAWLER_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a head; borrowed. */
struct head_piece {
	const char *at;
	size_t len;
};

/*
 * Takes the lines off rest up to the next header of that name (any case), and gives its value
 * without the blanks around it; false: there is none.
 */
bool head_next_value(struct head_piece *rest, const char *name, struct head_piece *value);

/* Does it name two lengths of the body, so that nobody knows where that ends (RFC 9112, 6.3)?
 */
bool head_lengths_differ(struct head_piece head);

#endif
