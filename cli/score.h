/* SPDX-License-Identifier: MIT */
#ifndef CLI_SCORE_H
#define CLI_SCORE_H

#include "store/db.h"

/*
 * Judges the names that have new observations, and says how many. conninfo: of db, for more
 * connections where there are many; or NULL.
 */
int score_now(struct db *db, const char *conninfo, struct error *err) MUST_CHECK;

#endif
