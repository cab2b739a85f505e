/* SPDX-License-Identifier: MIT */
/* store/sha256: the HMACs of RFC 4231, in whatever pieces the text comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "store/sha256.h"

static void check(const struct sha256_piece *key, const struct sha256_piece *pieces,
		  size_t count, const char *expected)
{
	uint8_t mac[SHA256_LEN];
	char text[2 * SHA256_LEN + 1];

	assert_true(sha256_hmac(key, pieces, count, mac));
	for (size_t i = 0; i < SHA256_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", mac[i]);
	assert_string_equal(text, expected);
}

/* RFC 4231, test case 2. */
static void pieces_make_one_text(void **state)
{
	static const char expected[] =
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
	const struct sha256_piece key = {"Jefe", 4};
	const struct sha256_piece whole[] = {{"what do ya want for nothing?", 28}};
	const struct sha256_piece parts[] = {
		{"what do ya want ", 16}, {"", 0}, {"for nothing?", 12}};

	(void)state;
	check(&key, whole, 1, expected);
	check(&key, parts, 3, expected);
}

/* RFC 4231, test case 6: a key longer than a block is hashed first. */
static void a_long_key(void **state)
{
	uint8_t bytes[131];
	const struct sha256_piece key = {bytes, sizeof(bytes)};
	const struct sha256_piece text[] = {
		{"Test Using Larger Than Block-Size Key - Hash Key First", 54}};

	(void)state;
	memset(bytes, 0xaa, sizeof(bytes));
	check(&key, text, 1,
	      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_one_text),
		cmocka_unit_test(a_long_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
