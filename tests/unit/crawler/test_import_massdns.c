/* SPDX-License-Identifier: MIT */
/* import_massdns: the lines of massdns -o J, good and bad. */
#include "told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>

#define RX "\"rx_ts\":1795437507646848776"
/* A line asking x.example for TYPE, with REST behind the time. */
#define ASKED(type, rest)                                                                      \
	"{\"name\":\"x.example.\",\"type\":\"" type "\",\"class\":\"IN\"," RX rest "}"
#define STATUS(status, data) ",\"status\":\"" status "\",\"data\":" data
#define RECORD(ttl, type, name, data)                                                          \
	"{\"ttl\":" ttl ",\"type\":\"" type "\",\"class\":\"IN\",\"name\":\"" name             \
	"\",\"data\":\"" data "\"}"

static void a_line_is_read_whole(void **state)
{
	char server[SERVER_ADDRESS_TEXT_SIZE];

	(void)state;
	assert_int_equal(
		told_outcome(
			"{\"name\":\"d0.example.\",\"type\":\"A\",\"class\":\"IN\","
			"\"status\":\"NOERROR\"," RX ",\"data\":{\"answers\":["
			"{\"ttl\":180,\"type\":\"A\",\"class\":\"IN\",\"name\":\"d0.example."
			"\",\"data\":\"192.0.2.1\"}]},\"flags\":[\"aa\",\"rd\"],"
			"\"resolver\":\"127.0.0.1:53\",\"proto\":\"UDP\"}"),
		OUTCOME_ANSWERED);
	assert_string_equal(told_qname(), "d0.example");
	assert_int_equal(told_line.lookup.qtype, QTYPE_A);
	assert_true(told_line.lookup.asked_wall_us == INT64_C(1795437507646848));
	assert_int_equal(told_line.again_us, 0);
	server_address_to_text(server, &told_line.lookup.server);
	assert_string_equal(server, "127.0.0.1:53");
	assert_false(told_line.lookup.over_tcp);
	assert_true(told_line.has_ttl);
	assert_string_equal(told_addresses(), "192.0.2.1");
	assert_int_equal(told_answer.ttl_min_s, 180);
	assert_int_equal(told_answer.flags, 0x8500); /* QR, AA, RD */
	assert_int_equal(told_answer.anomalies, 0);
}

static void a_chain_is_followed(void **state)
{
	(void)state;
	assert_int_equal(
		told_outcome(ASKED(
			"AAAA",
			STATUS("NOERROR",
			       "{\"answers\":[" RECORD(
				       "300", "CNAME", "x.example.",
				       "e.cdn.example.") "," RECORD("\"30\"", "AAAA",
								    "e.cdn.example.",
								    "2001:db8::1") "]}"))),
		OUTCOME_ANSWERED);
	assert_string_equal(told_names(), "e.cdn.example");
	assert_string_equal(told_addresses(), "2001:db8::1");
	assert_int_equal(told_answer.ttl_min_s, 30);
}

static void each_status_is_an_outcome(void **state)
{
	(void)state;
	assert_int_equal(told_outcome(ASKED("A", STATUS("NOERROR", "{}"))), OUTCOME_NODATA);
	assert_int_equal(told_outcome(ASKED("A", STATUS("NXDOMAIN", "{}"))), OUTCOME_NXDOMAIN);
	assert_int_equal(told_outcome(ASKED("A", STATUS("SERVFAIL", "{}"))), OUTCOME_SERVFAIL);
	assert_int_equal(told_outcome(ASKED("A", ",\"status\":\"REFUSED\"")), OUTCOME_REFUSED);
	assert_int_equal(told_outcome(ASKED("A", STATUS("NOTIMP", "{}"))), OUTCOME_OTHER_RCODE);
	assert_int_equal(told_outcome(ASKED("A", ",\"error\":\"TIMEOUT\"")), OUTCOME_TIMEOUT);
	assert_int_equal(told_outcome(ASKED("A", "")), OUTCOME_TIMEOUT);
	assert_int_equal(
		told_outcome(ASKED("A", STATUS("NOERROR", "{}") ",\"flags\":[\"tc\",7,null]")),
		OUTCOME_TRUNCATED);
}

static void the_authority_gives_a_negative_ttl(void **state)
{
	(void)state;
	assert_int_equal(
		told_outcome(
			ASKED("A", STATUS("NXDOMAIN",
					  "{\"authorities\":[" RECORD(
						  "900", "SOA", "example.",
						  "ns.example. h.example. 1 2 3 4 60") "]}"))),
		OUTCOME_NXDOMAIN);
	assert_int_equal(told_answer.ttl_min_s, 60);
	assert_int_equal(told_answer.soa_serial, 1);
}

