/* SPDX-License-Identifier: MIT */
/* Feeds on a real server: what a file begins and ends, what is poison, and the list for track.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crawler/feed.h"
#include "index_home.h"

static struct feed_totals totals;

static int setup(void **state)
{
	return index_home_setup(state) == 0 ? index_reset_test(state) : -1;
}

static int no_feeds(void **state)
{
	struct error err = {0};

	(void)state;
	return db_run(&index_db, "truncate feed, feed_target", &err);
}

static int try_import(const char *feed, const char *text, bool may_shrink, struct error *err)
{
	char path[PATH_SIZE];
	struct feed_source source = {
		.name = feed, .path = path, .tags = "", .may_shrink = may_shrink};

	assert_int_equal(path_join(path, index_home, feed, err), FT_OK);
	assert_int_equal(file_replace(path, text, strlen(text), err), FT_OK);
	return feed_import(&index_db, &source, &totals, err);
}

static void import(const char *feed, const char *text)
{
	struct error err = {0};

	if (try_import(feed, text, false, &err) != FT_OK)
		fail_msg("%s", err.text);
}

/* Of the last import. */
static void expect_totals(const char *want)
{
	char got[200];

	snprintf(got, sizeof(got), "%d names, %d added, %d changed, %d gone, %d kept",
		 (int)totals.names, (int)totals.added, (int)totals.changed, (int)totals.gone,
		 (int)totals.kept);
	assert_string_equal(got, want);
}

