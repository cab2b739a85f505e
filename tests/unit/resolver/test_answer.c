/* SPDX-License-Identifier: MIT */
/* What is read out of replies that keep to the RFCs, and the words for it. */
#include "tests/unit/resolver/reading.h"

#include <string.h>

static void addresses_come_in_the_order_of_the_message(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 300, "192.0.2.9");
	build_address(&build, "@12", 300, "192.0.2.1");
	build_opt(&build, 0);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, 2);
	assert_address(0, "192.0.2.9");
	assert_address(1, "192.0.2.1");
	assert_int_equal(answer.name_count, 0);
	assert_ttl(300, 300);
	assert_int_equal(answer.anomalies, 0);
	assert_int_equal(answer.flags, 0x8180);
	assert_false(answer.has_soa);
}

static void ipv6_addresses_are_read(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_AAAA);
	build_address(&build, "@12", 300, "2001:db8::1");
	assert_int_equal(read_built(QTYPE_AAAA), OUTCOME_ANSWERED);
	assert_address(0, "2001:db8::1");
	assert_int_equal(answer.anomalies, 0);
}

static void nameservers_are_names(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_NS);
	build_ns(&build, "@12", 60, "NS1.@16");
	build_ns(&build, "@12", 60, "ns2.other.example");
	assert_int_equal(read_built(QTYPE_NS), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 2);
	assert_name(0, "NS1.example.com");
	assert_name(1, "ns2.other.example");
	assert_int_equal(answer.anomalies, 0);
}

static void a_soa_is_primary_mailbox_serial_and_retry(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_SOA);
	build_soa(&build, SECTION_ANSWER, "@12", 3600, 60);
	assert_int_equal(read_built(QTYPE_SOA), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 2);
	assert_name(0, "ns." QNAME);
	assert_name(1, "hostmaster." QNAME);
	assert_true(answer.has_soa);
	assert_int_equal(answer.soa_serial, 2008040801);
	assert_int_equal(answer.soa_retry_s, 900);
	assert_ttl(3600, 3600);
	assert_int_equal(answer.anomalies, 0);
}

static void a_second_soa_is_said_and_not_taken(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_SOA);
	build_soa(&build, SECTION_ANSWER, "@12", 3600, 60);
	build_soa(&build, SECTION_ANSWER, "@12", 3600, 60);
	assert_int_equal(read_built(QTYPE_SOA), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 2);
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE);
}

static void an_alias_that_was_asked_for_is_not_followed(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_CNAME);
	build_alias(&build, "@12", 60, "target.example");
	assert_int_equal(read_built(QTYPE_CNAME), OUTCOME_ANSWERED);
	assert_name(0, "target.example");
	assert_int_equal(answer.anomalies, 0);
}

static void a_type_we_know_nothing_of_is_answered(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, 65);
	build_record(&build, SECTION_ANSWER, "@12", 65, 60);
	build_bytes(&build, "\0\1\0", 3);
	assert_int_equal(read_built(65), OUTCOME_ANSWERED);
	assert_ttl(60, 60);
}

static void ttls_that_differ_give_the_range(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_address(&build, "@12", 5, "192.0.2.2");
	build_address(&build, "@12", 600, "192.0.2.3");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_ttl(5, 600);
	assert_int_equal(answer.anomalies, ANOMALY_TTL_DIFFERS);
}

static void a_ttl_of_all_ones_is_0(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", UINT32_MAX, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_ttl(0, 0);
	assert_int_equal(answer.anomalies, ANOMALY_TTL_RANGE);
}

static void a_negative_ttl_is_the_lesser_of_ttl_and_minimum(void **state)
{
	(void)state;
	build_reply(&build, NXDOMAIN, QNAME, QTYPE_A);
	build_soa(&build, SECTION_AUTHORITY, "example.com", 900, 60);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NXDOMAIN);
	assert_ttl(60, 60);
	assert_true(answer.has_soa);
	assert_int_equal(answer.soa_serial, 2008040801);
	assert_int_equal(answer.name_count, 0);
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_soa(&build, SECTION_AUTHORITY, "example.com", 30, 60);
	build_soa(&build, SECTION_AUTHORITY, "example.com", 5, 5); /* one too many */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_ttl(30, 30);
}

static void a_soa_beside_an_answer_is_no_ttl(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 600, "192.0.2.1");
	build_soa(&build, SECTION_AUTHORITY, "com", 5, 5);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_ttl(600, 600);
	assert_true(answer.has_soa);
}

static void a_soa_of_another_zone_is_not_believed(void **state)
{
	(void)state;
	build_reply(&build, NXDOMAIN, QNAME, QTYPE_A);
	build_soa(&build, SECTION_AUTHORITY, "example.net", 900, 60);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NXDOMAIN);
	assert_false(answer.has_soa);
	assert_false(answer.has_ttl);
}

static void nxdomain_at_the_end_of_a_chain_is_nxdomain(void **state)
{
	(void)state;
	build_reply(&build, NXDOMAIN, QNAME, QTYPE_A);
	build_alias(&build, "@12", 300, "gone.example.net");
	build_soa(&build, SECTION_AUTHORITY, "example.net", 900, 60);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NXDOMAIN);
	assert_name(0, "gone.example.net");
	assert_ttl(60, 60);
	assert_int_equal(answer.anomalies, 0);
}

static void an_empty_answer_is_nodata_referrals_too(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_false(answer.has_ttl);
	build_record(&build, SECTION_AUTHORITY, "com", QTYPE_NS, 172800);
	build_name(&build, "a.gtld-servers.net");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_int_equal(answer.name_count, 0);
	assert_int_equal(answer.anomalies, 0);
}

