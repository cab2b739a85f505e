/* SPDX-License-Identifier: MIT */
/* The walk over a message. Tests of the checks of RFC 9267 begin with its section's number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "tests/unit/resolver/build.h"

static struct build build;
static struct message msg;
static struct record record;

/* Walks the message as built; returns how many records it gave. The last stays in record. */
static unsigned walk(void)
{
	unsigned records = 0;

	assert_true(message_open(&msg, build.data, build.len));
	while (message_next(&msg, &record))
		records++;
	return records;
}

static void assert_name(const struct name *name, const char *text)
{
	char written[NAME_TEXT_SIZE];

	name_to_text(written, name->wire);
	assert_string_equal(written, text);
}

/* A message whose one answer has the given octets as its owner. */
static void build_owner(const char *octets, size_t len)
{
	build_reply(&build, 0, "example.com", QTYPE_A);
	build_bytes(&build, octets, len);
	build_record(&build, SECTION_ANSWER, NULL, QTYPE_A, 60);
	build_u32(&build, 0xc0000201);
}

/* The first answer of every test that breaks the second one: salvage must keep it. */
static void build_good_answer(void)
{
	build_reply(&build, 0, "example.com", QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_end(&build);
}

static void every_record_comes_with_its_section_in_order(void **state)
{
	(void)state;
	build_reply(&build, FLAG_TC, "www.example.com", QTYPE_A);
	build_address(&build, "@12", 5, "192.0.2.1");
	build_ns(&build, "@16", 7, "ns.@16");
	build_soa(&build, SECTION_AUTHORITY, "@16", 9, 11);
	build_opt(&build, 1);
	assert_true(message_open(&msg, build.data, build.len));
	assert_int_equal(msg.id, 0x4711);
	assert_int_equal(msg.flags, 0x8180 | FLAG_TC);
	assert_name(&msg.qname, "www.example.com");
	assert_int_equal(msg.qtype, QTYPE_A);
	assert_int_equal(msg.qclass, CLASS_IN);
	for (int i = 0; i < 2; i++) {
		assert_true(message_next(&msg, &record));
		assert_int_equal(record.section, SECTION_ANSWER);
		assert_int_equal(record.type, QTYPE_A);
		assert_int_equal(record.ttl_s, 5);
		assert_name(&record.owner, "www.example.com");
		assert_int_equal(record.rdata_len, 4);
		assert_memory_equal(record.rdata, "\xc0\0\2\1", 4);
		assert_true(message_next(&msg, &record));
		assert_int_equal(record.section, SECTION_ANSWER);
		assert_true(message_next(&msg, &record));
		assert_int_equal(record.section, SECTION_AUTHORITY);
		assert_name(&record.owner, "example.com");
		assert_true(message_next(&msg, &record));
		assert_int_equal(record.section, SECTION_ADDITIONAL);
		assert_name(&record.owner, ".");
		assert_false(message_next(&msg, &record));
		assert_int_equal(msg.anomalies, ANOMALY_TRUNCATED);
		message_rewind(&msg);
	}
}

static void a_name_in_rdata_is_read_where_it_stands(void **state)
{
	struct name name;
	size_t at;

	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_NS);
	build_ns(&build, "@12", 60, "a!b.@12");
	assert_int_equal(walk(), 1);
	at = record.rdata_at;
	assert_true(message_name(&msg, &at, &name));
	assert_int_equal(at, build.len);
	assert_name(&name, "a!b.example.com");
	assert_true(message_rdata_name(&msg, &record, &name));
	assert_int_equal(msg.anomalies, 0);
}

static void a_name_in_rdata_fills_it(void **state)
{
	struct name name;

	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_NS);
	build_ns(&build, "@12", 60, "ns.@12");
	build_u8(&build, 0);
	assert_int_equal(walk(), 1);
	assert_false(message_rdata_name(&msg, &record, &name));
	assert_int_equal(msg.anomalies, ANOMALY_RDATA);
}

static void s2_1_a_pointer_out_of_bounds_ends_the_walk(void **state)
{
	(void)state;
	build_good_answer();
	build_bytes(&build, "\xff\xff", 2);
	build_address(&build, ".", 60,
		      "192.0.2.2"); /* would be whole, without what precedes it */
	build_address(&build, ".", 60, "192.0.2.3");
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
	assert_false(message_next(&msg, &record)); /* and so it stays */
}

