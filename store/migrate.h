/* SPDX-License-Identifier: MIT */
/*
 * Brings the database to this binary's schema: the numbered files of sql/schema once each, in
 * order, each in its own transaction, then, where one of them changed, all files of functions
 * and views of sql/, in one. Those files replace what they define; where a function's result or
 * parameters change, its file drops the old one first. An analyst's view over such a function
 * stops it, and is named. One migrator at a time, and none while a score runs (advisory lock).
 * An older binary refuses a newer schema. Where there is nothing to do, any login that may read
 * will do; else it must be able to become fluxtrack_owner, who owns all.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

int migrate(struct db *db, struct error *err) MUST_CHECK;

/* Connects to a database and brings it up to date: what every user of one begins with. */
int migrate_connect(struct db *db, const char *conninfo, struct error *err) MUST_CHECK;

#endif
