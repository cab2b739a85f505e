/* SPDX-License-Identifier: MIT */
/*
 * Which database, and opening it: the one of --db or FLUXTRACK_DB, else the one libpq's own
 * environment names, else the home's private one, which is started where it does not run.
 */
#ifndef CLI_OPEN_H
#define CLI_OPEN_H

#include "cli/command.h"
#include "store/db.h"

#define CONNINFO_SIZE 2048

/* Is it the home's private one? */
bool database_is_private(const struct context *context);
/* Writes its conninfo; the private one is started first. */
int database_find(const struct context *context, char out[CONNINFO_SIZE],
		  struct error *err) MUST_CHECK;
/* Finds it, connects and migrates. FT_AGAIN where the server is away. */
int database_open(const struct context *context, struct db *db, struct error *err) MUST_CHECK;

#endif
