/* SPDX-License-Identifier: MIT */
/* Secrets in files. What others own or may read is none, and is refused. */
#ifndef BASE_SECRET_FILE_H
#define BASE_SECRET_FILE_H

#include "base/error.h"

#include <stddef.h>

/* FT_FAIL where path names a file that is not ours (nor root's), or that is open to everybody.
 */
int secret_file_check(const char *path, struct error *err) MUST_CHECK;
/* Checks it, and writes its first line to out, as text of at most size - 2 octets. */
int secret_file_read(char *out, size_t size, const char *path, struct error *err) MUST_CHECK;

#endif
