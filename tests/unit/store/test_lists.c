/* SPDX-License-Identifier: MIT */
/* Lists on a real server: what a file adds and ends, whatever its form, and what is no list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "index_home.h"
#include "store/lists.h"
#include "store/migrate.h"

static void write_list(char path[PATH_SIZE], const char *name, const char *text)
{
	struct error err = {0};

	assert_int_equal(path_join(path, index_home, name, &err), FT_OK);
	assert_int_equal(file_replace(path, text, strlen(text), &err), FT_OK);
}

static struct list_totals import(const char *list, const char *name, const char *text)
{
	char path[PATH_SIZE];
	struct list_totals totals;
	struct error err = {0};

	write_list(path, name, text);
	if (import_list(&index_db, list, path, &totals, &err) != FT_OK)
		fail_msg("%s", err.text);
	return totals;
}

static void refuses(const char *list, const char *name, const char *text, const char *reason)
{
	char path[PATH_SIZE];
	struct list_totals totals;
	struct error err = {0};

	write_list(path, name, text);
	assert_int_not_equal(import_list(&index_db, list, path, &totals, &err), FT_OK);
	if (strstr(err.text, reason) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, reason);
}

/* The entries of a source that hold, in order, a blank between them. */
static const char *held(const char *source)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "select string_agg(list || ':' || coalesce(name, prefix::text), ' ' order by "
		 "list, name, prefix) from list_entry where source = '%s' and removed_at is "
		 "null",
		 source);
	return index_value(&index_db, sql);
}

static void a_plain_file_is_read(void **state)
{
	struct list_totals totals;

	(void)state;
	totals = import(
		"sinkhole", "plain.txt",
		"# date: 2024-02-29\r\n\r\nA.Example.\r\n"
		"*.b.example ; why\r\n192.0.2.0/24\r\n2001:DB8::1\r\nbad name\r\na.example\n");
	assert_int_equal(totals.entries, 5);
	assert_int_equal(totals.added, 4); /* a.example twice */
	assert_int_equal(totals.bad, 1);
	assert_int_equal(totals.removed, 0);
	assert_string_equal(held("plain.txt"),
			    "sinkhole:a.example sinkhole:b.example sinkhole:192.0.2.0/24 "
			    "sinkhole:2001:db8::1/128");
	assert_string_equal(index_value(&index_db, "select distinct listed_on from list_entry "
						   "where source = 'plain.txt'"),
			    "2024-02-29");
}

static void a_list_without_a_date_is_of_today(void **state)
{
	(void)state;
	import("cdn", "plain.txt", "a.example\n");
	assert_string_equal(index_value(&index_db,
					"select listed_on = current_date from list_entry "
					"where source = 'plain.txt'"),
			    "t");
}

static void a_warning_list_is_read(void **state)
{
	struct list_totals totals;

	(void)state;
	totals = import("parking", "misp.json",
			"\n  {\"version\": 20240229, \"type\": \"hostname\", \"name\": \"x\",\n"
			"\"list\": [\"A.Example\", \".b.example\", \"192.0.2.0/24\", \"\", 7,\n"
			"null, \"192.0.2.1\", \"b\\u00fccher.example\"]}");
	assert_int_equal(totals.entries, 4);
	assert_int_equal(totals.bad, 4);
	assert_string_equal(held("misp.json"),
			    "parking:a.example parking:b.example parking:192.0.2.0/24 "
			    "parking:192.0.2.1/32");
	assert_string_equal(index_value(&index_db, "select distinct listed_on from list_entry "
						   "where source = 'misp.json'"),
			    "2024-02-29");
	import("parking", "misp.json", "{\"version\": 2, \"list\": [\"c.example\"]}");
	assert_string_equal(index_value(&index_db,
					"select listed_on = current_date from list_entry "
					"where name = 'c.example'"),
			    "t");
}

static void a_file_again_replaces_what_it_said(void **state)
{
	struct list_totals totals;
	char first[64];

	(void)state;
	import("allow", "mine.txt", "a.example\n192.0.2.0/24\n");
	snprintf(first, sizeof(first), "%s",
		 index_value(&index_db, "select imported_at from list_entry where name = "
					"'a.example'"));
	totals = import("allow", "mine.txt", "192.0.2.0/24\na.example\n");
	assert_int_equal(totals.added + totals.removed, 0);
	totals = import("allow", "mine.txt", "a.example\n198.51.100.0/24\n");
	assert_int_equal(totals.added, 1);
	assert_int_equal(totals.removed, 1);
	assert_string_equal(held("mine.txt"), "allow:a.example allow:198.51.100.0/24");
	assert_string_equal(index_value(&index_db, "select imported_at from list_entry where "
						   "name = 'a.example'"),
			    first);
	totals = import("allow", "mine.txt", "a.example\n192.0.2.0/24\n"); /* it comes back */
	assert_int_equal(totals.added, 1);
	assert_int_equal(totals.removed, 1);
	assert_string_equal(index_value(&index_db,
					"select count(*) from list_entry where "
					"prefix = '192.0.2.0/24' and list = 'allow'"),
			    "2");
}

