/* SPDX-License-Identifier: MIT */
/*
 * Where a command's data go: stdout, or a file that appears under its name only when it is
 * whole. A device or a pipe is written to as it is: it must not be replaced by a file.
 */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include "base/file.h"

#include <stdio.h>

struct output {
	FILE *file;            /* owned, but for stdout */
	char path[PATH_SIZE];  /* "" for stdout */
	char aside[PATH_SIZE]; /* written to until it is whole: beside path, a name of its own,
				  so that two that write the same do not meet; "" where path is
				  written to */
};

/* What could not be written is not done: a full disk or a closed pipe is a failure. */
int output_flush_stdout(struct error *err) MUST_CHECK;

/* path: NULL or "-" is stdout. */
int output_open(struct output *output, const char *path, struct error *err) MUST_CHECK;
/* Puts the whole file under its name. Closes in any case. */
int output_commit(struct output *output, struct error *err) MUST_CHECK;
/* Closes and removes what was written. */
void output_abandon(struct output *output);

#endif
