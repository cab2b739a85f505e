/* SPDX-License-Identifier: MIT */
/* What is an entry of a list, in all the forms that people write, and what must never be one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "store/list_line.h"

static void reads(const char *text, bool of_zones, const char *expected)
{
	struct list_line entry;
	struct error err = {0};

	if (list_line_parse(&entry, text, of_zones, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_string_equal(entry.text, expected);
	assert_int_equal(entry.is_prefix, strchr(expected, '/') != NULL);
}

static void refuses(const char *text, bool of_zones, const char *reason)
{
	struct list_line entry;
	struct error err = {0};

	if (list_line_parse(&entry, text, of_zones, &err) != FT_USAGE)
		fail_msg("%s was taken for an entry", text);
	if (strstr(err.text, reason) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, reason);
}

static void names_are_read_as_people_write_them(void **state)
{
	static const char *const forms[] = {"a.example",      "A.Example",      "a.example.",
					    ".a.example",     "*.a.example",    "a[.]example",
					    "*.A[.]eXample.", ".a[.]example[.]"};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		reads(forms[i], false, "a.example");
	reads("_x-1.a.example", false, "_x-1.a.example");
	reads("a.xn--p1ai", false, "a.xn--p1ai");
	reads("1.2.3.example", false, "1.2.3.example");
	reads("dead.beef", false, "dead.beef"); /* hexadecimal digits, but a name */
}

static void addresses_and_prefixes_are_read(void **state)
{
	(void)state;
	reads("192.0.2.1", false, "192.0.2.1/32");
	reads("192[.]0[.]2[.]1", false, "192.0.2.1/32");
	reads("10.0.0.0/8", false, "10.0.0.0/8");
	reads("2001:DB8::1", false, "2001:DB8::1/128");
	reads("2001:db8::/32", false, "2001:db8::/32");
	reads("::ffff:192.0.2.1", false, "::ffff:192.0.2.1/128");
	reads("96.0.0.0/4", false, "96.0.0.0/4");
	reads("2000::/12", false, "2000::/12");
}

static void what_would_list_half_the_internet_is_refused(void **state)
{
	static const char *const all[] = {"*", "*.", ".", "..", "[.]", "*.*", "*.."};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		refuses(all[i], true, "would list every name there is");
	refuses("com", false, "would list all names below it");
	refuses(".com.", false, "would list all names below it");
	refuses("0.0.0.0/0", false, "too large");
	refuses("::/0", false, "too large");
	refuses("0.0.0.0/3", false, "too large");
	refuses("2000::/11", false, "too large");
	refuses("2000::/4", false, "too large");
}

static void a_list_of_zones_has_single_labels_but_no_addresses(void **state)
{
	(void)state;
	reads("Com", true, "com");
	reads("a.example", true, "a.example");
	refuses("192.0.2.1", true, "is an address, and this list is of names");
	refuses("2001:db8::/32", true, "is an address, and this list is of names");
}

static void what_is_neither_name_nor_address_is_refused(void **state)
{
	(void)state;
	refuses("", false, "is no entry");
	refuses("192.0.2.256", false, "is no address");
	refuses("192.0.2", false, "is no address");
	refuses("192.0.2.1/33", false, "is no address");
	refuses("192.0.2.1/", false, "is no address");
	refuses("192.0.2.1/-1", false, "holds what no host name has");
	refuses("192.0.2.0/24/24", false, "is no address");
	refuses("192.0.2.0/4294967304", false, "is no address"); /* 2^32 + 8 */
	refuses("192.0.2.1/24", false, "bits set behind its length");
	refuses("2001:db8::1/64", false, "bits set behind its length");
	refuses("2001:db8::/129", false, "is no address");
	refuses("2001:db8::1::2", false, "is no address");
	refuses("a.example/path", false, "holds what no host name has");
	refuses("http://a.example", false, "holds what no host name has");
	refuses("a.*.example", false, "holds what no host name has");
	refuses("two words.example", false, "holds what no host name has");
	refuses("b\xc3\xbc"
		"cher.example",
		false, "\\195\\188"); /* UTF-8, escaped */
	refuses("a..example", false, "an empty label");
	refuses("a.example.123", false, "does not end in a top-level domain");
}

static void what_is_too_long_is_refused(void **state)
{
	char text[2000];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 64, ".example", 9);
	refuses(text, false, "a label over 63 octets");
	memset(text, 'a', sizeof(text));
	text[NAME_TEXT_SIZE] = '\0';
	refuses(text, false, "is too long");
	for (size_t i = 0; i + 1 < 300; i += 2)
		memcpy(text + i, "a.", 2);
	text[300] = '\0';
	refuses(text, false, "over 255 octets");
}

static void a_line_is_cut_down_to_its_entry(void **state)
{
	static const struct {
		const char *line;
		const char *entry;
	} cases[] = {{"a.example", "a.example"},
		     {" \ta.example\t \r", "a.example"},
		     {"a.example # why", "a.example"},
		     {"192.0.2.0/24 ; SBL1", "192.0.2.0/24"},
		     {"a b", "a b"},
		     {"# comment", ""},
		     {"  ;x", ""},
		     {"   ", ""},
		     {"", ""}};
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(line, cases[i].line, strlen(cases[i].line) + 1);
		assert_string_equal(list_line_trim(line), cases[i].entry);
	}
}

static void a_comment_may_give_the_date(void **state)
{
	char date[11] = "";

	(void)state;
	assert_false(list_line_date(date, "# 2024-03-01"));
	assert_false(list_line_date(date, "# date: yesterday"));
	assert_false(list_line_date(date, "# date: 2024-02-30"));
	assert_false(list_line_date(date, "# date: 2024-3-1"));
	assert_string_equal(date, "");
	assert_true(list_line_date(date, "# date: 2024-02-29"));
	assert_string_equal(date, "2024-02-29");
	assert_true(list_line_date(date, ";;Date:2023-12-31T10:00:00Z"));
	assert_string_equal(date, "2023-12-31");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read_as_people_write_them),
		cmocka_unit_test(addresses_and_prefixes_are_read),
		cmocka_unit_test(what_would_list_half_the_internet_is_refused),
		cmocka_unit_test(a_list_of_zones_has_single_labels_but_no_addresses),
		cmocka_unit_test(what_is_neither_name_nor_address_is_refused),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(a_line_is_cut_down_to_its_entry),
		cmocka_unit_test(a_comment_may_give_the_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
