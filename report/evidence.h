/* SPDX-License-Identifier: MIT */
/*
 * All that is known of one name, for who can act on it. sql/evidence.sql makes the dossier;
 * here it gets the raw messages of its chosen lookups, which lie in the archive and not in the
 * database.
 */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "store/db.h"

struct evidence {
	struct db *db;       /* borrowed */
	const char *archive; /* borrowed; the folder of loaded segments; it need not exist */
	const char *name;    /* borrowed; presentation form, lower case, no trailing dot */
};

/*
 * The dossier as one JSON text, with the messages; the caller's to free. NULL where the name is
 * not followed.
 */
char *evidence_dossier(const struct evidence *evidence, struct error *err) MUST_CHECK;

int evidence_text(const struct evidence *evidence, FILE *out, struct error *err) MUST_CHECK;
int evidence_json(const struct evidence *evidence, FILE *out, struct error *err) MUST_CHECK;

#endif