static void expect_list(const char *want)
{
	char path[PATH_SIZE];
	char got[4096] = "";
	char *lines;
	struct error err = {0};
	FILE *in;

	if (feed_write_list(&index_db, index_home, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_int_equal(path_join(path, index_home, "targets.txt", &err), FT_OK);
	in = fopen(path, "r");
	assert_non_null(in);
	assert_true(fread(got, 1, sizeof(got) - 1, in) > 0);
	fclose(in);
	lines = strchr(got, '\n');
	assert_true(got[0] == '#' && lines != NULL);
	assert_string_equal(lines + 1, want);
}

static void a_feed_is_merged(void **state)
{
	(void)state;
	import("one", "b.example\na.example family=x\nB.example.\n");
	expect_totals("2 names, 2 added, 0 changed, 0 gone, 0 kept");
	assert_string_equal(totals.format, "plain");
	import("one", "a.example family=x\nb.example\n");
	expect_totals("2 names, 0 added, 0 changed, 0 gone, 0 kept");
	import("one", "a.example family=y\nc.example\n");
	expect_totals("2 names, 1 added, 1 changed, 1 gone, 0 kept");
	assert_string_equal(index_value(&index_db, "select count(*) from feed_target"), "4");
}

static void two_feeds_make_one_list(void **state)
{
	(void)state;
	import("one", "a.example family=x dga=1\nb.example\n");
	import("two", "b.example family=y\na.example family=z dga=2 note=n\n");
	expect_list("a.example feed=one,two family=x dga=1,2 note=n\n"
		    "b.example feed=one,two family=y\n");
	import("one", "c.example\n");
	expect_list("a.example feed=two family=z dga=2 note=n\nb.example feed=two family=y\n"
		    "c.example feed=one\n");
}

/* Of one feed that names it in several places: the same tags whatever their order. */
static void a_name_in_several_places_gets_all_tags(void **state)
{
	(void)state;
	import("one", "a.example dga=2\nb.example\na.example dga=1 family=x\n");
	expect_list("a.example feed=one dga=1,2 family=x\nb.example feed=one\n");
	import("one", "a.example dga=1 family=x\na.example dga=2\nb.example\n");
	expect_totals("2 names, 0 added, 0 changed, 0 gone, 0 kept");
}

static void what_the_lists_hold_is_refused(void **state)
{
	char refused[FEED_REFUSALS_SIZE];
	struct error err = {0};

	(void)state;
	assert_int_equal(db_run(&index_db,
				"insert into list_entry (list, name, source, listed_on, "
				"imported_at, removed_at) values ('cdn', 'a.example', 'old', "
				"'2008-01-01', '2008-01-01', '2009-01-01'), ('parking', "
				"'xcloudfront.net', 'new', '2008-01-01', '2008-01-01', null)",
				&err),
			 FT_OK);
	/* All others are built in. */
	import("one", "mooo.com\nbot.mooo.com\nx.cloudfront.net\nde.pool.ntp.org\na.example\n"
		      "xcloudfront.net\n192.0.2.1\n");
	expect_totals("3 names, 3 added, 0 changed, 0 gone, 0 kept");
	feed_refusals_text(refused, &totals);
	assert_string_equal(refused, "1 address, 1 dynamic-DNS zone, 2 listed");
	assert_string_equal(index_value(&index_db, "select refused from feed"),
			    "{\"listed\": 2, \"address\": 1, \"dynamic-DNS zone\": 1}");
	expect_list("a.example feed=one\nbot.mooo.com feed=one\nxcloudfront.net feed=one\n");
}

static void a_feed_without_a_name_changes_nothing(void **state)
{
	struct error err = {0};

	(void)state;
	import("one", "a.example\n");
	assert_int_equal(try_import("one", "", true, &err), FT_FAIL);
	assert_int_equal(try_import("one", "192.0.2.1\n192.0.2.2\n", true, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "2 address"));
	assert_int_equal(try_import("one", "{\"x\": [\"a.example\"", true, &err), FT_FAIL);
	expect_list("a.example feed=one\n");
	import("one", "a.example\n");
	expect_totals("1 names, 0 added, 0 changed, 0 gone, 0 kept");
}

static void a_feed_that_shrinks_keeps_its_names(void **state)
{
	struct error err = {0};

	(void)state;
	import("one", "a.example\nb.example\nc.example\nd.example\ne.example\nf.example\n"
		      "g.example\nh.example\ni.example\nj.example\n");
	import("one", "a.example\nb.example\nc.example\nx.example\n");
	expect_totals("4 names, 1 added, 0 changed, 0 gone, 7 kept");
	assert_int_equal(
		try_import("one", "a.example\nb.example\nc.example\nx.example\n", true, &err),
		FT_OK);
	expect_totals("4 names, 0 added, 0 changed, 7 gone, 0 kept");
}

static void a_wrong_source_is_refused(void **state)
{
	struct feed_source source = {.name = "a b", .path = "/dev/null", .tags = ""};
	struct error err = {0};

	(void)state;
	assert_int_equal(feed_import(&index_db, &source, &totals, &err), FT_USAGE);
	source.name = "one";
	source.tags = "storm";
	assert_int_equal(feed_import(&index_db, &source, &totals, &err), FT_USAGE);
	source.tags = "";
	source.format = "xml";
	source.path = index_home;
	assert_int_equal(feed_import(&index_db, &source, &totals, &err), FT_USAGE);
}

static void expect_name(const char *from, const char *want)
{
	char name[FEED_NAME_SIZE];

	feed_name(name, from);
	assert_string_equal(name, want);
}

static void a_feed_has_the_name_of_its_file(void **state)
{
	(void)state;
	expect_name("/srv/feeds/my list.txt", "my_list.txt");
	expect_name("https://feed.example/download/csv?key=a/b", "csv");
	expect_name("https://feed.example/", "feed.example");
	expect_name("what?.txt", "what_.txt");
	expect_name("../..", "feed");
	expect_name("", "feed");
	expect_name("a,b\xc3\xbc", "a_b__");
	expect_name("0123456789012345678901234567890123456789012345678901234567890123456789",
		    "012345678901234567890123456789012345678901234567890123456789012");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_feed_is_merged, no_feeds),
		cmocka_unit_test_setup(two_feeds_make_one_list, no_feeds),
		cmocka_unit_test_setup(a_name_in_several_places_gets_all_tags, no_feeds),
		cmocka_unit_test_setup(what_the_lists_hold_is_refused, no_feeds),
		cmocka_unit_test_setup(a_feed_without_a_name_changes_nothing, no_feeds),
		cmocka_unit_test_setup(a_feed_that_shrinks_keeps_its_names, no_feeds),
		cmocka_unit_test_setup(a_wrong_source_is_refused, no_feeds),
		cmocka_unit_test(a_feed_has_the_name_of_its_file),
	};

	return cmocka_run_group_tests(tests, setup, index_home_teardown);
}
