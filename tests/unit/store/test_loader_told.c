/* SPDX-License-Identifier: MIT */
/* What is told of addresses becomes rows, whatever octets it is made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "index_home.h"
#include "store/loader.h"
#include "tests/unit/resolver/build.h"

#define NOON_US INT64_C(1207656000000000) /* 2008-04-08T12:00:00Z */

static struct build build;

/* Loads a segment that asks qname as a target of role address and got build for an answer. */
static void load(const char *qname, uint16_t qtype)
{
	struct loader_totals totals = {0};
	struct error err = {0};
	struct name name;
	struct segment_target target = {.name = name.wire, .role = TARGET_ADDRESS, .tags = ""};
	struct lookup lookup = {
		.qname = name.wire,
		.qtype = qtype,
		.server = {.ip = {.family = 4, .bytes = {127, 0, 0, 1}}, .port = 53},
		.asked_wall_us = NOON_US,
		.msg = build.data,
		.msg_len = build.len,
	};
	struct buf out;

	assert_int_equal(name_from_text(&name, qname, &err), FT_OK);
	segment_begin(&out, 1);
	segment_put_target(&out, &target);
	segment_put_lookup(&out, &lookup);
	segment_write(&out, 1, 4);
	if (loader_load_spool(&index_db, index_home, &totals, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_int_equal(totals.rows, 1);
}

static void texts_are_escaped(void **state)
{
	static const char qname[] = "1.2.0.192.origin.asn.cymru.com";

	(void)state;
	build_reply(&build, 0, qname, QTYPE_TXT);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
	build_bytes(&build,
		    "\x09"
		    "1 | \0\xff\\\"}",
		    10);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
	build_bytes(&build, "\0", 1);
	load(qname, QTYPE_TXT);
	assert_string_equal(index_value(&index_db, "select outcome from observation"),
			    "answered");
	assert_string_equal(
		index_value(&index_db, "select cardinality(names) from observation"), "2");
	assert_string_equal(index_value(&index_db, "select names[1] from observation"),
			    "1 | \\000\\255\\\\\"}");
	assert_string_equal(index_value(&index_db, "select names[2] from observation"), "");
	assert_string_equal(index_value(&index_db, "select role from domain"), "address");
}

static void the_longest_text_fits(void **state)
{
	static const char qname[] = "1.2.0.192.origin.asn.cymru.com";
	uint8_t octets[256];

	(void)state;
	memset(octets, 0xff, sizeof(octets));
	build_reply(&build, 0, qname, QTYPE_TXT);
	for (uint8_t i = 0; i < ANSWER_TEXTS_MAX; i++) {
		octets[1] = i;
		build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
		build_bytes(&build, octets, sizeof(octets));
	}
	load(qname, QTYPE_TXT);
	assert_string_equal(index_value(&index_db, "select cardinality(names) || ' ' || "
						   "length(names[8]) from observation"),
			    "8 1020");
}

static void pointers_are_lower_case_names(void **state)
{
	static const char qname[] = "1.2.0.192.in-addr.arpa";

	(void)state;
	build_reply(&build, 0, qname, QTYPE_PTR);
	build_alias(&build, "@12", 60, "1.0-25.2.0.192.in-addr.arpa");
	build_record(&build, SECTION_ANSWER, "1.0-25.2.0.192.in-addr.arpa", QTYPE_PTR, 60);
	build_name(&build, "DSL-1.example\\000.net");
	load(qname, QTYPE_PTR);
	assert_string_equal(index_value(&index_db, "select names from observation"),
			    "{\"dsl-1.example\\\\000.net\"}");
	assert_string_equal(index_value(&index_db, "select role from domain"), "address");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(texts_are_escaped, index_reset_test),
		cmocka_unit_test_setup(the_longest_text_fits, index_reset_test),
		cmocka_unit_test_setup(pointers_are_lower_case_names, index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
