/* SPDX-License-Identifier: MIT */
/* Internationalised names to the letters that DNS carries; the only file that sees libidn2. */
#ifndef CRAWLER_IDN_H
#define CRAWLER_IDN_H

#include <stddef.h>

/*
 * Writes text (UTF-8) as A-labels into out, by UTS #46, non-transitional. Returns NULL, or why
 * it cannot be one: a static string.
 */
const char *idn_to_ascii(char *out, size_t size, const char *text);

#endif
