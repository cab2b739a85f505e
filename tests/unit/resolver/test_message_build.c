/* SPDX-License-Identifier: MIT */
/* message_build: what is built from texts is read back as a server's reply would be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolver/message_build.h"

#define RCODE_NXDOMAIN 3

static struct message_build build;
static struct name qname;
static struct answer answer; /* large */
static uint16_t qtype;

static struct name name_of(const char *text)
{
	struct error err = {0};
	struct name name;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	return name;
}

static void begin(uint16_t flags, const char *name, uint16_t type)
{
	qname = name_of(name);
	qtype = type;
	message_build_start(&build, flags, qname.wire, type);
}

static bool put(const char *owner, uint16_t type, uint32_t ttl_s, const char *text)
{
	const struct record head = {.section = SECTION_ANSWER,
				    .owner = name_of(owner),
				    .type = type,
				    .ttl_s = ttl_s};

	return message_build_record(&build, &head, text);
}

static enum outcome read_back(void)
{
	const struct lookup lookup = {.qname = qname.wire,
				      .qtype = qtype,
				      .msg = build.out.data,
				      .msg_len = build.out.len};

	assert_true(buf_is_ok(&build.out));
	answer_read(&lookup, &answer);
	return answer.outcome;
}

static void assert_name(size_t at, const char *text)
{
	char got[NAME_TEXT_SIZE];

	name_to_text(got, answer.names[at].wire);
	assert_string_equal(got, text);
}

static void addresses_behind_a_chain_come_back(void **state)
{
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	begin(0x0500, "www.example", QTYPE_A);
	assert_true(put("www.example", QTYPE_CNAME, 300, "edge.example.net."));
	assert_true(put("edge.example.net", QTYPE_A, 60, "192.0.2.1"));
	assert_true(put("edge.example.net", QTYPE_A, 60, "192.0.2.2"));
	assert_int_equal(read_back(), OUTCOME_ANSWERED);
	assert_int_equal(answer.flags, 0x8500);
	assert_int_equal(answer.anomalies, 0);
	assert_int_equal(answer.ttl_min_s, 60);
	assert_int_equal(answer.name_count, 1);
	assert_name(0, "edge.example.net");
	assert_int_equal(answer.address_count, 2);
	address_to_text(text, &answer.addresses[1]);
	assert_string_equal(text, "192.0.2.2");
}

static void a_negative_answer_has_its_soa(void **state)
{
	struct record head = {.section = SECTION_AUTHORITY, .type = QTYPE_SOA, .ttl_s = 900};

	(void)state;
	begin(RCODE_NXDOMAIN, "gone.example", QTYPE_AAAA);
	head.owner = name_of("example");
	assert_true(message_build_record(&build, &head,
					 "ns.example. host.example. 7 3600 600 86400 45"));
	assert_int_equal(read_back(), OUTCOME_NXDOMAIN);
	assert_true(answer.has_soa);
	assert_int_equal(answer.soa_serial, 7);
	assert_int_equal(answer.soa_retry_s, 600);
	assert_int_equal(answer.ttl_min_s, 45);
	assert_int_equal(answer.anomalies, 0);
}

static void an_empty_reply_is_nodata(void **state)
{
	(void)state;
	begin(0, "empty.example", QTYPE_NS);
	assert_int_equal(read_back(), OUTCOME_NODATA);
	assert_int_equal(answer.anomalies, 0);
}

static void assert_text(const char *rdata, const char *want, size_t want_len)
{
	begin(0, "txt.example", QTYPE_TXT);
	assert_true(put("txt.example", QTYPE_TXT, 5, rdata));
	assert_int_equal(read_back(), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, 1);
	assert_int_equal(answer.texts[0].len, want_len);
	assert_memory_equal(answer.texts[0].octets, want, want_len);
}

static void strings_are_read_with_quotes_and_without(void **state)
{
	(void)state;
	assert_text("plain words", "plain words", 11);
	assert_text("\"64500 | 192.0.2.0/24\"", "64500 | 192.0.2.0/24", 20);
	assert_text("\"two \" \"strings\"", "two strings", 11);
	assert_text("\"a\\\"b\\\\c\\255\"", "a\"b\\c\xff", 6);
	assert_text("\"\"", "", 0);
}

/* A string of more octets than one can have becomes several (RFC 1035, 3.3). */
static void long_strings_are_parted(void **state)
{
	char text[301];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	begin(0, "txt.example", QTYPE_TXT);
	assert_true(put("txt.example", QTYPE_TXT, 5, text));
	assert_int_equal(read_back(), OUTCOME_ANSWERED);
	assert_int_equal(build.out.data[build.out.len - 302], 255);
	assert_int_equal(build.out.data[build.out.len - 46], 45);
}

static void what_is_no_rdata_leaves_no_trace(void **state)
{
	static const struct {
		uint16_t type;
		const char *text;
	} bad[] = {
		{QTYPE_A, "192.0.2"},
		{QTYPE_A, "::1"},
		{QTYPE_A, ""},
		{QTYPE_AAAA, "192.0.2.1"},
		{QTYPE_NS, "two words"},
		{QTYPE_CNAME, "a..b"},
		{QTYPE_PTR, ""},
		{QTYPE_SOA, "ns.example. host.example. 1 2 3 4"},
		{QTYPE_SOA, "a b 1 2 3 4 5 6"},
		{QTYPE_SOA, "a b 1 2 3 4 4294967296"},
		{QTYPE_SOA, "a b 1 2 3 4 -5"},
		{QTYPE_TXT, "\"not closed"},
		{QTYPE_TXT, "\"a\" b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(0, "x.example", QTYPE_A);
		assert_true(put("x.example", QTYPE_A, 1, "192.0.2.9"));
		assert_false(put("x.example", bad[i].type, 1, bad[i].text));
		assert_int_equal(read_back(), OUTCOME_ANSWERED);
		assert_int_equal(answer.address_count, 1);
		assert_int_equal(answer.anomalies, 0);
	}
}

static void other_types_are_left_out(void **state)
{
	(void)state;
	begin(0, "x.example", QTYPE_A);
	assert_true(put("x.example", 15, 1, "10 mx.example."));
	assert_int_equal(read_back(), OUTCOME_NODATA);
	assert_int_equal(answer.anomalies, 0);
}

static void too_many_records_are_no_message(void **state)
{
	(void)state;
	begin(0, "x.example", QTYPE_A);
	for (int i = 0; i < 5000; i++)
		assert_true(put("x.example", QTYPE_A, 1, "192.0.2.9"));
	assert_false(buf_is_ok(&build.out));
	begin(0, "x.example", QTYPE_A);
	assert_int_equal(read_back(), OUTCOME_NODATA);
}

static int set_up(void **state)
{
	(void)state;
	message_build_init(&build);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	message_build_fini(&build);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_behind_a_chain_come_back),
		cmocka_unit_test(a_negative_answer_has_its_soa),
		cmocka_unit_test(an_empty_reply_is_nodata),
		cmocka_unit_test(strings_are_read_with_quotes_and_without),
		cmocka_unit_test(long_strings_are_parted),
		cmocka_unit_test(what_is_no_rdata_leaves_no_trace),
		cmocka_unit_test(other_types_are_left_out),
		cmocka_unit_test(too_many_records_are_no_message),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
