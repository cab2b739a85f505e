/* SPDX-License-Identifier: MIT */
/*
 * A feed that came as gzip or zip, made one file: of a zip the first file in it. Nothing is
 * written under a name that the archive gives; the only file that sees libarchive.
 */
#ifndef CRAWLER_FEED_UNPACK_H
#define CRAWLER_FEED_UNPACK_H

#include "base/file.h"

#include <stdint.h>

struct feed_file {
	char path[PATH_SIZE];   /* to read: of the file itself where it is not packed */
	char folder[PATH_SIZE]; /* temporary, holds what path names; "" where it is not packed
				 */
};

/*
 * FT_FAIL where it cannot be read, is damaged, packed twice, or unpacked would have more than
 * octets_max octets. Remove what it made by feed_unpack_end() in any case. A folder stays one.
 */
int feed_unpack(struct feed_file *file, const char *path, uint64_t octets_max,
		struct error *err) MUST_CHECK;
void feed_unpack_end(struct feed_file *file);

#endif
