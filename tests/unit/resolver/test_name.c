/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "resolver/name.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define L63          "123456789012345678901234567890123456789012345678901234567890123"
#define L61          "1234567890123456789012345678901234567890123456789012345678901"

/* Literals end with the root label: the string's own NUL. */
static const uint8_t *wire(const char *literal)
{
	return (const uint8_t *)literal;
}

static void text_and_wire_say_the_same(void **state)
{
	static const struct {
		const char *text;
		const char *wire;
		size_t len;
		const char *written; /* where it differs from text */
	} names[] = {
		{".", "", 1, NULL},
		{"com", "\3com", 5, NULL},
		{"Example.COM.", "\7Example\3COM", 13, "Example.COM"},
		{"a\\.b.com", "\3a.b\3com", 9, "a\\046b.com"},
		{"a\\\\b", "\3a\\b", 5, "a\\092b"},
		{"a\\032b", "\3a b", 5, NULL},
		{"bank.com\\000.evil", "\4bank\4com\0\4evil", 16, NULL},
		{"\\255\\001", "\2\xff\1", 4, NULL},
		{"\\097\\x!_", "\4ax!_", 6, "ax!_"},
		{"\\@.$", "\1@\1$", 5, "@.$"},
	};
	char text[NAME_TEXT_SIZE];
	struct error err = {0};
	struct name name;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *written = names[i].written ? names[i].written : names[i].text;

		assert_int_equal(name_from_text(&name, names[i].text, &err), FT_OK);
		assert_int_equal(name_len(name.wire), names[i].len);
		assert_memory_equal(name.wire, names[i].wire, names[i].len);
		assert_int_equal(name_to_text(text, name.wire), strlen(written));
		assert_string_equal(text, written);
	}
}

static void what_is_no_name_is_refused_with_the_reason(void **state)
{
	static const struct {
		const char *text;
		const char *reason;
	} bad[] = {
		{"", "nothing there"},
		{"..", "empty label"},
		{".com", "empty label"},
		{"a..com", "empty label"},
		{"a.com..", "empty label"},
		{L63 "4.com", "over 63"},
		{L63 "." L63 "." L63 "." L61 "2", "over 255"},
		{L63 "." L63 "." L63 "." L61 ".a", "over 255"},
		{"a\\", "nothing after"},
		{"a\\1", "three digits"},
		{"a\\12x", "three digits"},
		{"a\\256", "over 255"},
		{"a\\ b", "nothing after"},
		{"a b", "\\DDD"},
		{"a\tb", "\\DDD"},
		{"m\xc3\xbcller.de", "\\DDD"},
	};
	struct error err;
	struct name name;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(name_from_text(&name, bad[i].text, &err), FT_USAGE);
		assert_non_null(strstr(err.text, bad[i].reason));
	}
}

static void the_longest_name_has_255_octets(void **state)
{
	struct error err = {0};
	struct name name;
	char text[NAME_TEXT_SIZE];

	(void)state;
	assert_int_equal(name_from_text(&name, L63 "." L63 "." L63 "." L61 ".", &err), FT_OK);
	assert_int_equal(name_len(name.wire), 255);
	assert_int_equal(name_to_text(text, name.wire), 3 * 64 + 61);
}

static void the_longest_text_fits(void **state)
{
	struct name name;
	struct name again;
	struct error err = {0};
	char text[NAME_TEXT_SIZE];

	(void)state;
	memset(name.wire, 0xff, sizeof(name.wire));
	name.wire[0] = name.wire[64] = name.wire[128] = 63;
	name.wire[192] = 61;
	name.wire[254] = 0;
	assert_int_equal(name_to_text(text, name.wire), 4 * (3 * 63 + 61) + 3);
	assert_int_equal(name_from_text(&again, text, &err), FT_OK);
	assert_memory_equal(again.wire, name.wire, 255);
}

static void a_refusal_shows_the_text_escaped_and_cut(void **state)
{
	struct error err;
	struct name name;

	(void)state;
	assert_int_equal(name_from_text(&name, "\033[2J" L63 L63, &err), FT_USAGE);
	assert_non_null(strstr(err.text, "\"\\027[2J1234"));
	assert_true(strlen(err.text) < 150);
}

static void names_compare_without_regard_to_case(void **state)
{
	(void)state;
	assert_true(name_equal(wire("\3WwW\7eXample"), wire("\3wWw\7Example")));
	assert_false(name_equal(wire("\3www"), wire("\3www\3com")));
	assert_false(name_equal(wire("\3www\3com"), wire("\3www")));
	assert_false(name_equal(wire("\1["), wire("\1{"))); /* 0x5b, 0x7b: no letters */
	assert_false(name_equal(wire("\1@"), wire("\1`")));
	assert_true(name_equal(wire(""), wire("")));
}

static void a_nul_does_not_cut_a_name_short(void **state)
{
	(void)state;
	assert_false(name_equal(wire("\4bank\3com"), wire("\4bank\4com\0\4evil\3net")));
	assert_false(name_is_under(wire("\4bank\4com\0\4evil\3net"), wire("\4bank\3com")));
	assert_true(name_is_under(wire("\4bank\4com\0\4evil\3net"), wire("\4evil\3net")));
}

static void the_order_is_total(void **state)
{
	static const char *const names[] = {"",       "\1A",       "\1b",   "\1B\1a",
					    "\1b\1C", "\2aa\3com", "\3com", "\3COM\1a"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		for (size_t j = 0; j < COUNT(names); j++) {
			int order = name_compare(wire(names[i]), wire(names[j]));
			int back = name_compare(wire(names[j]), wire(names[i]));

			assert_true((order < 0) == (back > 0) && (order == 0) == (i == j));
			assert_true((order < 0) == (i < j));
		}
	}
}

static void under_is_by_whole_labels(void **state)
{
	(void)state;
	assert_true(name_is_under(wire("\3www\7example\3com"), wire("\7EXAMPLE\3com")));
	assert_true(name_is_under(wire("\7example\3com"), wire("\7example\3com")));
	assert_true(name_is_under(wire("\3com"), wire("")));
	assert_false(name_is_under(wire("\3com"), wire("\7example\3com")));
	assert_false(name_is_under(wire("\12notexample\3com"), wire("\7example\3com")));
	assert_false(name_is_under(wire("\14\7example\3com\3net"), wire("\3com\3net")));
}

static void lowering_touches_letters_alone(void **state)
{
	uint8_t name[] = "\6AZaz@[\3COM\0A"; /* an A behind the root label: not of the name */

	(void)state;
	name_lower(name);
	assert_memory_equal(name, "\6azaz@[\3com\0A", sizeof(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_wire_say_the_same),
		cmocka_unit_test(what_is_no_name_is_refused_with_the_reason),
		cmocka_unit_test(the_longest_name_has_255_octets),
		cmocka_unit_test(the_longest_text_fits),
		cmocka_unit_test(a_refusal_shows_the_text_escaped_and_cut),
		cmocka_unit_test(names_compare_without_regard_to_case),
		cmocka_unit_test(a_nul_does_not_cut_a_name_short),
		cmocka_unit_test(the_order_is_total),
		cmocka_unit_test(under_is_by_whole_labels),
		cmocka_unit_test(lowering_touches_letters_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
