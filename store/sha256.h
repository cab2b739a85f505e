/* SPDX-License-Identifier: MIT */
/* SHA-256, fed piece by piece, and its HMAC; the only file that sees OpenSSL. */
#ifndef STORE_SHA256_H
#define STORE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_LEN 32

struct sha256;

/* Ready for the first piece; NULL where there is no memory. */
struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);
/* The sum of all that was added; then nothing more may be. */
void sha256_end(struct sha256 *sha, uint8_t out[SHA256_LEN]);

/* Bytes to sign, or to sign with. */
struct sha256_piece {
	const void *bytes; /* borrowed */
	size_t len;
};

/* HMAC (RFC 2104) of the pieces as if they were one; false where there is no memory. */
bool sha256_hmac(const struct sha256_piece *key, const struct sha256_piece *pieces,
		 size_t count, uint8_t out[SHA256_LEN]);

#endif
