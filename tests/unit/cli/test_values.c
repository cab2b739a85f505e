/* SPDX-License-Identifier: MIT */
/* cli/values: what each kind of value takes and refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "cli/name_word.h"
#include "cli/options.h"
#include "cli/values.h"
#include "store/segment.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct error err;

static void refuses(option_reader read, void *out, const char *const *bad, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		err = (struct error){0};
		assert_int_equal(read(out, bad[i], &err), FT_USAGE);
		assert_int_not_equal(strlen(err.text), 0);
	}
}

static void numbers_are_whole_and_not_negative(void **state)
{
	static const char *const bad[] = {"",    "-1",  "+1",   " 1",
					  "1 ",  "1.5", "0x10", "99999999999999999999",
					  "one", "1\n"};
	int64_t value = -1;

	(void)state;
	assert_int_equal(read_number(&value, "0", &err), FT_OK);
	assert_int_equal(value, 0);
	assert_int_equal(read_number(&value, "4294967295", &err), FT_OK);
	assert_int_equal(value, 4294967295);
	refuses(read_number, &value, bad, COUNT(bad));
	assert_int_equal(value, 4294967295);
}

static void rates_may_have_a_fraction(void **state)
{
	static const char *const bad[] = {"",      "-1", "nan", "inf",     "1e3",
					  "1.2.3", ".",  "0x1", "1000001", "50/s"};
	double value = -1;

	(void)state;
	assert_int_equal(read_rate(&value, "0", &err), FT_OK);
	assert_true(value == 0);
	assert_int_equal(read_rate(&value, "2.5", &err), FT_OK);
	assert_true(value == 2.5);
	refuses(read_rate, &value, bad, COUNT(bad));
	assert_true(value == 2.5);
}

static void days_are_days_alone(void **state)
{
	static const char *const bad[] = {"", "2008-13-01", "2008-04-08T12:00:00Z", "8.4.2008",
					  "2008-4-8"};
	const char *day = NULL;

	(void)state;
	assert_int_equal(read_date(&day, "2008-04-08", &err), FT_OK);
	assert_string_equal(day, "2008-04-08");
	refuses(read_date, &day, bad, COUNT(bad));
}

static void a_vantage_fits_the_record(void **state)
{
	char longest[VANTAGE_MAX + 2];
	const char *const bad[] = {"", "a b", "a\nb", "\303\274ber", longest};
	const char *name = NULL;

	(void)state;
	memset(longest, 'v', sizeof(longest));
	longest[VANTAGE_MAX] = '\0';
	assert_int_equal(read_vantage(&name, longest, &err), FT_OK);
	assert_ptr_equal(name, longest);
	longest[VANTAGE_MAX] = 'v';
	longest[VANTAGE_MAX + 1] = '\0';
	refuses(read_vantage, &name, bad, COUNT(bad));
}

static void servers_add_up_to_a_limit(void **state)
{
	struct server_list list = {0};

	(void)state;
	assert_int_equal(read_server(&list, "192.0.2.1", &err), FT_OK);
	assert_int_equal(read_server(&list, "[2001:db8::1]:5353", &err), FT_OK);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.servers[0].port, 53);
	assert_int_equal(list.servers[1].ip.family, 6);
	assert_int_equal(list.servers[1].port, 5353);
	assert_int_equal(read_server(&list, "example.com", &err), FT_USAGE);
	assert_int_equal(list.count, 2);
	while (list.count < RESOLVER_SERVERS_MAX)
		assert_int_equal(read_server(&list, "192.0.2.1", &err), FT_OK);
	assert_int_equal(read_server(&list, "192.0.2.1", &err), FT_USAGE);
}

static void names_are_read_as_lists_read_them(void **state)
{
	static const char *const bad[] = {"", "#", "192.0.2.1", "localhost", "a..b.com"};
	char name[NAME_TEXT_SIZE];

	(void)state;
	assert_int_equal(name_word_read(name, "SuperSameas[.]com.", &err), FT_OK);
	assert_string_equal(name, "supersameas.com");
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(name_word_read(name, bad[i], &err), FT_USAGE);
}

static void names_that_others_told_of_are_read_as_printed(void **state)
{
	static const char *const bad[] = {"a b.example", "\\256.example", "a\\",
					  "\xe2\x80\xae.example"};
	char name[NAME_TEXT_SIZE];

	(void)state;
	assert_int_equal(name_word_read(name, "<B>.example", &err), FT_OK);
	assert_string_equal(name, "<b>.example");
	assert_int_equal(name_word_read(name, "\\032a\\046\\\\.Example.", &err), FT_OK);
	assert_string_equal(name, "\\032a\\046\\092.example");
	assert_int_equal(name_word_read(name, "http:\\047/a.example", &err), FT_OK);
	assert_string_equal(name, "http://a.example");
	assert_int_equal(name_word_read(name, "http://a.example", &err), FT_OK);
	assert_string_equal(name, "a.example");
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(name_word_read(name, bad[i], &err), FT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_and_not_negative),
		cmocka_unit_test(rates_may_have_a_fraction),
		cmocka_unit_test(days_are_days_alone),
		cmocka_unit_test(a_vantage_fits_the_record),
		cmocka_unit_test(servers_add_up_to_a_limit),
		cmocka_unit_test(names_are_read_as_lists_read_them),
		cmocka_unit_test(names_that_others_told_of_are_read_as_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