static void s2_1_a_pointer_forward_is_refused(void **state)
{
	(void)state;
	build_owner("\xc0\x29", 2); /* the owner is at 29 and the rdata at 41 */
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void s2_1_a_pointer_forward_from_where_a_pointer_led_is_refused(void **state)
{
	char owner[16];

	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_A);
	build_record(&build, SECTION_ANSWER, "@12", 10, 60);
	snprintf(owner, sizeof(owner), "@%zu", build.len);
	build_u16(&build, (uint16_t)(0xc000 | (build.len + 2)));
	build_name(&build, "forward.example");
	build_record(&build, SECTION_ANSWER, owner, QTYPE_A, 60);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void s2_1_a_pointer_into_the_header_is_refused(void **state)
{
	(void)state;
	build_owner("\xc0\x05", 2); /* a 1 and zeros there: it would read as a name */
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void s2_2_a_pointer_to_itself_is_refused(void **state)
{
	(void)state;
	build_owner("\xc0\x1d", 2); /* header 12, question 17: the owner is at 29 */
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void s2_2_a_loop_of_pointers_is_refused(void **state)
{
	(void)state;
	build_owner("\4loop\xc0\x1d", 7); /* back to its own first label */
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void s2_2_a_loop_over_two_names_is_refused(void **state)
{
	size_t first_at;

	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_NS);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_NS, 60);
	first_at = build.len;
	build_bytes(&build, "\1a\xc0\x80", 4); /* patched below: to the second name */
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_NS, 60);
	build.data[first_at + 3] = (uint8_t)build.len;
	build_bytes(&build, "\1b\xc0", 3);
	build_u8(&build, (uint8_t)first_at);
	assert_int_equal(walk(), 2);
	assert_int_equal(msg.anomalies, 0);
	assert_false(message_name(&msg, &(size_t){first_at}, &record.owner));
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION);
	assert_false(message_rdata_name(&msg, &record, &record.owner));
}

/*
 * Puts n pointers, each to the one before, the first to the question's name, and a record that
 * is owned by the last. Returns where that one stands.
 */
static size_t build_pointers(unsigned n)
{
	size_t target = BUILD_QNAME_AT;

	build_reply(&build, 0, "example.com", QTYPE_A);
	build_record(&build, SECTION_ANSWER, "@12", 10, 60);
	for (unsigned i = 0; i < n; i++) {
		build_u16(&build, (uint16_t)(0xc000 | target));
		target = build.len - 2;
	}
	build_end(&build);
	build_u16(&build, (uint16_t)(0xc000 | target));
	build_record(&build, SECTION_ANSWER, NULL, QTYPE_A, 60);
	build_u32(&build, 0xc0000201);
	return target;
}

static void s2_2_pointers_to_pointers_have_a_bound(void **state)
{
	(void)state;
	build_pointers(126);
	assert_int_equal(walk(), 2);
	assert_name(&record.owner, "example.com");
	assert_int_equal(msg.anomalies, 0);
	build_pointers(127);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_COMPRESSION | ANOMALY_COUNT);
}

static void s2_3_label_types_01_and_10_are_no_pointers(void **state)
{
	(void)state;
	build_owner("\x41\x30", 2);
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_LABEL | ANOMALY_COUNT);
	build_owner("\x80\x0c", 2);
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_LABEL | ANOMALY_COUNT);
}

#define L63 "123456789012345678901234567890123456789012345678901234567890123"

static void s3_a_name_has_255_octets_at_most(void **state)
{
	(void)state;
	build_reply(&build, 0,
		    L63 ".1234567890123456789012345678901234567890123456789012345678901",
		    QTYPE_A); /* 64 + 62 + 1 octets */
	build_address(&build, L63 "." L63 ".@12", 60, "192.0.2.1");
	assert_int_equal(walk(), 1);
	assert_int_equal(name_len(record.owner.wire), 255);
	assert_int_equal(msg.anomalies, 0);
	build_address(&build, L63 "." L63 ".1.@12", 60, "192.0.2.1");
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_NAME_LENGTH | ANOMALY_COUNT);
	build_reply(&build, 0,
		    L63 ".12345678901234567890123456789012345678901234567890123456789012",
		    QTYPE_A);
	build_address(&build, L63 "." L63 ".@12", 60, "192.0.2.1"); /* 256 by the root label */
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_NAME_LENGTH | ANOMALY_COUNT);
}

static void s4_a_name_without_its_end_is_refused(void **state)
{
	(void)state;
	build_good_answer();
	build_bytes(&build, "\7example", 8);
	build_count(&build, 1, 2);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_NAME_LENGTH | ANOMALY_COUNT);
}

static void s4_a_nul_dot_or_blank_in_a_label_is_kept_and_said(void **state)
{
	(void)state;
	build_owner("\4bank\4com\0\4evil\3net\0", 20);
	assert_int_equal(walk(), 1);
	assert_name(&record.owner, "bank.com\\000.evil.net");
	assert_int_equal(msg.anomalies, ANOMALY_NAME_CHARACTER);
	build_owner("\3a.b\0", 5);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_NAME_CHARACTER);
	build_owner("\3a b\0", 5);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_NAME_CHARACTER);
}

static void s5_rdlength_beyond_the_message_ends_the_walk(void **state)
{
	(void)state;
	build_good_answer();
	build_address(&build, "@12", 60, "192.0.2.2");
	build.len--;
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_RDATA | ANOMALY_COUNT);
}

static void s6_a_count_too_high_keeps_what_is_there(void **state)
{
	(void)state;
	build_good_answer();
	build_count(&build, 1, UINT16_MAX);
	build_count(&build, 2, UINT16_MAX);
	build_count(&build, 3, UINT16_MAX);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_COUNT);
}