static void each_rcode_has_its_outcome(void **state)
{
	static const struct {
		uint16_t rcode;
		enum outcome outcome;
		bool without_question; /* is the outcome the same then? */
	} rcodes[] = {
		{FORMERR, OUTCOME_OTHER_RCODE, true}, {SERVFAIL, OUTCOME_SERVFAIL, true},
		{NXDOMAIN, OUTCOME_NXDOMAIN, false},  {NOTIMP, OUTCOME_OTHER_RCODE, true},
		{REFUSED, OUTCOME_REFUSED, true},     {0, OUTCOME_NODATA, false},
		{9, OUTCOME_OTHER_RCODE, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++) {
		enum outcome bare =
			rcodes[i].without_question ? rcodes[i].outcome : OUTCOME_MALFORMED;

		build_reply(&build, rcodes[i].rcode, QNAME, QTYPE_A);
		assert_int_equal(read_built(QTYPE_A), rcodes[i].outcome);
		assert_int_equal(answer.rcode, rcodes[i].rcode);
		assert_int_equal(answer.anomalies, 0);
		build_start(&build, rcodes[i].rcode);
		assert_int_equal(read_built(QTYPE_A), bare);
		assert_int_equal(answer.anomalies, ANOMALY_QUESTION);
	}
}

static void the_rcode_has_eight_more_bits_in_the_opt(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_opt(&build, 1); /* BADVERS, 16 */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_OTHER_RCODE);
	assert_int_equal(answer.rcode, 16);
}

static void addresses_beside_a_failure_are_not_taken(void **state)
{
	static const uint16_t rcodes[] = {SERVFAIL, NXDOMAIN, REFUSED};

	(void)state;
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++) {
		build_reply(&build, rcodes[i], QNAME, QTYPE_A);
		build_address(&build, "@12", 60, "192.0.2.1");
		assert_int_not_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
		assert_int_equal(answer.address_count, 0);
		assert_false(answer.has_ttl);
		assert_int_equal(answer.anomalies, ANOMALY_FOREIGN);
	}
}

static void truncated_with_an_answer_is_answered(void **state)
{
	(void)state;
	build_reply(&build, FLAG_TC, QNAME, QTYPE_A);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_TRUNCATED);
	build_alias(&build, "@12", 60, "edge.example");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_TRUNCATED);
	build_address(&build, "edge.example", 60, "192.0.2.1");
	build_count(&build, 1, 9);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.anomalies, ANOMALY_TRUNCATED | ANOMALY_COUNT);
}

static void a_lookup_that_timed_out_has_no_message(void **state)
{
	const struct lookup lookup = {.qname = (const uint8_t *)"", .timed_out = true};

	(void)state;
	memset(&answer, 0xa5, sizeof(answer));
	answer_read(&lookup, &answer);
	assert_int_equal(answer.outcome, OUTCOME_TIMEOUT);
	assert_int_equal(answer.address_count + answer.name_count, 0);
	assert_int_equal(answer.anomalies, 0);
	assert_false(answer.has_ttl || answer.has_soa);
}

static void outcomes_and_types_have_names(void **state)
{
	(void)state;
	assert_string_equal(outcome_name(OUTCOME_ANSWERED), "answered");
	assert_string_equal(outcome_name(OUTCOME_OTHER_RCODE), "other_rcode");
	assert_string_equal(outcome_name(OUTCOME_TIMEOUT), "timeout");
	assert_string_equal(qtype_name(QTYPE_AAAA), "AAAA");
	assert_string_equal(qtype_name(65), "TYPE65");
	assert_string_equal(qtype_name(UINT16_MAX), "TYPE65535");
}

static void only_the_owner_speaks_definitely(void **state)
{
	(void)state;
	for (int i = OUTCOME_ANSWERED; i <= OUTCOME_TIMEOUT; i++) {
		bool expected =
			i == OUTCOME_ANSWERED || i == OUTCOME_NODATA || i == OUTCOME_NXDOMAIN;

		assert_int_equal(outcome_is_definite((enum outcome)i), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_come_in_the_order_of_the_message),
		cmocka_unit_test(ipv6_addresses_are_read),
		cmocka_unit_test(nameservers_are_names),
		cmocka_unit_test(a_soa_is_primary_mailbox_serial_and_retry),
		cmocka_unit_test(a_second_soa_is_said_and_not_taken),
		cmocka_unit_test(an_alias_that_was_asked_for_is_not_followed),
		cmocka_unit_test(a_type_we_know_nothing_of_is_answered),
		cmocka_unit_test(ttls_that_differ_give_the_range),
		cmocka_unit_test(a_ttl_of_all_ones_is_0),
		cmocka_unit_test(a_negative_ttl_is_the_lesser_of_ttl_and_minimum),
		cmocka_unit_test(a_soa_beside_an_answer_is_no_ttl),
		cmocka_unit_test(a_soa_of_another_zone_is_not_believed),
		cmocka_unit_test(nxdomain_at_the_end_of_a_chain_is_nxdomain),
		cmocka_unit_test(an_empty_answer_is_nodata_referrals_too),
		cmocka_unit_test(each_rcode_has_its_outcome),
		cmocka_unit_test(the_rcode_has_eight_more_bits_in_the_opt),
		cmocka_unit_test(addresses_beside_a_failure_are_not_taken),
		cmocka_unit_test(truncated_with_an_answer_is_answered),
		cmocka_unit_test(a_lookup_that_timed_out_has_no_message),
		cmocka_unit_test(outcomes_and_types_have_names),
		cmocka_unit_test(only_the_owner_speaks_definitely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
