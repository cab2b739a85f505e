/* SPDX-License-Identifier: MIT */
#ifndef REPORT_PAGES_H
#define REPORT_PAGES_H

#include "store/db.h"

struct pages {
	struct db *db;     /* borrowed */
	const char *names; /* borrowed; a blank between two */
	const char *since; /* borrowed; RFC 3339 */
};

/* What nodes of these names served since then, a line an answer; as wide as a terminal. */
int pages_table(const struct pages *pages, FILE *out, struct error *err) MUST_CHECK;

#endif
