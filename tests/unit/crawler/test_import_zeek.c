/* SPDX-License-Identifier: MIT */
/* import_zeek: dns.log in both its forms. */
#include "told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define FIELDS                                                                                 \
	"#fields\tts\tuid\tid.resp_h\tid.resp_p\tproto\trtt\tquery\tqclass_name\tqtype_name"   \
	"\trcode_name\tAA\tTC\tanswers\tTTLs"
/* A line of these columns. */
#define LINE(query, type, rcode, answers, ttls)                                                \
	"1300475168.853899\tCmES5u\t141.142.2.2\t53\tudp\t0.000435\t" query                    \
	"\tC_INTERNET\t" type "\t" rcode "\tT\tF\t" answers "\t" ttls
#define JSON(rest)                                                                             \
	"{\"ts\":1300475170.5,\"id.resp_h\":\"2001:db8::53\",\"id.resp_p\":53,\"proto\":"      \
	"\"tcp\""                                                                              \
	"," rest "}"

static void columns_are_found_by_name(void **state)
{
	char server[SERVER_ADDRESS_TEXT_SIZE];

	(void)state;
	assert_int_equal(told_outcome(LINE("x.example", "A", "NOERROR", "192.0.2.1,192.0.2.2",
					   "60.000000,61.000000")),
			 OUTCOME_ANSWERED);
	assert_string_equal(told_qname(), "x.example");
	assert_true(told_line.lookup.asked_wall_us == INT64_C(1300475168853899));
	assert_int_equal(told_line.lookup.rtt_us, 435);
	server_address_to_text(server, &told_line.lookup.server);
	assert_string_equal(server, "141.142.2.2:53");
	assert_string_equal(told_addresses(), "192.0.2.1 192.0.2.2");
	assert_int_equal(told_answer.ttl_min_s, 60);
	assert_int_equal(told_answer.ttl_max_s, 61);
	assert_int_equal(told_answer.flags, 0x8400);

	assert_int_equal(told_read("#fields\tqtype_name\tquery\tts\trcode_name"),
			 IMPORT_NOTHING);
	assert_int_equal(told_outcome("AAAA\ty.example\t5.25\tNXDOMAIN"), OUTCOME_NXDOMAIN);
	assert_string_equal(told_qname(), "y.example");
	assert_true(told_line.lookup.asked_wall_us == 5250000);
	server_address_to_text(server, &told_line.lookup.server);
	assert_string_equal(server, "0.0.0.0:0");
}

static void the_header_tells_its_marks(void **state)
{
	(void)state;
	assert_int_equal(told_read("#separator \\x7c"), IMPORT_NOTHING);
	assert_int_equal(told_read("#set_separator|;"), IMPORT_NOTHING);
	assert_int_equal(told_read("#empty_field|(none)"), IMPORT_NOTHING);
	assert_int_equal(told_read("#unset_field|?"), IMPORT_NOTHING);
	assert_int_equal(told_read("#fields|ts|query|qtype_name|rcode_name|answers|TTLs"),
			 IMPORT_NOTHING);
	assert_int_equal(told_outcome("1|x.example|A|NOERROR|192.0.2.1;192.0.2.2|1.0;1.0"),
			 OUTCOME_ANSWERED);
	assert_string_equal(told_addresses(), "192.0.2.1 192.0.2.2");
	assert_int_equal(told_outcome("1|x.example|A|?|?|?"), OUTCOME_TIMEOUT);
	assert_int_equal(told_outcome("1|x.example|A|NOERROR|(none)|(none)"), OUTCOME_NODATA);
}

static void names_before_addresses_are_a_chain(void **state)
{
	(void)state;
	assert_int_equal(
		told_outcome(LINE("x.example", "A", "NOERROR",
				  "a.cdn.example,b.cdn.example,192.0.2.7", "9.0,8.0,7.0")),
		OUTCOME_ANSWERED);
	assert_string_equal(told_names(), "a.cdn.example b.cdn.example");
	assert_string_equal(told_addresses(), "192.0.2.7");
	assert_int_equal(told_answer.ttl_min_s, 7);
	assert_int_equal(told_answer.anomalies, 0);
	/* what is neither stands for a record that was not asked for */
	assert_int_equal(told_outcome(LINE("x.example", "A", "NOERROR",
					   "RRSIG 1 example,192.0.2.7", "9.0,7.0")),
			 OUTCOME_ANSWERED);
	assert_int_equal(told_answer.ttl_max_s, 7);
}

static void each_type_has_its_answers(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(LINE("x.example", "NS", "NOERROR",
					   "ns1.x.example,ns2.x.example", "5.0,5.0")),
			 OUTCOME_ANSWERED);
	assert_string_equal(told_names(), "ns1.x.example ns2.x.example");
	assert_int_equal(told_outcome(LINE("7.2.0.192.in-addr.arpa", "PTR", "NOERROR",
					   "7.0-25.2.0.192.in-addr.arpa,a.example", "5.0,5.0")),
			 OUTCOME_ANSWERED);
	assert_string_equal(told_names(), "a.example");
	assert_int_equal(
		told_outcome(LINE("x.example", "TXT", "NOERROR", "TXT 5 hello", "5.0")),
		OUTCOME_ANSWERED);
	assert_int_equal(told_answer.texts[0].len, 5);
	assert_memory_equal(told_answer.texts[0].octets, "hello", 5);
	assert_int_equal(told_read(LINE("x.example", "SOA", "NOERROR", "ns.example", "5.0")),
			 IMPORT_OTHER);
	assert_int_equal(told_read(LINE("x.example", "MX", "NOERROR", "mx.example", "5.0")),
			 IMPORT_OTHER);
	assert_int_equal(told_read(LINE("x.example", "-", "-", "-", "-")), IMPORT_OTHER);
}

