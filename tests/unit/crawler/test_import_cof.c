/* SPDX-License-Identifier: MIT */
/* import_cof: what passive DNS tells, seen first and last. */
#include "told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define RRSET(type, rdata, times)                                                              \
	"{\"count\":1909,\"rrname\":\"x.example.\",\"rrtype\":\"" type "\",\"rdata\":" rdata   \
	"," times "}"
#define TIMES "\"time_first\":1315586409,\"time_last\":1333600409"

static void a_set_is_told_twice(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(RRSET("A", "[\"192.0.2.1\",\"192.0.2.2\"]", TIMES)),
			 OUTCOME_ANSWERED);
	assert_string_equal(told_qname(), "x.example");
	assert_string_equal(told_addresses(), "192.0.2.1 192.0.2.2");
	assert_true(told_line.lookup.asked_wall_us == INT64_C(1315586409000000));
	assert_true(told_line.again_us == INT64_C(1333600409000000));
	assert_false(told_line.has_ttl);
	assert_int_equal(told_line.lookup.server.port, 0);
}

static void times_come_in_three_forms(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(RRSET("NS", "\"ns.x.example.\"",
					    "\"time_first\":\"2011-09-09T16:40:09Z\","
					    "\"time_last\":\"1315586409\"")),
			 OUTCOME_ANSWERED);
	assert_string_equal(told_names(), "ns.x.example");
	assert_true(told_line.lookup.asked_wall_us == INT64_C(1315586409000000));
	assert_int_equal(told_line.again_us, 0); /* the same moment is told once */
	assert_int_equal(told_outcome(RRSET("A", "\"192.0.2.1\"", "\"time_first\":1315586409")),
			 OUTCOME_ANSWERED);
	assert_int_equal(told_line.again_us, 0);
}

static void an_soa_is_whole(void **state)
{
	(void)state;
	assert_int_equal(
		told_outcome(RRSET("SOA", "\"ns.example. h.example. 5 6 7 8 9\"", TIMES)),
		OUTCOME_ANSWERED);
	assert_int_equal(told_answer.soa_serial, 5);
}

static void other_types_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(told_read(RRSET("MX", "\"10 mx.example.\"", TIMES)), IMPORT_OTHER);
	assert_int_equal(told_read(RRSET("CNAME", "\"y.example.\"", TIMES)), IMPORT_OTHER);
}

static void bad_lines_say_why(void **state)
{
	(void)state;
	told_bad("", "JSON");
	told_bad("{}", "type");
	told_bad(RRSET("A", "\"192.0.2.1\"", "\"count\":1"), "JSON"); /* count twice */
	told_bad(RRSET("A", "\"192.0.2.1\"", "\"time_last\":1"), "time_first");
	told_bad(RRSET("A", "\"192.0.2.1\"", "\"time_first\":2,\"time_last\":1"), "time_last");
	told_bad(RRSET("A", "\"192.0.2.1\"", "\"time_first\":2,\"time_last\":\"later\""),
		 "time_last");
	told_bad(RRSET("A", "\"192.0.2.1\"", "\"time_first\":253402300800"), "time_first");
	told_bad(RRSET("A", "\"192.0.2.1\"", "\"time_first\":\"9999-12-31T23:59:59-23:59\""),
		 "time_first"); /* it is in the year 10000 */
	told_bad(RRSET("A", "\"nonsense\"", TIMES), "rdata");
	told_bad(RRSET("A", "[\"192.0.2.1\",7]", TIMES), "rdata");
	told_bad(RRSET("A", "[]", TIMES), "rdata");
	told_bad(RRSET("A", "null", TIMES), "rdata");
}

static int set_up(void **state)
{
	(void)state;
	told_start(&import_cof);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_stop();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_is_told_twice),
		cmocka_unit_test(times_come_in_three_forms),
		cmocka_unit_test(an_soa_is_whole),
		cmocka_unit_test(other_types_are_told_apart),
		cmocka_unit_test(bad_lines_say_why),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
