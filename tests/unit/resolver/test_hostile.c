/* SPDX-License-Identifier: MIT */
/* What is read out of replies that were made to mislead us, or to break us. */
#include "tests/unit/resolver/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_reply_to_another_question_is_malformed(void **state)
{
	(void)state;
	build_reply(&build, 0, "www.example.net", QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.anomalies, ANOMALY_QUESTION);
	build_reply(&build, REFUSED, QNAME, QTYPE_NS);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.anomalies, ANOMALY_QUESTION);
	build_reply(&build, 0, QNAME, QTYPE_A);
	build.data[build.len - 1] = 3; /* class CHAOS */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.anomalies, ANOMALY_QUESTION);
}

static void a_question_in_other_case_is_ours_but_said(void **state)
{
	(void)state;
	build_reply(&build, 0, "wWw.example.com", QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.anomalies, ANOMALY_QUESTION_CASE);
}

static void what_is_no_reply_is_malformed(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build.data[2] &= 0x7f; /* QR */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	build.data[2] |= 0xa0; /* QR again; opcode NOTIFY */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.address_count, 0);
}

static void a_count_one_too_high_loses_nothing(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_count(&build, 1, 2);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, 1);
	assert_int_equal(answer.anomalies, ANOMALY_COUNT);
}

static void s5_rdata_that_does_not_fit_its_type_is_ignored(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_u8(&build, 0);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED); /* not NODATA */
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
	assert_false(answer.has_ttl);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_A, 60);
	build_address(&build, "@12", 60, "192.0.2.2");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, 1);
	assert_address(0, "192.0.2.2");
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
}

static void s5_a_soa_too_short_is_not_read(void **state)
{
	(void)state;
	build_reply(&build, NXDOMAIN, QNAME, QTYPE_A);
	build_soa(&build, SECTION_AUTHORITY, "example.com", 900, 60);
	build.data[build.rdlength_at + 1]--;
	build.len--;
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NXDOMAIN);
	assert_false(answer.has_soa);
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
}

static void an_answer_section_broken_off_is_no_nodata(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_bytes(&build, "\xff\xff", 2);
	build_record(&build, SECTION_ANSWER, NULL, QTYPE_A, 60);
	build_u32(&build, 0xc0000201);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void another_class_is_ignored(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build.data[build.len - 11] = 3; /* CHAOS */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_int_equal(answer.anomalies, ANOMALY_CLASS);
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, ".");
	build.data[build.len - 8] = 3;
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_int_equal(answer.name_count, 0);
	assert_int_equal(answer.anomalies, ANOMALY_CLASS);
}

static void the_same_twice_is_kept_once(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_address(&build, "@12", 60, "192.0.2.2");
	build_address(&build, "@12", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, 2);
	assert_address(1, "192.0.2.2");
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE);
	build_reply(&build, 0, QNAME, QTYPE_NS);
	build_ns(&build, "@12", 60, "ns.example");
	build_ns(&build, "@12", 60, "NS.example");
	assert_int_equal(read_built(QTYPE_NS), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 1);
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE);
}

/* 4,085 addresses fill 64 KB; each is found once, and again when it comes again. */
static void thousands_of_addresses_are_all_kept(void **state)
{
	char address[ADDRESS_TEXT_SIZE];
	size_t count = 0;

	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	for (; build.len + 2 * 16 <= sizeof(build.data); count++) {
		snprintf(address, sizeof(address), "10.0.%zu.%zu", count / 256, count % 256);
		build_address(&build, "@12", 0, address);
	}
	assert_true(count > 4000);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, count);
	assert_address(count - 1, address);
	assert_int_equal(answer.anomalies, 0);
	build_address(&build, "@12", 0, address);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, count);
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE);
}

static void nameservers_beyond_the_cap_are_left_out_and_said(void **state)
{
	char target[32];

	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_NS);
	for (int i = 0; i < 65; i++) {
		assert_int_equal(answer.anomalies & ANOMALY_CAP, 0);
		snprintf(target, sizeof(target), "ns%d.@12", i);
		build_ns(&build, "@12", 60, target);
		assert_int_equal(read_built(QTYPE_NS), OUTCOME_ANSWERED);
	}
	assert_int_equal(answer.name_count, ANSWER_NAMES_MAX);
	assert_name(63, "ns63." QNAME);
	assert_int_equal(answer.anomalies, ANOMALY_CAP);
}

