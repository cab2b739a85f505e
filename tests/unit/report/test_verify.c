/* SPDX-License-Identifier: MIT */
/*
 * verify: a true dossier holds; every change of an octet in a segment, or of what the dossier
 * says of one, is found, and said with the place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier_case.h"
#include "report/verify.h"

static void a_true_dossier_holds(void **state)
{
	(void)state;
	assert_int_equal(differences(make_dossier()), 0);
	assert_string_equal(said, "");
	assert_int_equal(verify.segments.good, 2);
	assert_int_equal(verify.links.good, 3);
	assert_int_equal(verify.lookups.good, 3);
	assert_int_equal(verify.messages.good, 1);
}

/* Verify must name the record that holds the octet at offset of the first segment. */
static void says_where(size_t offset)
{
	char where[64];
	size_t record = 2;

	while (record > 0 && offset < first.record_at[record])
		record--;
	if (offset < SEGMENT_MAGIC_LEN)
		snprintf(where, sizeof(where), FIRST " is no segment");
	else
		snprintf(where, sizeof(where), "at record %zu, octet %zu", record,
			 first.record_at[record]);
	assert_non_null(strstr(said, FIRST));
	assert_non_null(strstr(said, where));
}

static void every_changed_octet_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < first.bytes.len; i++) {
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			first.bytes.data[i] ^= (uint8_t)bit;
			put_stored(&first);
			first.bytes.data[i] ^= (uint8_t)bit;
			assert_true(differences(make_dossier()) > 0);
			says_where(i);
		}
	}
	put_stored(&first);
}

static void a_cut_file_is_found(void **state)
{
	(void)state;
	for (size_t len = 0; len < first.bytes.len; len++) {
		put_file(FIRST, first.bytes.data, len);
		assert_true(differences(make_dossier()) > 0);
	}
	put_stored(&first);
}

static void another_file_is_found(void **state)
{
	char path[PATH_MAX];

	(void)state;
	put_file(FIRST, second.bytes.data, second.bytes.len);
	assert_true(differences(make_dossier()) > 0);
	assert_non_null(strstr(said, FIRST ": sha256 is"));
	path_of(path, FIRST);
	unlink(path);
	assert_true(differences(make_dossier()) > 0);
	assert_non_null(strstr(said, "segment " FIRST " is not in"));
	put_stored(&first);
}

/* What is there but is no file is not waited for. */
static void a_fifo_is_no_segment(void **state)
{
	char path[PATH_MAX];

	(void)state;
	path_of(path, FIRST);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(20); /* s; a reader that waits for a writer would do so for ever */
	assert_true(differences(make_dossier()) > 0);
	alarm(0);
	assert_non_null(strstr(said, FIRST " is no regular file"));
	put_stored(&first);
}

/* With that member the dossier must not hold, and verify say what. */
static void refutes(const char *list, const char *key, json_t *value, const char *expected)
{
	json_t *dossier = make_dossier();

	json_object_set_new(first_of(dossier, list), key, value);
	assert_true(differences(dossier) > 0);
	if (strstr(said, expected) == NULL)
		fail_msg("%s of %s: %s", key, list, said);
}

static void what_the_dossier_says_is_compared(void **state)
{
	const char *place = FIRST ", record 1, octet ";
	json_t *none =
		json_string("0000000000000000000000000000000000000000000000000000000000000000");

	(void)state;
	refutes("observations", "observed_at", json_string("2008-04-08T12:00:01Z"), place);
	refutes("observations", "type", json_string("AAAA"), "type is \"A\"");
	refutes("observations", "outcome", json_string("nodata"), "outcome is \"answered\"");
	refutes("observations", "ttl", json_integer(6), "ttl is 5, the dossier says 6");
	refutes("observations", "ttl", json_null(), "ttl is 5");
	refutes("observations", "addresses", json_pack("[s]", "192.0.2.1"), "addresses is");
	refutes("observations", "addresses", json_pack("[ss]", "192.0.2.2", "192.0.2.1"),
		"addresses is");
	refutes("observations", "names", json_array(), "names is null");
	refutes("observations", "anomalies", json_array(), "anomalies is [\"trailing\"]");
	refutes("chosen", "anomalies", json_pack("[s]", "cap"), "anomalies is");
	refutes("observations", "server", json_string("127.0.0.2"), "server is");
	refutes("observations", "port", json_integer(54), "port is 53");
	refutes("observations", "vantage", json_string("graz"), "vantage is \"vienna\"");
	refutes("observations", "source", json_string("x"), "source is null");
	refutes("observations", "source_line", json_integer(1), "source_line is null");
	refutes("observations", "record", json_integer(0), "are no such in it");
	refutes("observations", "record", json_integer(2), "are no such in it");
	refutes("observations", "segment", json_string(SECOND), "not among those cited");
	refutes("observations", "sha256", none, "observations 0: its segment is not");
	refutes("chosen", "ttl", json_integer(6), "ttl is 5");
	refutes("chosen", "made_up_from", json_string("line 1 of x"), "made_up_from is null");
	refutes("chosen", "message", json_object(), "hex is");
	refutes("segments", "sequence", json_integer(2), "sequence is 1");
	refutes("segments", "records", json_integer(2), "records is 1");
	refutes("segments", "vantage", json_string("graz"), "vantage is");
	refutes("segments", "created_at", json_string("2008-04-08T12:00:01Z"), "created_at is");
	refutes("sources", "source", json_string("x"), "does not cite its source");
	refutes("chain", "omitted", json_integer(1), "no place where");
	refutes("chain", "collector", json_string("c"), "collector is");
}

