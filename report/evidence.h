/* SPDX-License-Identifier: MIT */
/* All that is known of one name, for who can act on it; made by sql/evidence.sql. */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "store/db.h"

/* name: presentation form, lower case, no trailing dot. FT_FAIL where it is not followed. */
int evidence_text(struct db *db, const char *name, FILE *out, struct error *err) MUST_CHECK;
int evidence_json(struct db *db, const char *name, FILE *out, struct error *err) MUST_CHECK;

#endif