static void s6_a_count_too_low_leaves_bytes_behind(void **state)
{
	(void)state;
	build_good_answer();
	build_address(&build, "@12", 60, "192.0.2.2");
	build_count(&build, 1, 1);
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_TRAILING);
}

static void a_ttl_over_2_31_is_0(void **state)
{
	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_A);
	build_address(&build, "@12", 0x7fffffff, "192.0.2.1");
	assert_int_equal(walk(), 1);
	assert_int_equal(record.ttl_s, 0x7fffffff);
	assert_int_equal(msg.anomalies, 0);
	build_address(&build, "@12", 0x80000000, "192.0.2.1");
	assert_int_equal(walk(), 2);
	assert_int_equal(record.ttl_s, 0);
	assert_int_equal(msg.anomalies, ANOMALY_TTL_RANGE);
}

static void the_ttl_and_class_of_an_opt_are_none(void **state)
{
	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_A);
	build_opt(&build, 0xff);
	build.data[build.len - 8] = 0x10; /* the class: the payload size */
	assert_int_equal(walk(), 1);
	assert_int_equal(record.ttl_s, 0xff000000);
	assert_int_equal(msg.anomalies, 0);
}

static void another_class_is_said(void **state)
{
	(void)state;
	build_good_answer();
	build.data[build.len - 11] = 3; /* CHAOS */
	assert_int_equal(walk(), 1);
	assert_int_equal(record.class, 3);
	assert_int_equal(msg.anomalies, ANOMALY_CLASS);
}

static void questions_are_one(void **state)
{
	(void)state;
	build_start(&build, 0);
	assert_int_equal(walk(), 0);
	assert_int_equal(msg.anomalies, ANOMALY_QUESTION);
	assert_name(&msg.qname, ".");
	build_question(&build, "one.example", QTYPE_A);
	build_question(&build, "two.example", QTYPE_NS);
	build_address(&build, "@12", 60, "192.0.2.1");
	assert_int_equal(walk(), 1);
	assert_int_equal(msg.anomalies, ANOMALY_QUESTION);
	assert_name(&msg.qname, "one.example");
	assert_int_equal(msg.qtype, QTYPE_A);
}

static void a_message_that_ends_in_its_question_is_not_open(void **state)
{
	(void)state;
	build_reply(&build, 0, "example.com", QTYPE_A);
	assert_true(message_open(&msg, build.data, build.len));
	for (size_t len = 0; len < build.len; len++)
		assert_false(message_open(&msg, build.data, len));
	assert_false(message_open(&msg, NULL, 0));
}

static void the_longest_message_at_the_pointer_bound_is_read(void **state)
{
	unsigned records = 2;
	char owner[16];

	(void)state;
	snprintf(owner, sizeof(owner), "@%zu", build_pointers(126));
	for (; build.len + 12 <= sizeof(build.data); records++)
		build_record(&build, SECTION_ADDITIONAL, owner, QTYPE_A, 0);
	assert_int_equal(walk(), records);
	assert_name(&record.owner, "example.com");
	assert_int_equal(msg.anomalies, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_comes_with_its_section_in_order),
		cmocka_unit_test(a_name_in_rdata_is_read_where_it_stands),
		cmocka_unit_test(a_name_in_rdata_fills_it),
		cmocka_unit_test(s2_1_a_pointer_out_of_bounds_ends_the_walk),
		cmocka_unit_test(s2_1_a_pointer_forward_is_refused),
		cmocka_unit_test(s2_1_a_pointer_forward_from_where_a_pointer_led_is_refused),
		cmocka_unit_test(s2_1_a_pointer_into_the_header_is_refused),
		cmocka_unit_test(s2_2_a_pointer_to_itself_is_refused),
		cmocka_unit_test(s2_2_a_loop_of_pointers_is_refused),
		cmocka_unit_test(s2_2_a_loop_over_two_names_is_refused),
		cmocka_unit_test(s2_2_pointers_to_pointers_have_a_bound),
		cmocka_unit_test(s2_3_label_types_01_and_10_are_no_pointers),
		cmocka_unit_test(s3_a_name_has_255_octets_at_most),
		cmocka_unit_test(s4_a_name_without_its_end_is_refused),
		cmocka_unit_test(s4_a_nul_dot_or_blank_in_a_label_is_kept_and_said),
		cmocka_unit_test(s5_rdlength_beyond_the_message_ends_the_walk),
		cmocka_unit_test(s6_a_count_too_high_keeps_what_is_there),
		cmocka_unit_test(s6_a_count_too_low_leaves_bytes_behind),
		cmocka_unit_test(a_ttl_over_2_31_is_0),
		cmocka_unit_test(the_ttl_and_class_of_an_opt_are_none),
		cmocka_unit_test(another_class_is_said),
		cmocka_unit_test(questions_are_one),
		cmocka_unit_test(a_message_that_ends_in_its_question_is_not_open),
		cmocka_unit_test(the_longest_message_at_the_pointer_bound_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