/* The same of what lies deeper. */
static void messages_hashes_and_links_are_compared(void **state)
{
	json_t *dossier = make_dossier();
	json_t *message = json_object_get(first_of(dossier, "chosen"), "message");
	json_t *links;

	(void)state;
	json_object_set_new(json_object_get(message, "decoded"), "id", json_integer(1));
	assert_int_equal(differences(dossier), 1);
	assert_non_null(strstr(said, FIRST ", record 1"));
	assert_non_null(strstr(said, "decoded is"));
	dossier = make_dossier();
	message = json_object_get(first_of(dossier, "chosen"), "message");
	json_object_set_new(message, "hex", json_string("00"));
	assert_int_equal(differences(dossier), 1);
	dossier = make_dossier();
	json_object_set_new(dossier, "domain", json_string("other.example"));
	assert_int_equal(differences(dossier), 3);
	assert_non_null(strstr(said, "a lookup of another name"));
	/* a link left out, and one that is not the one before */
	dossier = make_dossier();
	links = json_object_get(first_of(dossier, "chain"), "links");
	json_object_set_new(json_array_get(links, 0), "sequence", json_integer(0));
	assert_true(differences(dossier) > 0);
	assert_non_null(strstr(said, "and follows number 0"));
	dossier = make_dossier();
	links = json_object_get(first_of(dossier, "chain"), "links");
	json_object_set_new(json_array_get(links, 0), "sha256", json_string("00"));
	assert_true(differences(dossier) > 0);
	assert_non_null(strstr(said, SECOND " names another hash"));
}

/* A name that leads elsewhere opens nothing, not even what is there. */
static void a_name_cannot_lead_out_of_the_archive(void **state)
{
	static const char *const names[] = {
		"../" FIRST,
		"2008-04-08/" FIRST,
		"/etc/passwd",
		"..",
		"",
		".seg",
		".x.seg",
		FIRST "/",
		"a\nb.seg",
		"%s.seg",
		"20080408T120000Z-000000001",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refutes("segments", "segment", json_string(names[i]),
			"is no name of a segment");
	refutes("segments", "uuid", json_string("../../../../../../../../../../../etc"),
		"its uuid is none");
}

/* What stands in a chain is looked at as closely. */
static void a_link_has_its_members(void **state)
{
	static const char *const keys[] = {"sequence", "segment", "uuid", "sha256"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *dossier = make_dossier();
		json_t *chain = first_of(dossier, "chain");
		json_t *link = i % 2 == 0 ? json_array_get(json_object_get(chain, "links"), 1)
					  : json_object_get(chain, "head");
		char *text;

		json_object_del(link, keys[i / 2]);
		text = json_dumps(dossier, 0);
		assert_int_equal(verify_text(text, &err), FT_FAIL);
		free(text);
		json_decref(dossier);
	}
}

static void what_is_no_dossier_is_refused(void **state)
{
	static const char *const members[] = {"domain",   "observations", "chosen",
					      "segments", "chain",        "sources"};
	struct error err;

	(void)state;
	assert_int_equal(verify_text(" ", &err), FT_FAIL);
	assert_int_equal(verify_text("{\"domain\": \"a\"", &err), FT_FAIL);
	assert_non_null(strstr(err.text, "no JSON: line 1"));
	assert_int_equal(verify_text("[]", &err), FT_FAIL);
	assert_int_equal(verify_text("{\"domain\": 1}", &err), FT_FAIL);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_t *dossier = make_dossier();
		char *text;

		json_object_del(dossier, members[i]);
		text = json_dumps(dossier, 0);
		assert_int_equal(verify_text(text, &err), FT_FAIL);
		free(text);
		json_object_set_new(dossier, members[i], json_pack("[i]", 1));
		text = json_dumps(dossier, 0);
		assert_int_equal(verify_text(text, &err), FT_FAIL);
		assert_non_null(strstr(err.text, "no dossier"));
		free(text);
		json_decref(dossier);
	}
}

/* Each member that is looked at, missing or of another type. */
static void every_member_has_to_be_there(void **state)
{
	static const char *const lists[] = {"observations", "chosen", "segments", "chain",
					    "sources"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_t *whole = make_dossier();
		const char *key;
		json_t *value;

		json_object_foreach(first_of(whole, lists[i]), key, value)
		{
			json_t *dossier = json_deep_copy(whole);
			char *text;

			json_object_del(first_of(dossier, lists[i]), key);
			text = json_dumps(dossier, 0);
			if (strcmp(key, "made_up_from") == 0)
				assert_int_equal(verify_text(text, &err), FT_OK);
			else
				assert_int_equal(verify_text(text, &err), FT_FAIL);
			free(text);
			json_object_set_new(first_of(dossier, lists[i]), key, json_false());
			text = json_dumps(dossier, 0);
			if (verify_text(text, &err) == FT_OK)
				assert_true(verify.differences > 0);
			free(text);
			json_decref(dossier);
		}
		json_decref(whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_true_dossier_holds),
		cmocka_unit_test(every_changed_octet_is_found),
		cmocka_unit_test(a_cut_file_is_found),
		cmocka_unit_test(another_file_is_found),
		cmocka_unit_test(a_fifo_is_no_segment),
		cmocka_unit_test(what_the_dossier_says_is_compared),
		cmocka_unit_test(messages_hashes_and_links_are_compared),
		cmocka_unit_test(a_name_cannot_lead_out_of_the_archive),
		cmocka_unit_test(a_link_has_its_members),
		cmocka_unit_test(what_is_no_dossier_is_refused),
		cmocka_unit_test(every_member_has_to_be_there),
	};

	return cmocka_run_group_tests(tests, make_archive, remove_archive);
}
