/* SPDX-License-Identifier: MIT */
/* What is read out of the answers that tell of addresses: texts of TXT, targets of PTR. */
#include "tests/unit/resolver/reading.h"

#include <string.h>

static void put_string(const char *string, size_t len)
{
	build_u8(&build, (uint8_t)len);
	build_bytes(&build, string, len);
}

static void put_text(const char *string)
{
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
	put_string(string, strlen(string));
}

static void assert_text(size_t which, const char *expected)
{
	assert_true(which < answer.text_count);
	assert_int_equal(answer.texts[which].len, strlen(expected));
	assert_memory_equal(answer.texts[which].octets, expected, strlen(expected));
}

static void texts_come_in_the_order_of_the_message(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	put_text("23028 | 216.90.108.0/24 | US | arin | 1998-09-25");
	put_text("a");
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, 2);
	assert_text(0, "23028 | 216.90.108.0/24 | US | arin | 1998-09-25");
	assert_text(1, "a");
	assert_int_equal(answer.name_count, 0);
	assert_ttl(60, 60);
	assert_int_equal(answer.anomalies, 0);
}

static void strings_of_a_record_are_joined(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	put_text("23028 | 216.90");
	put_string("", 0);
	put_string(".108.0/24\0\xff", 11);
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, 1);
	assert_int_equal(answer.texts[0].len, 14 + 11);
	assert_memory_equal(answer.texts[0].octets, "23028 | 216.90.108.0/24\0\xff", 25);
	assert_int_equal(answer.anomalies, 0);
}

static void an_empty_string_is_a_text(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	put_text("");
	put_text("a");
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, 2);
	assert_text(0, "");
	assert_text(1, "a");
	assert_int_equal(answer.anomalies, 0);
}

static void a_text_over_255_octets_is_cut_and_said(void **state)
{
	char long_string[255];

	(void)state;
	memset(long_string, 'x', sizeof(long_string));
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	put_text("0123456789");
	put_string(long_string, 245);
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.texts[0].len, 255);
	assert_int_equal(answer.anomalies, 0);
	put_string("y", 1);
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.texts[0].len, 255);
	assert_int_equal(answer.anomalies, ANOMALY_CAP);
	for (int i = 0; i < 200; i++)
		put_string(long_string, 255);
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.texts[0].len, 255);
	assert_memory_equal(answer.texts[0].octets, "0123456789x", 11);
	assert_int_equal(answer.anomalies, ANOMALY_CAP);
}

static void more_texts_than_the_cap_are_said_and_the_same_one_is_kept_once(void **state)
{
	char text[] = "a";

	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	for (; text[0] < 'a' + ANSWER_TEXTS_MAX; text[0]++)
		put_text(text);
	put_text("a");
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, ANSWER_TEXTS_MAX);
	assert_text(ANSWER_TEXTS_MAX - 1, "h");
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE);
	put_text("i");
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, ANSWER_TEXTS_MAX);
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE | ANOMALY_CAP);
}

static void a_record_without_any_string_is_broken(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_MALFORMED);
	assert_int_equal(answer.text_count, 0);
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
}

static void a_string_over_the_end_of_its_record_is_broken(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	put_text("whole");
	build_u8(&build, 6); /* and five octets, then the next record */
	build_bytes(&build, "short", 5);
	put_text("next");
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, 1);
	assert_text(0, "next");
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
}

static void other_types_are_no_texts(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_ns(&build, "@12", 60, "ns.example");
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_NODATA);
	assert_int_equal(answer.text_count, 0);
	assert_int_equal(answer.name_count, 0);
	assert_int_equal(answer.anomalies, ANOMALY_FOREIGN);
	build_reply(&build, 0, QNAME, QTYPE_A);
	put_text("192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_int_equal(answer.text_count, 0);
}

static void a_text_behind_an_alias_is_read(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	build_alias(&build, "@12", 60, "other.example");
	build_record(&build, SECTION_ANSWER, "other.example", QTYPE_TXT, 60);
	put_string("text", 4);
	assert_int_equal(read_built(QTYPE_TXT), OUTCOME_ANSWERED);
	assert_int_equal(answer.text_count, 1);
	assert_int_equal(answer.name_count, 0);
	assert_int_equal(answer.anomalies, 0);
}

static void put_pointer(const char *owner, const char *target)
{
	build_record(&build, SECTION_ANSWER, owner, QTYPE_PTR, 300);
	build_name(&build, target);
}

static void pointers_are_names(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_PTR);
	put_pointer("@12", "dsl-1.example.net");
	put_pointer("@12", "Mail.@16");
	assert_int_equal(read_built(QTYPE_PTR), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 2);
	assert_name(0, "dsl-1.example.net");
	assert_name(1, "Mail.example.com");
	assert_int_equal(answer.text_count, 0);
	assert_ttl(300, 300);
	assert_int_equal(answer.anomalies, 0);
}

/* RFC 2317: delegations smaller than a /24 are made of aliases. */
static void a_pointer_behind_an_alias_is_the_only_name(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_PTR);
	build_alias(&build, "@12", 60, "1.0-25.2.0.192.in-addr.arpa");
	put_pointer("1.0-25.2.0.192.in-addr.arpa", "host.example.net");
	assert_int_equal(read_built(QTYPE_PTR), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 1);
	assert_name(0, "host.example.net");
	assert_int_equal(answer.anomalies, 0);
}

static void a_pointer_that_is_more_than_a_name_is_broken(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_PTR);
	put_pointer("@12", "host.example.net");
	build_u8(&build, 0);
	assert_int_equal(read_built(QTYPE_PTR), OUTCOME_MALFORMED);
	assert_int_equal(answer.name_count, 0);
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_come_in_the_order_of_the_message),
		cmocka_unit_test(strings_of_a_record_are_joined),
		cmocka_unit_test(an_empty_string_is_a_text),
		cmocka_unit_test(a_text_over_255_octets_is_cut_and_said),
		cmocka_unit_test(
			more_texts_than_the_cap_are_said_and_the_same_one_is_kept_once),
		cmocka_unit_test(a_record_without_any_string_is_broken),
		cmocka_unit_test(a_string_over_the_end_of_its_record_is_broken),
		cmocka_unit_test(other_types_are_no_texts),
		cmocka_unit_test(a_text_behind_an_alias_is_read),
		cmocka_unit_test(pointers_are_names),
		cmocka_unit_test(a_pointer_behind_an_alias_is_the_only_name),
		cmocka_unit_test(a_pointer_that_is_more_than_a_name_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