static void sources_and_lists_leave_each_other_alone(void **state)
{
	(void)state;
	import("cdn", "one.txt", "a.example\nb.example\n");
	import("cdn", "two.txt", "a.example\n");
	import("pool", "one.txt", "c.example\n");
	assert_string_equal(held("one.txt"), "cdn:a.example cdn:b.example pool:c.example");
	assert_string_equal(held("two.txt"), "cdn:a.example");
	import("cdn", "one.txt", "b.example\n");
	assert_string_equal(held("one.txt"), "cdn:b.example pool:c.example");
	assert_string_equal(held("two.txt"), "cdn:a.example");
}

static void gzip_is_read(void **state)
{
	char path[PATH_SIZE];
	struct list_totals totals;
	struct error err = {0};
	gzFile file;

	(void)state;
	write_list(path, "many.txt.gz", "");
	file = gzopen(path, "wb");
	for (int i = 0; i < 20000; i++)
		gzprintf(file, "name-%d.example\n", i);
	gzclose(file);
	assert_int_equal(import_list(&index_db, "dyndns", path, &totals, &err), FT_OK);
	assert_int_equal(totals.added, 20000);
	assert_int_equal(truncate(path, 3000), 0);
	assert_int_equal(import_list(&index_db, "dyndns", path, &totals, &err), FT_FAIL);
	assert_string_equal(index_value(&index_db,
					"select count(*) from list_entry where source = "
					"'many.txt.gz' and removed_at is null"),
			    "20000");
}

static void what_is_no_list_changes_nothing(void **state)
{
	struct list_totals totals;
	struct error err = {0};

	(void)state;
	import("cdn", "mine.txt", "a.example\n");
	refuses("cdn", "mine.txt", "", "holds no name, address or prefix");
	refuses("cdn", "mine.txt", "<html>\n404 not found\n", "holds no name");
	refuses("cdn", "mine.txt", "{", "is not JSON: line 2");
	refuses("cdn", "mine.txt", "{\"list\": {}}", "has no array \"list\"");
	refuses("cdn", "mine.txt", "{\"list\": []}", "holds no name");
	refuses("cdn", "mine.txt", "{\"type\": \"regex\", \"list\": [\"b.example\"]}",
		"regular expressions");
	refuses("cdn", "mine.txt", "{\"list\": [\"b.example\\u0000\"]}", "is not JSON");
	refuses("nothing", "mine.txt", "b.example\n", "there is no list 'nothing'");
	refuses("reserved", "mine.txt", "b.example\n", "there is no list 'reserved'");
	refuses("cdn", "built-in", "b.example\n", "'built-in' cannot be one");
	assert_string_equal(held("mine.txt"), "cdn:a.example");
	assert_int_equal(import_list(&index_db, "cdn", "/nonexistent/x", &totals, &err),
			 FT_FAIL);
	assert_int_equal(import_list(&index_db, "cdn", index_home, &totals, &err), FT_FAIL);
	assert_int_equal(import_list(&index_db, "cdn", "-", &totals, &err), FT_USAGE);
}

static void hostile_bytes_are_bad_lines(void **state)
{
	static const char text[] =
		"c.example\0b.example\n\x1b[31m.example\nb.example\n'; drop table "
		"list_entry; --\n\\N\n";
	char path[PATH_SIZE];
	struct list_totals totals;
	struct error err = {0};

	(void)state;
	assert_int_equal(path_join(path, index_home, "a\nb'.txt", &err), FT_OK);
	assert_int_equal(file_replace(path, text, sizeof(text) - 1, &err), FT_OK);
	assert_int_equal(import_list(&index_db, "cdn", path, &totals, &err), FT_OK);
	assert_int_equal(totals.entries, 1);
	assert_int_equal(totals.bad, 4);
	assert_string_equal(held("a\\010b''.txt"), "cdn:b.example");
}

static void the_built_in_set_keeps_its_dates(void **state)
{
	char before[64];
	struct error err = {0};

	(void)state;
	snprintf(before, sizeof(before), "%s",
		 index_value(&index_db, "select count(*) || ' ' || max(imported_at) from "
					"list_entry where source = 'built-in'"));
	assert_int_equal(db_run(&index_db, "update code_version set sha256 = ''", &err), FT_OK);
	assert_int_equal(migrate(&index_db, &err), FT_OK);
	assert_string_equal(index_value(&index_db,
					"select count(*) || ' ' || max(imported_at) from "
					"list_entry where source = 'built-in'"),
			    before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_plain_file_is_read, index_reset_test),
		cmocka_unit_test_setup(a_list_without_a_date_is_of_today, index_reset_test),
		cmocka_unit_test_setup(a_warning_list_is_read, index_reset_test),
		cmocka_unit_test_setup(a_file_again_replaces_what_it_said, index_reset_test),
		cmocka_unit_test_setup(sources_and_lists_leave_each_other_alone,
				       index_reset_test),
		cmocka_unit_test_setup(gzip_is_read, index_reset_test),
		cmocka_unit_test_setup(what_is_no_list_changes_nothing, index_reset_test),
		cmocka_unit_test_setup(hostile_bytes_are_bad_lines, index_reset_test),
		cmocka_unit_test_setup(the_built_in_set_keeps_its_dates, index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
