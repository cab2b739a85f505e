/* SPDX-License-Identifier: MIT */
/* message_json: every kind of record in words, hostile octets escaped, broken ones as octets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "report/message_json.h"
#include "resolver/message_build.h"

static struct message_build build;
static struct name owner;

/* A reply to a question for a.example, with no record yet. */
static void start(uint16_t qtype)
{
	struct error err;

	assert_int_equal(name_from_text(&owner, "a.example", &err), FT_OK);
	message_build_start(&build, 0x8180, owner.wire, qtype);
}

static void put(uint16_t type, enum section section, const char *text)
{
	struct record head = {.section = section,
			      .owner = owner,
			      .type = type,
			      .class = CLASS_IN,
			      .ttl_s = 9};

	assert_true(message_build_record(&build, &head, text));
}

/* The rdata of the first record of a section, of the message built, must be shown so. */
static void shows(const char *section, const char *expected)
{
	json_t *json = message_json(build.out.data, build.out.len);
	const json_t *decoded = json_object_get(json, "decoded");
	const json_t *record = json_array_get(json_object_get(decoded, section), 0);

	assert_string_equal(json_string_value(json_object_get(record, "data")), expected);
	assert_true(json_is_true(json_object_get(decoded, "whole")));
	json_decref(json);
}

static void each_type_has_its_words(void **state)
{
	(void)state;
	start(QTYPE_AAAA);
	put(QTYPE_AAAA, SECTION_ANSWER, "2001:db8::1");
	shows("answer", "2001:db8::1");
	start(QTYPE_A);
	put(QTYPE_CNAME, SECTION_ANSWER, "b\\032c.example");
	shows("answer", "b\\032c.example");
	start(QTYPE_NS);
	put(QTYPE_NS, SECTION_ANSWER, "ns1.example");
	shows("answer", "ns1.example");
	start(QTYPE_A);
	put(QTYPE_SOA, SECTION_AUTHORITY, "ns.example root.example 1 2 3 4 4294967295");
	shows("authority", "ns.example root.example 1 2 3 4 4294967295");
	start(QTYPE_TXT);
	put(QTYPE_TXT, SECTION_ANSWER, "\"<b>\" \"\\000\\255\"");
	shows("answer", "\"<b>\" \"\\000\\255\"");
}

/* The message of the header, a question for a.example and one A record, octet by octet. */
static const uint8_t reply[] = "\x12\x34\x81\x80\0\1\0\1\0\0\0\0\1a\7example\0\0\1\0\1"
			       "\xc0\x0c\0\1\0\1\0\0\0\5\0\4\xc0\0\2\1";
#define REPLY_LEN (sizeof(reply) - 1)

static void a_message_is_whole_in_both_forms(void **state)
{
	json_t *json = message_json(reply, REPLY_LEN);
	json_t *expected =
		json_loads("{\"hex\": \"1234818000010001000000000161076578616d706c650000010001"
			   "c00c00010001000000050004c0000201\", \"decoded\": {\"id\": 4660, "
			   "\"flags\": 33152, "
			   "\"rcode\": 0, \"question\": {\"name\": \"a.example\", \"type\": "
			   "\"A\", \"class\": 1}, "
			   "\"answer\": [{\"name\": \"a.example\", \"type\": \"A\", \"class\": "
			   "1, \"ttl\": 5, "
			   "\"data\": \"192.0.2.1\"}], \"authority\": [], \"additional\": [], "
			   "\"whole\": true}}",
			   0, NULL);

	(void)state;
	assert_non_null(expected);
	assert_true(json_equal(json, expected));
	json_decref(json);
	json_decref(expected);
}

