/* SPDX-License-Identifier: MIT */
/*
 * A dossier as JSON (sql/evidence.sql), read from a file that may come from anyone: what
 * dossier_read() gives has the members that verify looks at, of the right types and no more
 * than a dossier of ours has; no number of them is below 0 or above 2^53; links rise by their
 * sequence, and no two chains are of one collector, nor two segments of one uuid.
 */
#ifndef REPORT_DOSSIER_H
#define REPORT_DOSSIER_H

#include "base/error.h"

#include <jansson.h>
#include <stdio.h>

#define DOSSIER_MAX (512UL * 1024 * 1024) /* octets; one of a million nodes has half of it */

/* Reads in to its end; the caller's. NULL where it is no dossier, with what is wrong in it. */
json_t *dossier_read(FILE *in, struct error *err) MUST_CHECK;

/* The member of object, which dossier_read() has seen to be a text; NULL where it is null. */
const char *dossier_text(const json_t *object, const char *key);

#endif
