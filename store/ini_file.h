/* SPDX-License-Identifier: MIT */
/*
 * INI files that people write, read by inih: [section], then NAME = VALUE, a line each of at
 * most 199 octets; ; and # begin comments, within a line ; behind a blank. gzip is read as
 * well, and a pipe until its writer closes it. Text is UTF-8 of which each character is seen;
 * a section holds something, and nothing stands before the first. The first fault ends the
 * reading, with "FILE, line N: " before what is wrong.
 */
#ifndef STORE_INI_FILE_H
#define STORE_INI_FILE_H

#include "base/error.h"

#define INI_VALUE_SIZE 200 /* octets of the longest name or value, with the closing NUL */

struct ini_entry { /* borrowed text, until the callback returns; none of it is empty */
	const char *section;
	const char *name;
	const char *value;
	unsigned section_line; /* where its section begins: tells two of the same name apart */
};

/* Takes an entry. An error that it sets ends the reading; file and line are put before it. */
typedef int (*ini_take)(void *ctx, const struct ini_entry *entry, struct error *err);

/* Calls take for each entry, in order. */
int ini_file_read(const char *path, ini_take take, void *ctx, struct error *err) MUST_CHECK;

#endif
