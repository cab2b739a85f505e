/* SPDX-License-Identifier: MIT */
#include "store/sha256.h"

#include <openssl/evp.h>
#include <assert.h>
#include <stdlib.h>

struct sha256 {
	EVP_MD_CTX *ctx; /* owned */
};

struct sha256 *sha256_new(void)
{
	struct sha256 *sha = calloc(1, sizeof(*sha));

	if (sha == NULL)
		return NULL;
	sha->ctx = EVP_MD_CTX_new();
	if (sha->ctx != NULL && EVP_DigestInit_ex(sha->ctx, EVP_sha256(), NULL) == 1)
		return sha;
	sha256_free(sha);
	return NULL;
}

void sha256_free(struct sha256 *sha)
{
	if (sha != NULL)
		EVP_MD_CTX_free(sha->ctx);
	free(sha);
}

/* Once started, a digest held in memory cannot fail but by a wrong use of ours. */
void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	int ok = EVP_DigestUpdate(sha->ctx, bytes, len);

	assert(ok == 1);
	(void)ok;
}

void sha256_end(struct sha256 *sha, uint8_t out[SHA256_LEN])
{
	int ok = EVP_DigestFinal_ex(sha->ctx, out, NULL);

	assert(ok == 1);
	(void)ok;
}