/* Wherever it ends and whatever is in it, there is JSON, with all octets. */
static void a_broken_message_is_told_too(void **state)
{
	uint8_t copy[REPLY_LEN];

	(void)state;
	for (size_t len = 0; len < REPLY_LEN; len++) {
		json_t *json = message_json(reply, len);

		assert_int_equal(json_string_length(json_object_get(json, "hex")), 2 * len);
		assert_true(json_is_false(
			json_object_get(json_object_get(json, "decoded"), "whole")));
		json_decref(json);
	}
	for (size_t i = 0; i < REPLY_LEN; i++) {
		for (unsigned octet = 0; octet < 256; octet++) {
			json_t *json;

			memcpy(copy, reply, REPLY_LEN);
			copy[i] = (uint8_t)octet;
			json = message_json(copy, REPLY_LEN);
			assert_true(json_is_object(json_object_get(json, "decoded")));
			json_decref(json);
		}
	}
}

static void what_has_no_words_is_octets(void **state)
{
	uint8_t copy[REPLY_LEN];
	const json_t *record;
	json_t *json;

	(void)state;
	memcpy(copy, reply, REPLY_LEN);
	copy[REPLY_LEN - 13] = 99; /* the type's lower octet */
	json = message_json(copy, REPLY_LEN);
	record = json_array_get(json_object_get(json_object_get(json, "decoded"), "answer"), 0);
	assert_string_equal(json_string_value(json_object_get(record, "type")), "TYPE99");
	assert_string_equal(json_string_value(json_object_get(record, "data")),
			    "\\# 4 c0000201");
	json_decref(json);
	copy[REPLY_LEN - 13] = QTYPE_AAAA; /* four octets are no IPv6 address */
	json = message_json(copy, REPLY_LEN);
	record = json_array_get(json_object_get(json_object_get(json, "decoded"), "answer"), 0);
	assert_string_equal(json_string_value(json_object_get(record, "data")),
			    "\\# 4 c0000201");
	json_decref(json);
}

static void a_time_out_has_no_answer(void **state)
{
	struct lookup lookup = {.qname = (const uint8_t *)"\1a\7example",
				.qtype = QTYPE_SOA,
				.server = {{6, {0x20, 1, 0x0d, 0xb8, [15] = 1}}, 5353},
				.timed_out = true,
				.asked_wall_us = INT64_C(1207656000999999)};
	json_t *json = lookup_json(&lookup, true);
	json_t *expected = json_loads(
		"{\"observed_at\": \"2008-04-08T12:00:00Z\", \"type\": \"SOA\", \"outcome\": "
		"\"timeout\", \"ttl\": null, \"addresses\": null, \"names\": null, "
		"\"anomalies\": [], \"server\": \"2001:db8::1\", \"port\": 5353}",
		0, NULL);

	(void)state;
	assert_non_null(expected);
	assert_true(json_equal(json, expected));
	json_decref(json);
	json_decref(expected);
}

/* The first word of them, one in the middle and the last. */
static void what_is_odd_has_its_words(void **state)
{
	struct lookup lookup = {.qtype = QTYPE_A, .server = {{4, {127, 0, 0, 1}}, 53}};
	json_t *expected = json_pack("[sss]", "truncated", "trailing", "duplicate");
	json_t *json;

	(void)state;
	start(QTYPE_A);
	put(QTYPE_A, SECTION_ANSWER, "192.0.2.1");
	put(QTYPE_A, SECTION_ANSWER, "192.0.2.1");
	buf_put_u8(&build.out, 0);
	build.out.data[2] |= 2; /* TC */
	lookup.qname = owner.wire;
	lookup.msg = build.out.data;
	lookup.msg_len = build.out.len;
	json = lookup_json(&lookup, true);
	assert_true(json_equal(json_object_get(json, "anomalies"), expected));
	json_decref(json);
	json_decref(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_has_its_words),
		cmocka_unit_test(a_message_is_whole_in_both_forms),
		cmocka_unit_test(a_broken_message_is_told_too),
		cmocka_unit_test(what_has_no_words_is_octets),
		cmocka_unit_test(a_time_out_has_no_answer),
		cmocka_unit_test(what_is_odd_has_its_words),
	};
	int result;

	message_build_init(&build);
	result = cmocka_run_group_tests(tests, NULL, NULL);
	message_build_fini(&build);
	return result;
}
