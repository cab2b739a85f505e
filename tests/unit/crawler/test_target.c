/* SPDX-License-Identifier: MIT */
/* The set of targets: each name once, tags merged, found fast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crawler/target.h"

static struct target_set set;

static int setup(void **state)
{
	(void)state;
	target_set_init(&set);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	target_set_fini(&set);
	return 0;
}

static struct target *add(const char *text, enum target_role role, const char *tags)
{
	struct error err = {0};
	struct name name;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	return target_set_add(&set, name.wire, role, tags, &err);
}

static void a_name_is_one_target_whatever_its_case(void **state)
{
	struct target *first = add("Example.COM", TARGET_FOLLOWED, "");
	char text[NAME_TEXT_SIZE];

	(void)state;
	assert_ptr_equal(add("example.com", TARGET_FOLLOWED, ""), first);
	assert_int_equal(set.count, 1);
	assert_int_equal(set.followed, 1);
	name_to_text(text, first->name);
	assert_string_equal(text, "example.com");
}

static void tags_of_a_second_mention_merge(void **state)
{
	struct target *target = add("a.example", TARGET_FOLLOWED, "family=storm x=11");

	(void)state;
	assert_string_equal(target->tags, "family=storm x=11");
	assert_ptr_equal(add("a.example", TARGET_FOLLOWED, "x=1 y=2 x=11 x=111"), target);
	assert_string_equal(target->tags, "family=storm x=11 y=2");
	assert_ptr_equal(add("a.example", TARGET_FOLLOWED, ""), target);
	assert_string_equal(target->tags, "family=storm x=11 y=2");
}

static void tags_beyond_their_cap_are_refused_and_the_old_stay(void **state)
{
	char tags[TAGS_MAX + 1];
	struct target *target = add("a.example", TARGET_FOLLOWED, "family=storm");

	(void)state;
	memset(tags, 'x', TAGS_MAX);
	tags[TAGS_MAX] = '\0';
	assert_null(add("a.example", TARGET_FOLLOWED, tags));
	assert_string_equal(target->tags, "family=storm");
	assert_non_null(add("b.example", TARGET_FOLLOWED, tags));
	tags[TAGS_MAX - strlen("family=storm ")] = '\0';
	assert_ptr_equal(add("a.example", TARGET_FOLLOWED, tags), target);
	assert_int_equal(strlen(target->tags), TAGS_MAX);
}

static void a_followed_nameserver_stays_followed(void **state)
{
	struct target *target = add("ns.example", TARGET_NAMESERVER, "");

	(void)state;
	assert_int_equal(set.followed, 0);
	add("ns.example", TARGET_FOLLOWED, "");
	add("ns.example", TARGET_NAMESERVER, "");
	assert_int_equal(target->role, TARGET_FOLLOWED);
	assert_int_equal(set.followed, 1);
}

static void of_two_roles_that_counts_which_says_more(void **state)
{
	struct target *target = add("1.2.0.192.in-addr.arpa", TARGET_ADDRESS, "");

	(void)state;
	assert_int_equal(target->role, TARGET_ADDRESS);
	add("1.2.0.192.in-addr.arpa", TARGET_NAMESERVER, "");
	assert_int_equal(target->role, TARGET_NAMESERVER);
	add("1.2.0.192.in-addr.arpa", TARGET_ADDRESS, "");
	assert_int_equal(target->role, TARGET_NAMESERVER);
	assert_int_equal(set.followed, 0);
}

static void many_names_are_found(void **state)
{
	struct error err;
	struct name name;
	char text[32];

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(text, sizeof(text), "n%u.example", i);
		assert_non_null(add(text, TARGET_FOLLOWED, ""));
	}
	assert_int_equal(set.count, 100000);
	assert_int_equal(name_from_text(&name, "N77777.example", &err), FT_OK);
	assert_ptr_equal(target_set_find(&set, name.wire), set.targets[77777]);
	assert_int_equal(name_from_text(&name, "n100000.example", &err), FT_OK);
	assert_null(target_set_find(&set, name.wire));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_name_is_one_target_whatever_its_case, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tags_of_a_second_mention_merge, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			tags_beyond_their_cap_are_refused_and_the_old_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(a_followed_nameserver_stays_followed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(of_two_roles_that_counts_which_says_more, setup,
						teardown),
		cmocka_unit_test_setup_teardown(many_names_are_found, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
