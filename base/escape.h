/* SPDX-License-Identifier: MIT */
/*
 * The one function between bytes from outside and anything a person or another program reads.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* Room for len bytes escaped, with the closing NUL. */
#define ESCAPE_MAX(len) (4 * (len) + 1)

/*
 * Writes bytes as printable ASCII into out: 0x21 to 0x7e as they are, but for the backslash,
 * which becomes "\\"; a blank stays; every other byte becomes \DDD in decimal (RFC 1035, 5.1).
 * Cuts at size, never inside an escape. Returns the length written, without the NUL.
 */
size_t escape_text(char *out, size_t size, const void *bytes, size_t len);

/* A user's word for a message: escaped, and cut to "..." where it is long. */
#define WORD_SHOWN_SIZE 256
void escape_word(char out[WORD_SHOWN_SIZE], const char *word);

/* A file's path for a message: escaped, and where it is long its end alone after "...". */
void escape_path(char out[WORD_SHOWN_SIZE], const char *path);

#endif
