/* SPDX-License-Identifier: MIT */
/* Text in UTF-8, a character at a time. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads the character that text begins with into *point (RFC 3629), and returns its length in
 * octets; 0 where there is none. The closing NUL is a character, of one octet, and no
 * continuation octet, so nothing behind it is read.
 */
size_t utf8_read(const char *text, uint32_t *point);

/*
 * Has it no shape of its own, does it hide or turn other text, or mean what a font wants it to
 * (controls, blanks but the one of ASCII, bidi marks, zero width, private use)?
 */
bool utf8_is_unseen(uint32_t point);

#endif
