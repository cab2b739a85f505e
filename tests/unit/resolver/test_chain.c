/* SPDX-License-Identifier: MIT */
/* CNAME chains, whole and odd; c-ares' own parsers fail at most of them. */
#include "tests/unit/resolver/reading.h"

#include <stdio.h>
#include <string.h>

static void a_chain_keeps_each_ttl_to_its_own_record(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 5, "a!b.example"); /* c-ares refuses the whole reply */
	build_alias(&build, "A!B.example", 7, "edge.example");
	build_address(&build, "edge.EXAMPLE", 600, "192.0.2.1"); /* and says 5 here */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 2);
	assert_name(0, "a!b.example");
	assert_name(1, "edge.example");
	assert_int_equal(answer.address_count, 1);
	assert_ttl(600, 600);
	assert_int_equal(answer.anomalies, 0);
}

static void records_before_their_cname_are_found(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "edge.example", 60, "192.0.2.1");
	build_alias(&build, "cdn.example", 60, "edge.example");
	build_alias(&build, "@12", 60, "cdn.example");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_name(0, "cdn.example");
	assert_name(1, "edge.example");
	assert_address(0, "192.0.2.1");
	assert_int_equal(answer.anomalies, ANOMALY_ORDER);
}

static void cnames_out_of_order_are_followed(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "cdn.example", 60, "edge.example");
	build_alias(&build, "@12", 60, "cdn.example");
	build_address(&build, "edge.example", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_name(1, "edge.example");
	assert_int_equal(answer.anomalies, ANOMALY_ORDER);
}

static void one_record_before_its_cname_is_enough(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "edge.example", 60, "192.0.2.1");
	build_alias(&build, "@12", 60, "edge.example");
	build_address(&build, "edge.example", 60, "192.0.2.2");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, 2);
	assert_int_equal(answer.anomalies, ANOMALY_ORDER);
}

static void a_chain_for_nameservers_gives_nameservers_alone(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_NS);
	build_alias(&build, "@12", 60, "zone.example");
	build_ns(&build, "zone.example", 60, "ns.example");
	assert_int_equal(read_built(QTYPE_NS), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 1);
	assert_name(0, "ns.example");
}

static void a_loop_of_cnames_ends(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "b.example");
	build_alias(&build, "b.example", 60, "@12");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_int_equal(answer.name_count, 2);
	assert_int_equal(answer.anomalies, ANOMALY_CHAIN);
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "@12");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_NODATA);
	assert_int_equal(answer.name_count, 1);
	assert_int_equal(answer.anomalies, ANOMALY_CHAIN);
}

/* Puts CNAMEs from QNAME over 1.example to links.example, and an address there. */
static void build_chain(int links)
{
	char owner[32] = "@12";
	char target[32];

	build_reply(&build, 0, QNAME, QTYPE_A);
	for (int i = 1; i <= links; i++) {
		snprintf(target, sizeof(target), "%d.example", i);
		build_alias(&build, owner, 60, target);
		memcpy(owner, target, sizeof(owner));
	}
	build_address(&build, owner, 60, "192.0.2.1");
}

static void a_chain_has_64_links_at_most(void **state)
{
	(void)state;
	build_chain(64);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 64);
	assert_name(63, "64.example");
	assert_int_equal(answer.anomalies, 0);
	build_chain(65); /* its end is out of our sight: no NODATA of ours */
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.name_count, 64);
	assert_int_equal(answer.anomalies, ANOMALY_CHAIN | ANOMALY_FOREIGN);
}

static void of_two_cnames_at_a_name_the_first_counts(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "one.example");
	build_alias(&build, "@12", 60, "two.example");
	build_address(&build, "one.example", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.anomalies, ANOMALY_CHAIN);
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "one.example");
	build_alias(&build, "@12", 60, "ONE.example");
	build_address(&build, "one.example", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 1);
	assert_int_equal(answer.anomalies, ANOMALY_DUPLICATE);
}

static void a_broken_cname_is_no_nodata(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "one.example");
	build_u8(&build, 0);
	assert_int_equal(read_built(QTYPE_A), OUTCOME_MALFORMED);
	assert_int_equal(answer.anomalies, ANOMALY_RDATA);
}

static void foreign_records_are_said_and_ignored(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "bank.example", 60, "198.51.100.1");
	build_address(&build, "@12", 60, "192.0.2.1");
	build_address(&build, "@12", 60, "2001:db8::1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.address_count, 1);
	assert_address(0, "192.0.2.1");
	assert_int_equal(answer.anomalies, ANOMALY_FOREIGN);
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "other.example", 60, "edge.example");
	build_address(&build, "@12", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.name_count, 0);
	assert_int_equal(answer.anomalies, ANOMALY_FOREIGN);
}

static void a_nul_in_a_name_does_not_make_it_another(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "bank.com\\000.evil.net");
	build_address(&build, "bank.com", 60, "198.51.100.1");
	build_address(&build, "bank.com\\000.evil.net", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_name(0, "bank.com\\000.evil.net");
	assert_int_equal(answer.address_count, 1);
	assert_address(0, "192.0.2.1");
	assert_int_equal(answer.anomalies, ANOMALY_NAME_CHARACTER | ANOMALY_FOREIGN);
}

static void dname_and_signatures_are_not_foreign(void **state)
{
	(void)state;
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_record(&build, SECTION_ANSWER, "example.com", TYPE_DNAME, 60);
	build_name(&build, "example.net");
	build_alias(&build, "@12", 60, "www.example.net");
	build_record(&build, SECTION_ANSWER, "@12", TYPE_RRSIG, 60);
	build_address(&build, "www.example.net", 60, "192.0.2.1");
	assert_int_equal(read_built(QTYPE_A), OUTCOME_ANSWERED);
	assert_int_equal(answer.anomalies, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_keeps_each_ttl_to_its_own_record),
		cmocka_unit_test(records_before_their_cname_are_found),
		cmocka_unit_test(cnames_out_of_order_are_followed),
		cmocka_unit_test(one_record_before_its_cname_is_enough),
		cmocka_unit_test(a_chain_for_nameservers_gives_nameservers_alone),
		cmocka_unit_test(a_loop_of_cnames_ends),
		cmocka_unit_test(a_chain_has_64_links_at_most),
		cmocka_unit_test(of_two_cnames_at_a_name_the_first_counts),
		cmocka_unit_test(a_broken_cname_is_no_nodata),
		cmocka_unit_test(foreign_records_are_said_and_ignored),
		cmocka_unit_test(a_nul_in_a_name_does_not_make_it_another),
		cmocka_unit_test(dname_and_signatures_are_not_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
