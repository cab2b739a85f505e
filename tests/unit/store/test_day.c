/* SPDX-License-Identifier: MIT */
/* Days in words of others: those that the calendar has, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "store/day.h"

static void days_are_found_and_proven(void **state)
{
	char day[DAY_SIZE];

	(void)state;
	day_find(day, "routeviews-rv2-20080501-1200.pfx2as.gz");
	assert_string_equal(day, "2008-05-01");
	day_find(day, "; Original file : rib.20080501.0644.bz2");
	assert_string_equal(day, "2008-05-01");
	day_find(day, "20081301-20080229");
	assert_string_equal(day, "2008-02-29");
	day_find(day, "120080501 2008050 2008050");
	assert_string_equal(day, "");
	day_find(day, "");
	assert_string_equal(day, "");
	assert_true(day_is_valid("2008-02-29"));
	assert_false(day_is_valid("2009-02-29"));
	assert_false(day_is_valid("2008-5-1"));
	assert_false(day_is_valid("2008- 5- 1"));
}

static void a_day_may_stand_before_more(void **state)
{
	char day[DAY_SIZE] = "";

	(void)state;
	assert_false(day_read(day, ""));
	assert_false(day_read(day, "2009-02-29"));
	assert_string_equal(day, "");
	assert_true(day_read(day, "2008-02-29 and more"));
	assert_string_equal(day, "2008-02-29");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_found_and_proven),
		cmocka_unit_test(a_day_may_stand_before_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
