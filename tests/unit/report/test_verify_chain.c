/* SPDX-License-Identifier: MIT */
/*
 * verify: a dossier holds only with its proof. What it cites stands in the chain of its
 * collector; the chain rises to its head; its numbers cannot be made to run over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "dossier_case.h"

#define NUMBER_MAX (INT64_C(1) << 53)

static const char no_link[] = "no link of its collector's chain";

static json_t *links_of(json_t *dossier)
{
	return json_object_get(first_of(dossier, "chain"), "links");
}

/* Takes the dossier, which must not hold, and verify say so. */
static void differs(json_t *dossier, const char *expected)
{
	assert_true(differences(dossier) > 0);
	if (strstr(said, expected) == NULL)
		fail_msg("not '%s': %s", expected, said);
}

static void what_is_cited_stands_in_a_chain(void **state)
{
	json_t *dossier = make_dossier();

	(void)state;
	json_array_clear(json_object_get(dossier, "chain"));
	differs(dossier, FIRST ": it is no link of its collector's chain");
	dossier = make_dossier();
	json_array_clear(links_of(dossier));
	differs(dossier, no_link);
	dossier = make_dossier();
	json_array_remove(links_of(dossier), 0);
	differs(dossier, no_link);
	dossier = make_dossier();
	json_array_remove(links_of(dossier), 1);
	differs(dossier, SECOND ": it is no link");
}

/* The first and the third; the second is what is left out between them. */
static json_t *make_gap(void)
{
	json_t *dossier = make_dossier();

	json_array_set_new(links_of(dossier), 1, segment_of(&third, 3, &second));
	json_object_set_new(first_of(dossier, "chain"), "head", segment_of(&third, 3, &second));
	json_object_set_new(first_of(dossier, "chain"), "omitted", json_integer(1));
	return dossier;
}

static void what_is_cited_may_lie_where_links_are_left_out(void **state)
{
	json_t *dossier = make_gap();

	(void)state;
	assert_int_equal(differences(dossier), 0);
	dossier = make_gap();
	json_object_set_new(first_of(dossier, "chain"), "omitted", json_integer(0));
	differs(dossier, SECOND ": it is no link");
	dossier = make_gap();
	json_object_set_new(first_of(dossier, "chain"), "omitted", json_integer(2));
	differs(dossier, SECOND ": it is no link");
}

static void the_head_is_no_older_than_the_last_link(void **state)
{
	json_t *dossier = make_dossier();
	json_t *head;

	(void)state;
	json_object_set_new(first_of(dossier, "chain"), "head", segment_of(&third, 3, &second));
	assert_int_equal(differences(dossier), 0);
	dossier = make_dossier();
	json_object_set_new(first_of(dossier, "chain"), "head", segment_of(&first, 1, NULL));
	differs(dossier, "head " FIRST " is number 1, and the last link number 2");
	/* the number of the last link, and another segment */
	dossier = make_dossier();
	json_object_set_new(json_array_get(links_of(dossier), 1), "sha256", json_string("00"));
	differs(dossier, "head " SECOND " has the number of the last link, and another hash");
	/* one after it, which has to name its hash */
	dossier = make_dossier();
	head = segment_of(&third, 3, &second);
	json_object_set_new(json_array_get(links_of(dossier), 1), "sha256", json_string("00"));
	json_object_set_new(first_of(dossier, "chain"), "head", head);
	differs(dossier, THIRD " names another hash");
}

static void a_dossier_without_lookups_does_not_hold(void **state)
{
	static const char *const lists[] = {"observations", "chosen", "segments", "chain",
					    "sources"};
	json_t *dossier = make_dossier();

	(void)state;
	for (size_t i = 0; i < 2; i++)
		json_array_clear(json_object_get(dossier, lists[i]));
	differs(json_deep_copy(dossier), "cites no lookup: nothing in it can be checked");
	for (size_t i = 2; i < sizeof(lists) / sizeof(lists[0]); i++)
		json_array_clear(json_object_get(dossier, lists[i]));
	differs(dossier, "cites no lookup: nothing in it can be checked");
}

/* A number of the first link or segment that is out of range. */
static void number_is_refused(const char *list, const char *key, json_int_t number)
{
	json_t *dossier = make_dossier();
	json_t *object =
		list != NULL ? first_of(dossier, list) : json_array_get(links_of(dossier), 0);

	json_object_set_new(object, key, json_integer(number));
	is_refused(dossier, key);
}

static void numbers_have_a_range(void **state)
{
	static const json_int_t odd[] = {-1, NUMBER_MAX + 1, INT64_MAX, INT64_MIN};
	json_t *dossier = make_gap();

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		number_is_refused("chain", "omitted", odd[i]);
		number_is_refused("segments", "sequence", odd[i]);
		number_is_refused(NULL, "sequence", odd[i]);
	}
	json_object_set_new(first_of(dossier, "chain"), "omitted", json_integer(NUMBER_MAX));
	differs(json_deep_copy(dossier), "no place where links were left out");
	json_object_set_new(json_array_get(links_of(dossier), 1), "sequence",
			    json_integer(NUMBER_MAX));
	differs(dossier, "sequence is 3");
}

/* What is cited twice would be read twice. */
static void nothing_stands_there_twice(void **state)
{
	json_t *dossier = make_dossier();

	(void)state;
	json_array_append(links_of(dossier), json_array_get(links_of(dossier), 1));
	is_refused(dossier, "links 2 does not come after the one before it");
	dossier = make_dossier();
	json_array_insert(links_of(dossier), 0, json_array_get(links_of(dossier), 1));
	is_refused(dossier, "links 1 does not come after the one before it");
	dossier = make_dossier();
	json_array_append(json_object_get(dossier, "chain"), first_of(dossier, "chain"));
	is_refused(dossier, "chain 1 has the collector of another");
	dossier = make_dossier();
	json_array_append(json_object_get(dossier, "segments"), first_of(dossier, "segments"));
	is_refused(dossier, "segments 2 has the uuid of another");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_cited_stands_in_a_chain),
		cmocka_unit_test(what_is_cited_may_lie_where_links_are_left_out),
		cmocka_unit_test(the_head_is_no_older_than_the_last_link),
		cmocka_unit_test(a_dossier_without_lookups_does_not_hold),
		cmocka_unit_test(numbers_have_a_range),
		cmocka_unit_test(nothing_stands_there_twice),
	};

	return cmocka_run_group_tests(tests, make_archive, remove_archive);
}
