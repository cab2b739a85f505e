/* SPDX-License-Identifier: MIT */
/* suffix: the name that a registrar sold, whatever stands before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "store/suffix.h"

static void one_label_more_than_the_suffix(void **state)
{
	static const char *const names[][2] = {
		{"example.com", "example.com"},
		{"a.b.example.com", "example.com"},
		{"www.example.co.uk", "example.co.uk"},
		{"victim.duckdns.org", "victim.duckdns.org"}, /* a parent of dynamic names */
		{"a.b.unlisted", "b.unlisted"},
		{"a\\046b.evil.net", "evil.net"}, /* a dot within a label parts nothing */
		{"a.xn--bcher-kva.de", "xn--bcher-kva.de"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(suffix_registrable(names[i][0]), names[i][1]);
}

static void suffixes_are_nobodys(void **state)
{
	static const char *const names[] = {"com", "co.uk", "duckdns.org", "unlisted", "."};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(suffix_registrable(names[i]));
}

static void top_level_domains_are_listed_or_not(void **state)
{
	static const char *const listed[] = {"a.com",  "a.b.zip",    "www.ck",
					     "a.b.ck", "a.xn--p1ai", "net"};
	static const char *const others[] = {"index.html", "a.exe", "a.com.unlisted", "e.g",
					     "."};

	(void)state;
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		assert_true(suffix_is_listed(listed[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(suffix_is_listed(others[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_label_more_than_the_suffix),
		cmocka_unit_test(suffixes_are_nobodys),
		cmocka_unit_test(top_level_domains_are_listed_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
