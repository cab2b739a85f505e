/* SPDX-License-Identifier: MIT */
/*
 * Brings the database to this binary's schema: the numbered files of sql/schema once each, in
 * order, each in its own transaction, then the function files of sql/ when their text changed.
 * One migrator at a time (advisory lock). An older binary refuses a newer schema.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

int migrate(struct db *db, struct error *err) MUST_CHECK;

#endif
