/* SPDX-License-Identifier: MIT */
/* The few things done to files in more than one place, each with an error that names the file.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

#define PATH_SIZE 1024

/* Writes "dir/name" into out; fails where it does not fit. */
int path_join(char out[PATH_SIZE], const char *dir, const char *name,
	      struct error *err) MUST_CHECK;

/* Makes path and its missing parents, with mode for those it makes; one that is there is fine.
 */
int dir_make(const char *path, mode_t mode, struct error *err) MUST_CHECK;

/* fsync of a directory, so that names made or changed in it survive a power cut. */
int dir_sync(const char *path, struct error *err) MUST_CHECK;

/* Writes all of bytes, past interruptions and short writes. path is for the message alone. */
int file_write(int fd, const void *bytes, size_t len, const char *path,
	       struct error *err) MUST_CHECK;

/* Puts bytes where path names, wholly or not at all: a new file beside it, synced, renamed. */
int file_replace(const char *path, const void *bytes, size_t len, struct error *err) MUST_CHECK;

/*
 * Takes the lock file at path, made where missing. *fd is then open until the process ends or
 * closes it. FT_AGAIN where another process holds it.
 */
int file_lock(const char *path, int *fd, struct error *err) MUST_CHECK;

#endif
