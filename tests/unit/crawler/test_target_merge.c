/* SPDX-License-Identifier: MIT */
/* Tags of two mentions: the first value stays, feeds and origins are joined, room is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crawler/target_merge.h"

static char tags[TAGS_MAX + 1];

static int merge(const char *first, const char *more)
{
	struct error err;

	memcpy(tags, first, strlen(first) + 1);
	return target_merge_tags(tags, more, &err);
}

static void expect(const char *first, const char *more, const char *want)
{
	assert_int_equal(merge(first, more), FT_OK);
	assert_string_equal(tags, want);
}

/* key= and then len octets of the letter, into out; returns its end. */
static char *put_long(char *out, const char *key, char letter, size_t len)
{
	memcpy(out, key, strlen(key));
	out += strlen(key);
	memset(out, letter, len);
	out[len] = '\0';
	return out + len;
}

static void of_a_key_the_first_value_stays(void **state)
{
	(void)state;
	expect("", "family=storm", "family=storm");
	expect("family=storm", "", "family=storm");
	expect("family=storm x=1", "family=kraken y=2", "family=storm x=1 y=2");
	expect("", "x=1  x=2 xx=3 x=1", "x=1 xx=3");
	/* A key is not the beginning of another, nor of a value. */
	expect("xx=1 y=x=2", "x=3", "xx=1 y=x=2 x=3");
	expect("word", "word words word=1", "word words word=1");
}

static void feeds_and_origins_are_joined(void **state)
{
	(void)state;
	expect("feed=urlhaus", "feed=threatfox", "feed=urlhaus,threatfox");
	expect("feed=b,a family=storm", "feed=c,a,bb,b dga=k",
	       "feed=b,a,c,bb family=storm dga=k");
	expect("dga=k1", "dga=k2 dga=k3 dga=k1", "dga=k1,k2,k3");
	expect("feeds=a xdga=b", "feeds=c xdga=d", "feeds=a xdga=b");
	expect("feed=", "feed=a", "feed=a");
	expect("feed=a", "feed=", "feed=a");
}

static void what_was_left_out_is_added_up(void **state)
{
	(void)state;
	expect("dga=k1,+3", "dga=k2", "dga=k1,k2,+3");
	expect("dga=k1,+3", "dga=k2,+4", "dga=k1,k2,+7");
	expect("dga=+999999", "dga=+2", "dga=+999999");
	/* No counts of ours: values like others. */
	expect("dga=+", "dga=+1x,+1234567", "dga=+,+1x,+1234567");
}

static void joined_values_leave_room_for_other_tags(void **state)
{
	char more[32];
	char *counted;

	(void)state;
	memcpy(tags, "dga=key-000", 12);
	for (unsigned i = 1; i < 1000; i++) {
		struct error err;

		snprintf(more, sizeof(more), "dga=key-%03u", i);
		assert_int_equal(target_merge_tags(tags, more, &err), FT_OK);
	}
	assert_in_range(strlen(tags), 300, 400);
	counted = strstr(tags, ",+");
	assert_non_null(counted);
	/* Each is there or counted: the values have 8 octets with their comma. */
	snprintf(more, sizeof(more), ",+%zu", 1000 - (size_t)(counted + 1 - tags - 4) / 8);
	assert_string_equal(counted, more);
}

static void what_has_no_room_at_all_is_refused(void **state)
{
	char first[TAGS_MAX + 1];
	char more[TAGS_MAX + 1];

	(void)state;
	put_long(first, "x=", 'v', TAGS_MAX - strlen("x= y=1"));
	assert_int_equal(merge(first, "y=1"), FT_OK);
	assert_int_equal(strlen(tags), TAGS_MAX);
	assert_int_equal(merge(first, "y=12"), FT_USAGE);
	assert_string_equal(tags, first);
	put_long(more, "dga=", 'k', TAGS_MAX - 4);
	assert_int_equal(merge("", more), FT_OK);
	assert_int_equal(strlen(tags), TAGS_MAX);
	/* A list too long for its part of the room is cut once it is joined. */
	expect(more, "dga=a", "dga=a,+1");
	put_long(put_long(first, "x=", 'v', TAGS_MAX - strlen("x= dga=abc")), " dga=", 'k', 3);
	assert_int_equal(merge(first, "dga=abc"), FT_OK);
	assert_string_equal(strchr(tags, ' '), " dga=+2");
	put_long(put_long(first, "x=", 'v', TAGS_MAX - strlen("x= dga=a")), " dga=", 'k', 1);
	assert_int_equal(merge(first, "dga=b"), FT_USAGE);
	assert_string_equal(tags, first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_key_the_first_value_stays),
		cmocka_unit_test(feeds_and_origins_are_joined),
		cmocka_unit_test(what_was_left_out_is_added_up),
		cmocka_unit_test(joined_values_leave_room_for_other_tags),
		cmocka_unit_test(what_has_no_room_at_all_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
