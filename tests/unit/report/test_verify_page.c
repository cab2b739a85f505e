/* SPDX-License-Identifier: MIT */
/* verify: the pages that a dossier cites, against their records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "dossier_case.h"
#include "report/verify.h"

#define HELLO_SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

/* What is true of the page in the second segment, and what the record does not tell. */
static json_t *make_page(const json_t *dossier)
{
	json_t *second_cited = json_array_get(json_object_get(dossier, "segments"), 1);

	return json_pack(
		"{s:[ss], s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:i, s:i, s:i}",
		"signatures", "storm-codec", "ecard", "outcome", "cut", "status", 200, "octets",
		5, "body_sha256", HELLO_SHA256, "server_header", "a\\009b\\\\\\255", "last_at",
		"2008-04-08T12:00:01Z", "address", "192.0.2.1", "url", "http://flux.example/",
		"segment", SECOND, "sha256", json_object_get(second_cited, "sha256"), "record",
		3, "nodes", 1, "networks", 1);
}

static json_t *make_with_page(void)
{
	json_t *dossier = make_dossier();

	json_object_set_new(dossier, "pages", json_pack("[o]", make_page(dossier)));
	return dossier;
}

static void a_true_page_holds(void **state)
{
	(void)state;
	assert_int_equal(differences(make_with_page()), 0);
	assert_string_equal(said, "");
	assert_int_equal(verify.pages.all, 1);
	assert_int_equal(verify.pages.good, 1);
	assert_int_equal(verify.lookups.good, 3);
}

static void refutes(const char *key, json_t *value, const char *expected)
{
	json_t *dossier = make_with_page();

	json_object_set_new(first_of(dossier, "pages"), key, value);
	assert_true(differences(dossier) > 0);
	assert_int_equal(verify.pages.good, 0);
	if (strstr(said, expected) == NULL)
		fail_msg("%s: %s", key, said);
}

static void what_the_dossier_says_is_compared(void **state)
{
	(void)state;
	refutes("signatures", json_pack("[s]", "ecard"), SECOND ", record 3, octet ");
	refutes("signatures", json_array(), "signatures is [\"storm-codec\",\"ecard\"]");
	refutes("outcome", json_string("answered"), "outcome is \"cut\"");
	refutes("status", json_integer(404), "status is 200");
	refutes("status", json_null(), "status is 200");
	refutes("octets", json_integer(6), "octets is 5");
	refutes("body_sha256", json_string("00"), "body_sha256 is \"2cf24dba");
	refutes("server_header", json_string("c"), "server_header is ");
	refutes("last_at", json_string("2008-04-08T12:00:02Z"), "last_at is ");
	refutes("address", json_string("192.0.2.2"), "address is \"192.0.2.1\"");
	refutes("url", json_string("http://a.example/"), "url is ");
	refutes("record", json_integer(2), "1 records that the dossier cites are no such");
	refutes("segment", json_string(FIRST), "pages 0: its segment is not among those cited");
}

static void a_page_of_another_name_is_found(void **state)
{
	json_t *dossier = make_with_page();

	(void)state;
	json_object_set_new(dossier, "domain", json_string("other.example"));
	assert_true(differences(dossier) > 0);
	assert_non_null(strstr(said, "record 3, octet "));
	assert_non_null(strstr(said, "it is a page of another name"));
}

/* A dossier of before there were pages has none; one that lacks a member is none. */
static void what_is_no_page_is_refused(void **state)
{
	static const char *const keys[] = {"signatures",  "outcome",       "status",  "octets",
					   "body_sha256", "server_header", "last_at", "address",
					   "url",         "segment",       "sha256",  "record"};
	json_t *dossier;

	(void)state;
	assert_int_equal(differences(make_dossier()), 0);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		dossier = make_with_page();
		json_object_del(first_of(dossier, "pages"), keys[i]);
		is_refused(dossier, keys[i]);
	}
	dossier = make_dossier();
	json_object_set_new(dossier, "pages", json_object());
	is_refused(dossier, "no list of pages");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_true_page_holds),
		cmocka_unit_test(what_the_dossier_says_is_compared),
		cmocka_unit_test(a_page_of_another_name_is_found),
		cmocka_unit_test(what_is_no_page_is_refused),
	};

	return cmocka_run_group_tests(tests, make_archive, remove_archive);
}
