/* SPDX-License-Identifier: MIT */
/* What we say of each followed name, from the view and function of sql/status.sql. */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include "store/db.h"

/* A line a name, worst first; *names is how many. */
int status_table(struct db *db, FILE *out, size_t *names, struct error *err) MUST_CHECK;
/* One JSON array; see status_json() in SQL for its fields. */
int status_json(struct db *db, FILE *out, struct error *err) MUST_CHECK;

#endif
