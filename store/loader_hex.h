/* SPDX-License-Identifier: MIT */
/* Octets as a statement's parameter: a uuid, or with the prefix "\\x" a bytea. */
#ifndef STORE_LOADER_HEX_H
#define STORE_LOADER_HEX_H

#include "store/sha256.h"

#define LOADER_HEX_SIZE (2 + 2 * SHA256_LEN + 1) /* room for a SHA-256 and a prefix of two */

void loader_hex(char out[LOADER_HEX_SIZE], const char *prefix, const uint8_t *bytes,
		size_t len);

#endif
