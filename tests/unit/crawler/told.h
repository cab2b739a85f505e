/* SPDX-License-Identifier: MIT */
/* What the tests of import's readers share: a line is read, and its message with it. */
#ifndef TESTS_UNIT_CRAWLER_TOLD_H
#define TESTS_UNIT_CRAWLER_TOLD_H

#include "crawler/import_line.h"

extern struct import_line told_line;
extern struct answer told_answer; /* of the last IMPORT_TOLD */

/* For cmocka: begins a file of that format, with nothing kept from another. */
void told_start(const struct import_format *format);
void told_stop(void);

enum import_result told_read(const char *text);
/* The same of a line that must tell of a lookup; gives what it came to. */
enum outcome told_outcome(const char *text);
/* The line must be a bad one, for a reason with this word in it. */
void told_bad(const char *text, const char *why);

/* The addresses of told_answer, or its names, with a blank between them. */
const char *told_addresses(void);
const char *told_names(void);
/* The name that was asked for. */
const char *told_qname(void);

#endif
