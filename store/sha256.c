/* SPDX-License-Identifier: MIT */
#include "store/sha256.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
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

static bool mac_pieces(EVP_MAC_CTX *ctx, const struct sha256_piece *key,
		       const struct sha256_piece *pieces, size_t count)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	bool ok = EVP_MAC_init(ctx, key->bytes, key->len, params) == 1;

	for (size_t i = 0; i < count && ok; i++)
		ok = EVP_MAC_update(ctx, pieces[i].bytes, pieces[i].len) == 1;
	return ok;
}

bool sha256_hmac(const struct sha256_piece *key, const struct sha256_piece *pieces,
		 size_t count, uint8_t out[SHA256_LEN])
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	bool ok = ctx != NULL && mac_pieces(ctx, key, pieces, count) &&
		  EVP_MAC_final(ctx, out, NULL, SHA256_LEN) == 1;

	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ok;
}
