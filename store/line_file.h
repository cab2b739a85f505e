/* SPDX-License-Identifier: MIT */
/*
 * The lines of a text file from elsewhere, plain or gzip, one after the other, in bounded
 * memory. What is wrong with a line is counted and said, the first few times; no line ends the
 * reading.
 */
#ifndef STORE_LINE_FILE_H
#define STORE_LINE_FILE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct line_file;

/* path: "-" is standard input. Lines of more than longest octets are bad ones. */
struct line_file *line_file_open(const char *path, size_t longest,
				 struct error *err) MUST_CHECK;
void line_file_close(struct line_file *file);

/*
 * 1: *line is the next one, without its end (LF or CR LF), NUL-terminated, the caller's to
 * write to until the next call; *len its octets, for a NUL may stand within. 0: the file
 * ended. Negative: it cannot be read on.
 */
int line_file_next(struct line_file *file, char **line, size_t *len,
		   struct error *err) MUST_CHECK;

/* Of the line given last, 1 being the first; once the file has ended, how many it has. */
uint64_t line_file_number(const struct line_file *file);
/* The line just given is bad: counts it, and says why (a warning) for the first five. */
void line_file_bad(struct line_file *file, const char *why);
uint64_t line_file_bad_lines(const struct line_file *file);

#endif
