/* SPDX-License-Identifier: MIT */
/*
 * The formats of feeds. Each reads a file on disk, unpacked, and hands what it finds to the
 * intake; columns are found by their names. What is no entry of its format is refused, and what
 * is no file of its format at all fails.
 */
#ifndef CRAWLER_FEED_FORMAT_H
#define CRAWLER_FEED_FORMAT_H

#include "crawler/feed_intake.h"

#define FEED_SAMPLE_MAX (64 * 1024) /* octets that a format is recognised by */

struct feed_format {
	const char *name; /* static */
	int (*read)(struct feed_intake *intake, const char *path, struct error *err);
};

/* NULL for a word that is none. */
const struct feed_format *feed_format_find(const char *name);

/* The format of a file that begins with text (NUL-terminated, written to); plain for no other.
 */
const struct feed_format *feed_format_guess(char *text);

/* The same for what lies at path; a folder is one of MISP. */
const struct feed_format *feed_format_recognise(const char *path, struct error *err) MUST_CHECK;

int feed_read_plain(struct feed_intake *intake, const char *path, struct error *err) MUST_CHECK;
int feed_read_hosts(struct feed_intake *intake, const char *path, struct error *err) MUST_CHECK;
int feed_read_openphish(struct feed_intake *intake, const char *path,
			struct error *err) MUST_CHECK;
int feed_read_urlhaus(struct feed_intake *intake, const char *path,
		      struct error *err) MUST_CHECK;
int feed_read_threatfox(struct feed_intake *intake, const char *path,
			struct error *err) MUST_CHECK;
int feed_read_feodo(struct feed_intake *intake, const char *path, struct error *err) MUST_CHECK;
int feed_read_bambenek(struct feed_intake *intake, const char *path,
		       struct error *err) MUST_CHECK;
int feed_read_dgarchive(struct feed_intake *intake, const char *path,
			struct error *err) MUST_CHECK;
int feed_read_misp(struct feed_intake *intake, const char *path, struct error *err) MUST_CHECK;

#endif
