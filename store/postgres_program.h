/* SPDX-License-Identifier: MIT */
/* PostgreSQL's programs: where they are, and running one. */
#ifndef STORE_POSTGRES_PROGRAM_H
#define STORE_POSTGRES_PROGRAM_H

#include "base/file.h"

/*
 * The folder of PostgreSQL's programs: of the given major version, or for 0 of the newest there
 * is, 15 or newer. Debian's /usr/lib/postgresql/VERSION/bin, elsewhere what pg_config tells.
 */
int postgres_find(char bin[PATH_SIZE], int version, struct error *err) MUST_CHECK;

/*
 * Runs bin/argv[0] in folder and waits. Its output goes to the end of folder/log, with nothing
 * of ours left open in it; an error names the program and the log. Give it relative paths:
 * pg_ctl hands its own on to a shell.
 */
int postgres_run(const char *bin, const char *const argv[], const char *folder,
		 struct error *err) MUST_CHECK;

#endif
