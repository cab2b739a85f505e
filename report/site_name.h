/* SPDX-License-Identifier: MIT */
/*
 * What a page of the site is called: a file name made of a text that somebody else chose, such
 * as a domain's name. Different texts give different names, also where a file system folds
 * case; no name hides, climbs, is an option or a device, and none needs quoting in a link.
 */
#ifndef REPORT_SITE_NAME_H
#define REPORT_SITE_NAME_H

#include "base/error.h"

#define SITE_NAME_MAX  128 /* a file name may have 255; what encrypts names leaves 143 */
#define SITE_NAME_SIZE (SITE_NAME_MAX + 1)

/*
 * a-z, 0-9, dots and dashes stay, each other byte becomes "_" and its value as two hexadecimal
 * digits. So do a dot or dash at the beginning and the first letter of a device's name (con.org
 * becomes _63on.org). What is longer than SITE_NAME_MAX is cut, and "__" and the text's SHA-256
 * follow; of no text "_" is made. No ending is added. Fails where memory is out.
 */
int site_name(char out[SITE_NAME_SIZE], const char *text, struct error *err) MUST_CHECK;

#endif