static void other_types_and_classes_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(told_read(ASKED("MX", STATUS("NOERROR", "{}"))), IMPORT_OTHER);
	assert_int_equal(told_read(ASKED("CNAME", STATUS("NOERROR", "{}"))), IMPORT_OTHER);
	assert_int_equal(
		told_read("{\"name\":\"x.\",\"type\":\"TXT\",\"class\":\"CH\"," RX STATUS(
			"NOERROR", "{}") "}"),
		IMPORT_OTHER);
	assert_int_equal(
		told_outcome(ASKED("A", STATUS("NOERROR", "{\"answers\":[" RECORD(
								  "1", "RRSIG", "x.example.",
								  "A 8 2 1") "]}"))),
		OUTCOME_NODATA);
	assert_int_equal(
		told_outcome(ASKED(
			"A", STATUS("NOERROR",
				    "{\"answers\":[{\"ttl\":1,\"type\":\"A\",\"class\":\"CH\","
				    "\"name\":\"x.example.\",\"data\":\"192.0.2.1\"}]}"))),
		OUTCOME_NODATA);
}

/* What a server sent may be anything; the name that was asked is not to be confused by it. */
static void hostile_names_keep_their_octets(void **state)
{
	(void)state;
	assert_int_equal(
		told_outcome(
			ASKED("NS", STATUS("NOERROR",
					   "{\"answers\":[" RECORD(
						   "1", "NS", "x.example.",
						   "bank.com\\\\000\\\\046.evil.net.") "]}"))),
		OUTCOME_ANSWERED);
	assert_string_equal(told_names(), "bank.com\\000\\046.evil.net");
}

static void bad_lines_say_why(void **state)
{
	(void)state;
	told_bad("garbage", "JSON");
	told_bad("[]", "JSON");
	told_bad("{\"name\":\"a.\",\"name\":\"b.\"}", "JSON");
	told_bad("{\"name\":\"a\\u0000b.\"}", "JSON");
	told_bad("{}", "type");
	told_bad("{\"type\":\"A\"}", "name");
	told_bad("{\"type\":\"A\",\"name\":\"a b.example\"," RX "}", "name");
	told_bad("{\"type\":\"A\",\"name\":\"\xc3\xa9.example\"," RX "}", "name");
	told_bad("{\"type\":\"A\",\"name\":\"x.example\"}", "time");
	told_bad("{\"type\":\"A\",\"name\":\"x.example\",\"rx_ts\":-5}", "time");
	told_bad("{\"type\":\"A\",\"name\":\"x.example\",\"rx_ts\":\"soon\"}", "time");
	told_bad(ASKED("A", ",\"resolver\":\"localhost\""), "resolver");
	told_bad(ASKED("A", STATUS("FINE", "{}")), "status");
	told_bad(ASKED("A", ",\"status\":7"), "status");
	told_bad(ASKED("A", ",\"status\":\"NOERROR\""), "data");
	told_bad(ASKED("A", STATUS("NOERROR", "{\"answers\":[" RECORD("1", "A", "x.example.",
								      "192.0.2") "]}")),
		 "none of its type");
	told_bad(ASKED("A", STATUS("NOERROR",
				   "{\"answers\":[" RECORD("1", "A", "..", "192.0.2.1") "]}")),
		 "without the name");
	told_bad(ASKED("A", STATUS("NOERROR", "{\"answers\":[" RECORD("-1", "A", "x.example.",
								      "192.0.2.1") "]}")),
		 "TTL");
	told_bad(ASKED("A", STATUS("NOERROR",
				   "{\"answers\":[" RECORD("4294967296", "A", "x.example.",
							   "192.0.2.1") "]}")),
		 "TTL");
}

static void more_than_a_message_holds_is_bad(void **state)
{
	static char text[600 * 1024];
	size_t at = (size_t)snprintf(text, sizeof(text),
				     "{\"name\":\"x.example.\",\"type\":\"A\"," RX
				     ",\"status\":\"NOERROR\",\"data\":{\"answers\":[");

	(void)state;
	for (int i = 0; i < 5000; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", i > 0 ? "," : "",
				       RECORD("1", "A", "x.example.", "192.0.2.1"));
	snprintf(text + at, sizeof(text) - at, "]}}");
	told_bad(text, "more records");
	assert_int_equal(told_outcome(ASKED("A", STATUS("NOERROR", "{}"))), OUTCOME_NODATA);
}

static int set_up(void **state)
{
	(void)state;
	told_start(&import_massdns);
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
		cmocka_unit_test(a_line_is_read_whole),
		cmocka_unit_test(a_chain_is_followed),
		cmocka_unit_test(each_status_is_an_outcome),
		cmocka_unit_test(the_authority_gives_a_negative_ttl),
		cmocka_unit_test(other_types_and_classes_are_told_apart),
		cmocka_unit_test(hostile_names_keep_their_octets),
		cmocka_unit_test(bad_lines_say_why),
		cmocka_unit_test(more_than_a_message_holds_is_bad),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
