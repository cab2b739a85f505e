/* SPDX-License-Identifier: MIT */
/*
 * The static site: files that open from a disk as from any web server, of what the database
 * held at one moment. An index with the names in every order, a page a name, a network and a
 * cluster; no script, no link that leads out of the folder.
 */
#ifndef REPORT_SITE_H
#define REPORT_SITE_H

#include "store/db.h"

#include <stddef.h>

struct site_job {
	struct db *db;        /* borrowed */
	const char *conninfo; /* borrowed; for more connections */
	const char *dir;      /* borrowed */
};
/* Writes the site of all that the database holds, and says how many pages it has. */
int site_write(const struct site_job *job, size_t *pages, struct error *err) MUST_CHECK;

#endif
