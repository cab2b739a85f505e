/* SPDX-License-Identifier: MIT */
/*
 * A folder that is there whole or not at all: it is written aside, as DIR.new, and then takes
 * DIR's place. Both hold a marker file. A folder without it that holds anything is somebody
 * else's and stays as it is.
 */
#ifndef REPORT_SITE_FOLDER_H
#define REPORT_SITE_FOLDER_H

#include "base/file.h"

struct site_folder {
	char path[PATH_SIZE];  /* where it will be */
	char aside[PATH_SIZE]; /* where it is written; ours alone while it is open */
	char old[PATH_SIZE];   /* where the one before is, until it is removed */
	int lock;              /* held on the marker: two that write one site would mix it */
};

/* path may be a link to a folder. FT_AGAIN where another process writes it. */
int site_folder_open(struct site_folder *folder, const char *path,
		     struct error *err) MUST_CHECK;
/* Puts the folder in its place and removes the one before it. Closes in any case. */
int site_folder_commit(struct site_folder *folder, struct error *err) MUST_CHECK;
/* Closes and removes what was written. */
void site_folder_abandon(struct site_folder *folder);

#endif
