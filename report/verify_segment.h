/* SPDX-License-Identifier: MIT */
/* One segment file, read whole, against what a dossier says of it and of its records. */
#ifndef REPORT_VERIFY_SEGMENT_H
#define REPORT_VERIFY_SEGMENT_H

#include "report/verify.h"
#include "store/segment.h"

#include <jansson.h>
#include <stdbool.h>

/* Says by verify->differs that a thing is not as the dossier says; false, for the caller. */
bool verify_differs(struct verify *verify, const char *fmt, ...) PRINTF(2, 3);

/* Is a member of a dossier's object what it should be? If not, it is said; where: of what. */
bool verify_member(struct verify *verify, const char *where, const json_t *object,
		   const json_t *expected, const char *key);

/*
 * cited: an object of the dossier's segments, or a link of a chain. Of a segment the lookups in
 * it are checked too, for which dossier has to be given; NULL for a link. True where the file
 * is whole and what is said of it holds; *header is then that of the file.
 */
bool verify_segment(struct verify *verify, const json_t *cited, const json_t *dossier,
		    struct segment_header *header);

#endif