static void each_rcode_is_an_outcome(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(LINE("x.example", "A", "NOERROR", "-", "-")),
			 OUTCOME_NODATA);
	assert_int_equal(told_outcome(LINE("x.example", "A", "REFUSED", "-", "-")),
			 OUTCOME_REFUSED);
	assert_int_equal(told_outcome(LINE("x.example", "A", "-", "-", "-")), OUTCOME_TIMEOUT);
}

static void ttls_may_be_missing(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(LINE("x.example", "A", "NOERROR", "192.0.2.1", "-")),
			 OUTCOME_ANSWERED);
	assert_false(told_line.has_ttl);
}

static void escapes_are_octets(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(LINE("a\\x2cb\\xC3.example", "A", "NOERROR", "-", "-")),
			 OUTCOME_NODATA);
	assert_string_equal(told_qname(), "a,b\\195.example");
	told_bad(LINE("a\\xzz.exa mple", "A", "NOERROR", "-", "-"), "name");
}

static void json_lines_are_read(void **state)
{
	char server[SERVER_ADDRESS_TEXT_SIZE];

	(void)state;
	assert_int_equal(
		told_outcome(
			JSON("\"rtt\":0.25,\"query\":\"j\\\\xe9.example\",\"qclass_name\":"
			     "\"C_INTERNET\",\"qtype_name\":\"A\",\"rcode_name\":\"NOERROR\","
			     "\"AA\":true,\"TC\":false,\"answers\":[\"c.example\","
			     "\"192.0.2.9\"],\"TTLs\":[30.0,20]")),
		OUTCOME_ANSWERED);
	assert_string_equal(told_qname(), "j\\233.example");
	assert_true(told_line.lookup.asked_wall_us == INT64_C(1300475170500000));
	assert_int_equal(told_line.lookup.rtt_us, 250000);
	assert_true(told_line.lookup.over_tcp);
	server_address_to_text(server, &told_line.lookup.server);
	assert_string_equal(server, "[2001:db8::53]:53");
	assert_string_equal(told_names(), "c.example");
	assert_string_equal(told_addresses(), "192.0.2.9");
	assert_int_equal(told_answer.ttl_min_s, 20);
	assert_int_equal(told_answer.flags, 0x8400);

	assert_int_equal(
		told_outcome("{\"ts\":\"2011-03-18T19:06:10.5Z\",\"query\":\"x.example\","
			     "\"qtype_name\":\"A\"}"),
		OUTCOME_TIMEOUT);
	assert_true(told_line.lookup.asked_wall_us == INT64_C(1300475170500000));
}

static void bad_lines_say_why(void **state)
{
	(void)state;
	told_bad("bad line", "columns");
	told_bad(LINE("x.example", "A", "NOERROR", "-", "-") "\tmore", "columns");
	told_bad(LINE("-", "A", "NOERROR", "-", "-"), "name");
	told_bad(LINE("x.example", "A", "GOOD", "-", "-"), "rcode");
	told_bad(LINE("x.example", "A", "NOERROR", "192.0.2.1", "5.0,6.0"), "as many TTLs");
	told_bad(LINE("x.example", "A", "NOERROR", "192.0.2.1", "soon"), "TTLs");
	told_bad(LINE("x.example", "A", "NOERROR", "two words", "5.0"), "answers");
	told_bad("{\"ts\":5", "JSON");
	told_bad(JSON("\"query\":\"x.example\",\"qtype_name\":\"A\",\"rtt\":\"long\""), "rtt");
	told_bad(JSON("\"query\":\"x.example\",\"qtype_name\":\"A\",\"answers\":[7]"),
		 "answers");
	told_bad("{\"query\":\"x.example\",\"qtype_name\":\"A\"}", "time");
	told_bad(
		"{\"ts\":5,\"query\":\"x.example\",\"qtype_name\":\"A\",\"id.resp_h\":\"here\","
		"\"id.resp_p\":53}",
		"address");
}

static void a_file_needs_its_header(void **state)
{
	(void)state;
	told_stop();
	told_start(&import_zeek);
	told_bad(LINE("x.example", "A", "NOERROR", "-", "-"), "#fields");
}

static int set_up(void **state)
{
	(void)state;
	told_start(&import_zeek);
	assert_int_equal(told_read("#separator \\x09"), IMPORT_NOTHING);
	assert_int_equal(told_read(FIELDS), IMPORT_NOTHING);
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
		cmocka_unit_test_setup_teardown(columns_are_found_by_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_header_tells_its_marks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_before_addresses_are_a_chain, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(each_type_has_its_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(each_rcode_is_an_outcome, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ttls_may_be_missing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escapes_are_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json_lines_are_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bad_lines_say_why, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_needs_its_header, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
