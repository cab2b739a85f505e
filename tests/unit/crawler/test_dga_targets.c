/* SPDX-License-Identifier: MIT */
/* Names foretold as targets: those of each key, each once, with all its origins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "crawler/dga_targets.h"

#define APRIL_2008 1207612800 /* 2008-04-08, week 1 */
#define WEEK_S     604800
#define COUNT      20
#define STREAMS    2
#define V2_KEYS    8 /* two seed sets and two of parents, this week and next */
#define FROM_WEEKS (COUNT * STREAMS * V2_KEYS)
#define FROM_BOTH  (2 * COUNT * STREAMS + FROM_WEEKS)

static struct target_set set;

static int setup(void **state)
{
	struct error err;

	(void)state;
	target_set_init(&set);
	return dga_targets_add(&set, dga_find("kraken", &err), COUNT, APRIL_2008, &err);
}

static int teardown(void **state)
{
	(void)state;
	target_set_fini(&set);
	return 0;
}

static const struct target *find(const char *text)
{
	struct error err;
	struct name name;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	return target_set_find(&set, name.wire);
}

static void expect(const char *text, const char *tags)
{
	const struct target *target = find(text);

	if (target == NULL)
		fail_msg("%s is not followed", text);
	assert_string_equal(target->tags, tags);
	assert_int_equal(target->role, TARGET_FOLLOWED);
}

/* Of both versions, seed sets, sets of parents and streams. */
static void names_of_every_key_are_followed(void **state)
{
	(void)state;
	expect("ibbwnhgh.mooo.com", "family=kraken dga=kraken-v1-a-i0-nex");
	expect("quowesuqbbb.mooo.com", "family=kraken dga=kraken-v1-b-i0-ex");
	expect("vugakxqwsei.net", "family=kraken dga=kraken-v2-a-t1-w1-i5-nex");
	expect("vugakxqwsei.yi.org", "family=kraken dga=kraken-v2-a-t2-w1-i5-nex");
	expect("xeclakqcf.net", "family=kraken dga=kraken-v2-b-t1-w1-i5-ex");
}

/* Index 6 has next week the name that indices without a week's delay have now: not this one. */
static void next_weeks_names_are_followed_too(void **state)
{
	struct target_set next;
	struct error err;
	size_t known = 0;

	(void)state;
	target_set_init(&next);
	assert_int_equal(dga_targets_add(&next, dga_find("kraken", &err), COUNT,
					 APRIL_2008 + WEEK_S, &err),
			 FT_OK);
	for (size_t i = 0; i < next.count; i++) {
		const struct target *target = target_set_find(&set, next.targets[i]->name);

		assert_true(target != NULL || strstr(next.targets[i]->tags, "-w2-") == NULL);
		known += target != NULL;
	}
	assert_in_range(known, FROM_BOTH / 2, next.count - 1);
	target_set_fini(&next);
}

/* Index 8 has the same name each week. */
static void a_name_that_comes_again_has_all_its_origins(void **state)
{
	(void)state;
	expect("vsdvzwt.com",
	       "family=kraken dga=kraken-v2-a-t1-w1-i8-nex,kraken-v2-a-t1-w2-i8-nex");
}

static void no_origin_is_lost(void **state)
{
	size_t origins = 0;

	(void)state;
	for (size_t i = 0; i < set.count; i++) {
		const char *at = strstr(set.targets[i]->tags, " dga=");

		assert_non_null(at);
		assert_null(strstr(at, ",+"));
		for (; at != NULL; at = strchr(at + 1, ','))
			origins++;
	}
	assert_int_equal(origins, FROM_BOTH);
	assert_in_range(set.count, FROM_BOTH / 2, FROM_BOTH - 1);
}

/* What a list says of one name stops none of the others. */
static void a_name_without_room_for_its_origin_is_followed_all_the_same(void **state)
{
	struct target_set full;
	struct error err = {0};
	char tags[TAGS_MAX + 1];
	struct name name;

	(void)state;
	memset(tags, 'x', TAGS_MAX);
	memcpy(tags, "note=", 5);
	tags[TAGS_MAX] = '\0';
	target_set_init(&full);
	assert_int_equal(name_from_text(&name, "ibbwnhgh.mooo.com", &err), FT_OK);
	assert_non_null(target_set_add(&full, name.wire, TARGET_FOLLOWED, tags, &err));
	assert_int_equal(
		dga_targets_add(&full, dga_find("kraken", &err), COUNT, APRIL_2008, &err),
		FT_OK);
	assert_int_equal(full.count, set.count);
	target_set_fini(&full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_of_every_key_are_followed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(next_weeks_names_are_followed_too, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_name_that_comes_again_has_all_its_origins,
						setup, teardown),
		cmocka_unit_test_setup_teardown(no_origin_is_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_name_without_room_for_its_origin_is_followed_all_the_same, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
