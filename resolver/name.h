/* SPDX-License-Identifier: MIT */
/*
 * Domain names in uncompressed wire form (RFC 1035, 3.1): length-prefixed labels, a root label
 * at the end, at most 255 octets. The form delimits itself, so a pointer to its first octet is
 * a name; struct name is a place to build one in. Any octet may stand in a label, NUL and dot
 * too. Names compare without regard to ASCII case (RFC 4343).
 */
#ifndef RESOLVER_NAME_H
#define RESOLVER_NAME_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_WIRE_MAX  255
#define NAME_TEXT_SIZE (4 * NAME_WIRE_MAX + 1)

struct name {
	uint8_t wire[NAME_WIRE_MAX];
};

/* Octets of a well-formed name, the root label included: 1 to 255. */
size_t name_len(const uint8_t *wire);
bool name_equal(const uint8_t *a, const uint8_t *b);
/* Total order without regard to case, for tsearch and bsearch: negative, 0 or positive. */
int name_compare(const uint8_t *a, const uint8_t *b);
/* Is name at or below zone? */
bool name_is_under(const uint8_t *name, const uint8_t *zone);
/* Lowers ASCII letters in place. */
void name_lower(uint8_t *wire);

/*
 * Reads presentation form, with \DDD and \X escapes, with or without the trailing dot. No IDN
 * here: target.c does that. FT_USAGE with the reason where it is no name.
 */
int name_from_text(struct name *out, const char *text, struct error *err) MUST_CHECK;

/*
 * Writes presentation form without the trailing dot ("." for the root), printable ASCII alone:
 * blank, dot and backslash in a label, and all that is not printable, become \DDD. Case is
 * kept. Reading it back gives the same octets. Returns the length.
 */
size_t name_to_text(char out[NAME_TEXT_SIZE], const uint8_t *wire);

#endif