/* The root's name is the only one short enough for more addresses than the cap in a message. */
static void addresses_beyond_the_cap_are_left_out_and_said(void **state)
{
	const struct lookup lookup = {
		.qname = (const uint8_t *)"",
		.qtype = QTYPE_A,
		.msg = build.data,
		.msg_len = 12 + 5 + (ANSWER_ADDRESSES_MAX + 1) * 15,
	};

	(void)state;
	build_reply(&build, 0, ".", QTYPE_A);
	for (uint32_t i = 0; i <= ANSWER_ADDRESSES_MAX; i++) {
		build_record(&build, SECTION_ANSWER, ".", QTYPE_A, 60);
		build_u32(&build, i);
	}
	assert_int_equal(build.len, lookup.msg_len);
	answer_read(&lookup, &answer);
	assert_int_equal(answer.address_count, ANSWER_ADDRESSES_MAX);
	assert_int_equal(answer.anomalies, ANOMALY_CAP);
}

/* A bit of all: what the tests below cut and change. */
static void build_all(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "edge.@16");
	build_address(&build, "edge.@16", 60, "192.0.2.1");
	build_address(&build, "edge.@16", 60, "192.0.2.2");
	build_soa(&build, SECTION_AUTHORITY, "@16", 900, 60);
	build_opt(&build, 0);
}

/* On a heap block of its own length, so that a sanitizer sees each octet read beyond it. */
static enum outcome read_copy(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum outcome outcome;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	outcome = read_bytes(copy, len, QTYPE_A);
	free(copy);
	assert_true(answer.address_count <= 2 && answer.name_count <= 2);
	return outcome;
}

static void every_prefix_of_a_message_gives_what_is_whole_in_it(void **state)
{
	size_t address_end[2];

	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "edge.@16");
	for (int i = 0; i < 2; i++) {
		build_address(&build, "edge.@16", 60, "192.0.2.1");
		address_end[i] = build.len;
	}
	build_all();
	for (size_t len = 0; len <= build.len; len++) {
		size_t expected = (len >= address_end[0]) + (size_t)(len >= address_end[1]);
		enum outcome outcome = read_copy(build.data, len);

		assert_int_equal(answer.address_count, expected);
		assert_int_equal(outcome, expected > 0 ? OUTCOME_ANSWERED : OUTCOME_MALFORMED);
		assert_int_equal(answer.anomalies == 0, len == build.len);
	}
}

static void every_change_of_an_octet_is_survived(void **state)
{
	(void)state;
	build_all();
	for (size_t at = 0; at < build.len; at++) {
		uint8_t good = build.data[at];

		for (unsigned octet = 0; octet < 256; octet++) {
			build.data[at] = (uint8_t)octet;
			assert_true(read_copy(build.data, build.len) <= OUTCOME_TIMEOUT);
		}
		build.data[at] = good;
	}
	assert_int_equal(read_copy(build.data, build.len), OUTCOME_ANSWERED);
	assert_int_equal(answer.anomalies, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_to_another_question_is_malformed),
		cmocka_unit_test(a_question_in_other_case_is_ours_but_said),
		cmocka_unit_test(what_is_no_reply_is_malformed),
		cmocka_unit_test(a_count_one_too_high_loses_nothing),
		cmocka_unit_test(s5_rdata_that_does_not_fit_its_type_is_ignored),
		cmocka_unit_test(s5_a_soa_too_short_is_not_read),
		cmocka_unit_test(an_answer_section_broken_off_is_no_nodata),
		cmocka_unit_test(another_class_is_ignored),
		cmocka_unit_test(the_same_twice_is_kept_once),
		cmocka_unit_test(thousands_of_addresses_are_all_kept),
		cmocka_unit_test(nameservers_beyond_the_cap_are_left_out_and_said),
		cmocka_unit_test(addresses_beyond_the_cap_are_left_out_and_said),
		cmocka_unit_test(every_prefix_of_a_message_gives_what_is_whole_in_it),
		cmocka_unit_test(every_change_of_an_octet_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
