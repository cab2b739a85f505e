/* SPDX-License-Identifier: MIT */
#include "report/site_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "store/sha256.h"

#define HASH_LEN ((size_t)2 * SHA256_LEN)
#define KEPT_MAX (SITE_NAME_MAX - 2 - HASH_LEN) /* of a name that is cut, before the "__" */

/* Does Windows take a file that begins so for a device, whatever comes after the dot? */
static bool is_device(const char *text)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	size_t len = strcspn(text, ".");

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (len == 3 && strncmp(text, devices[i], len) == 0)
			return true;
	return len == 4 && (strncmp(text, "com", 3) == 0 || strncmp(text, "lpt", 3) == 0) &&
	       text[3] >= '0' && text[3] <= '9';
}

static bool stays(const char *text, size_t at)
{
	char c = text[at];

	if (c == '.' || c == '-')
		return at > 0;
	return ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) &&
	       (at > 0 || !is_device(text));
}

/* Writes as much of the name as has room in size; false where that is not all. */
static bool put_name(char *out, size_t size, const char *text)
{
	size_t len = 0;

	for (size_t at = 0; text[at] != '\0'; at++) {
		bool kept = stays(text, at);

		if (len + (kept ? 1 : 3) >= size)
			return false;
		if (kept)
			out[len] = text[at];
		else
			snprintf(out + len, 4, "_%02x", (unsigned char)text[at]);
		len += kept ? 1 : 3;
		out[len] = '\0';
	}
	return true;
}

/* Writes "__" and the SHA-256 of text. */
static int put_hash(char out[2 + HASH_LEN + 1], const char *text, struct error *err)
{
	uint8_t sum[SHA256_LEN];
	struct sha256 *sha = sha256_new();

	if (sha == NULL)
		return error_set(err, FT_FAIL, "out of memory");
	sha256_add(sha, text, strlen(text));
	sha256_end(sha, sum);
	sha256_free(sha);
	snprintf(out, 3, "__");
	for (size_t i = 0; i < SHA256_LEN; i++)
		snprintf(out + 2 + 2 * i, 3, "%02x", sum[i]);
	return FT_OK;
}

int site_name(char out[SITE_NAME_SIZE], const char *text, struct error *err)
{
	snprintf(out, SITE_NAME_SIZE, "_");
	if (put_name(out, SITE_NAME_SIZE, text))
		return FT_OK;
	(void)put_name(out, KEPT_MAX + 1, text);
	return put_hash(out + strlen(out), text, err);
}
