/* SPDX-License-Identifier: MIT */
/* The nodes of names that flux, for the networks they are in; made by sql/export.sql. */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "store/db.h"

struct export_filter { /* borrowed text; NULL: no limit */
	const char *asn;
	const char *domain;
	const char *since; /* RFC 3339 */
};

/* Writes CSV to out, a head line, then a line a node. */
int export_csv(struct db *db, const struct export_filter *filter, FILE *out,
	       struct error *err) MUST_CHECK;
/* Does the filter let no node through? */
int export_is_empty(struct db *db, const struct export_filter *filter, bool *is_empty,
		    struct error *err) MUST_CHECK;

#endif
