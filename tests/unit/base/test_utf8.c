/* SPDX-License-Identifier: MIT */
/* base/utf8: what is a character, and what a reader would not see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/utf8.h"

static void reads(const char *text, size_t len, uint32_t expected)
{
	uint32_t point;

	assert_int_equal(utf8_read(text, &point), len);
	assert_int_equal(point, expected);
}

/* Either side of each boundary of RFC 3629, 3 and 4. */
static void characters_are_of_one_to_four_octets(void **state)
{
	(void)state;
	reads("", 1, 0);
	reads("az", 1, 'a');
	reads("\x7f", 1, 0x7f);
	reads("\xc2\x80z", 2, 0x80);
	reads("\xdf\xbf", 2, 0x7ff);
	reads("\xe0\xa0\x80", 3, 0x800);
	reads("\xed\x9f\xbf", 3, 0xd7ff);
	reads("\xee\x80\x80", 3, 0xe000);
	reads("\xef\xbf\xbf", 3, 0xffff);
	reads("\xf0\x90\x80\x80", 4, 0x10000);
	reads("\xf4\x8f\xbf\xbf", 4, 0x10ffff);
}

static void all_else_is_no_character(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf\xbf",
		"\xc0\xaf",
		"\xc1\xbf",
		"\xc3",
		"\xc3(",
		"\xe0\x9f\xbf",
		"\xe2\x80",
		"\xe2\x80(",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf0\x8f\xbf\xbf",
		"\xf0\x9f\x98",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xf9\x80\x80\x80",
		"\xfe",
		"\xff",
	};
	uint32_t point;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(utf8_read(bad[i], &point), 0);
}

static void what_hides_or_turns_text_is_unseen(void **state)
{
	static const uint32_t unseen[] = {
		0,      '\t',   '\n',   0x1b,    0x7f,    0x85,     0xa0,   0xad,
		0x61c,  0x200b, 0x200e, 0x200f,  0x2028,  0x2029,   0x202a, 0x202e,
		0x2066, 0x2069, 0x2800, 0x3000,  0x3164,  0xe000,   0xfe0f, 0xfeff,
		0xfdd0, 0xfffb, 0xffff, 0x1fffe, 0xe0041, 0x10ffff,
	};
	static const uint32_t seen[] = {' ',    '~',    0xa1,   0xe9,   0x2010,
					0x2027, 0x27e8, 0x4f60, 0xfffd, 0x1f419};

	(void)state;
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		assert_true(utf8_is_unseen(unseen[i]));
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		assert_false(utf8_is_unseen(seen[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_are_of_one_to_four_octets),
		cmocka_unit_test(all_else_is_no_character),
		cmocka_unit_test(what_hides_or_turns_text_is_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
