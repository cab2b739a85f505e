/* SPDX-License-Identifier: MIT */
/*
 * Where a segment lies that a dossier cites. The dossier may come from anyone: a name with
 * which it could lead out of the archive is refused before any file is opened.
 */
#ifndef REPORT_ARCHIVE_H
#define REPORT_ARCHIVE_H

#include "base/file.h"

#include <stdbool.h>

struct cited_segment {
	const char *name; /* borrowed; file name as the ledger has it */
	const char *uuid; /* borrowed; as text, from the HEADER; NULL: not told */
};

/*
 * Writes the path of the file in folder or, as an archive has it, in the folder of its day; of
 * several with that name the one that carries the uuid too. FT_FAIL where the name is none of a
 * segment, or there is no such file.
 */
int archive_find(char out[PATH_SIZE], const char *folder, const struct cited_segment *segment,
		 struct error *err) MUST_CHECK;

#endif
