/* SPDX-License-Identifier: MIT */
/* Routing tables on a real server: what origin_of() tells at a time, in whatever order they
 * came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "index_home.h"
#include "store/prefixes.h"

#define HEADER "; IP-ASN-DAT file\n; Original file : rib.20080501.0644.bz2\n"

static void write_table(char path[PATH_SIZE], const char *text)
{
	struct error err = {0};

	assert_int_equal(path_join(path, index_home, "table.dat", &err), FT_OK);
	assert_int_equal(file_replace(path, text, strlen(text), &err), FT_OK);
}

static void import(const char *text, const char *from, struct prefix_totals *totals)
{
	char path[PATH_SIZE];
	struct error err = {0};

	write_table(path, text);
	if (import_prefixes(&index_db, path, from, totals, &err) != FT_OK)
		fail_msg("%s", err.text);
}

/* "ASN PREFIX" of address on date, "" where it is not known. */
static const char *origin(const char *address, const char *date)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
		 "select asn || ' ' || prefix from origin_of('%s', '%s 12:00+00')", address,
		 date);
	return index_value(&index_db, sql);
}

/* All of them, as a text array. */
static const char *origins(const char *address, const char *date)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "select origins from origin_of('%s', '%s 12:00+00')",
		 address, date);
	return index_value(&index_db, sql);
}

static void the_longest_prefix_tells_the_origin(void **state)
{
	struct prefix_totals totals;

	(void)state;
	import(HEADER "10.0.0.0/8\t1\n10.1.0.0/16\t2\n10.1.2.0/24\t4\n10.1.2.0/"
		      "24\t3\n2001:db8::/32\t5\n",
	       NULL, &totals);
	assert_int_equal(totals.lines, 5);
	assert_int_equal(totals.added, 5);
	assert_string_equal(totals.dated, "2008-05-01");
	assert_string_equal(origin("10.9.9.9", "2008-05-01"), "1 10.0.0.0/8");
	assert_string_equal(origin("10.1.9.9", "2008-05-01"), "2 10.1.0.0/16");
	assert_string_equal(origin("10.1.2.9", "2008-05-01"), "3 10.1.2.0/24");
	assert_string_equal(origin("2001:db8::1", "2020-05-01"), "5 2001:db8::/32");
	assert_string_equal(origin("11.0.0.1", "2008-05-01"), "");
	assert_string_equal(origin("10.9.9.9", "2008-04-30"), "");
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct prefix_totals totals;

	(void)state;
	for (int i = 0; i < 2; i++)
		import(HEADER "10.0.0.0/8 1\n10.0.0.0/8 1\n", NULL, &totals);
	assert_int_equal(totals.added, 0);
	assert_int_equal(totals.ended, 0);
	assert_string_equal(index_value(&index_db, "select count(*) from prefix_origin"), "1");
}

static void import_of_year(int year)
{
	static const char *const tables[] = {
		"10.0.0.0/8 1\n11.0.0.0/8 1\n12.0.0.0/8 1\n14.0.0.0\t8\t1_2\n",
		"10.0.0.0/8 1\n11.0.0.0/8 2\n13.0.0.0/8 1\n14.0.0.0\t8\t2_3\n",
		"10.0.0.0/8 1\n11.0.0.0/8 1\n12.0.0.0/8 1\n14.0.0.0\t8\t1_3\n"};
	struct prefix_totals totals;
	char date[11];

	snprintf(date, sizeof(date), "%d-01-01", year);
	import(tables[year - 2001], date, &totals);
}

static void tables_hold_until_the_next_in_any_order(void **state)
{
	static const int orders[][3] = {{2001, 2002, 2003}, {2003, 2002, 2001},
					{2001, 2003, 2002}, {2002, 2001, 2003},
					{2003, 2001, 2002}, {2002, 2003, 2001}};

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		index_reset();
		for (size_t j = 0; j < 3; j++)
			import_of_year(orders[i][j]);
		assert_string_equal(origin("10.0.0.1", "2000-12-31"), "");
		assert_string_equal(origin("10.0.0.1", "2001-01-01"), "1 10.0.0.0/8");
		assert_string_equal(origin("10.0.0.1", "2009-06-01"), "1 10.0.0.0/8");
		assert_string_equal(origin("11.0.0.1", "2001-12-31"), "1 11.0.0.0/8");
		assert_string_equal(origin("11.0.0.1", "2002-01-01"), "2 11.0.0.0/8");
		assert_string_equal(origin("11.0.0.1", "2003-01-01"), "1 11.0.0.0/8");
		assert_string_equal(origin("12.0.0.1", "2001-06-01"), "1 12.0.0.0/8");
		assert_string_equal(origin("12.0.0.1", "2002-06-01"), "");
		assert_string_equal(origin("12.0.0.1", "2003-06-01"), "1 12.0.0.0/8");
		assert_string_equal(origin("13.0.0.1", "2001-06-01"), "");
		assert_string_equal(origin("13.0.0.1", "2002-12-31"), "1 13.0.0.0/8");
		assert_string_equal(origin("13.0.0.1", "2003-01-01"), "");
		assert_string_equal(origins("14.0.0.1", "2001-12-31"), "{1,2}");
		assert_string_equal(origins("14.0.0.1", "2002-06-01"), "{2,3}");
		assert_string_equal(origins("14.0.0.1", "2003-01-01"), "{1,3}");
	}
}

static void a_table_of_one_family_leaves_the_other_alone(void **state)
{
	struct prefix_totals totals;

	(void)state;
	import("10.0.0.0/8 1\n", "2001-01-01", &totals);
	import("2001:db8::/32 2\n", "2002-01-01", &totals);
	assert_int_equal(totals.ended, 0);
	assert_string_equal(origin("10.0.0.1", "2003-01-01"), "1 10.0.0.0/8");
}

static void a_line_with_a_date_speaks_for_its_prefix_alone(void **state)
{
	struct prefix_totals totals;

	(void)state;
	import("10.0.0.0/8 1\n11.0.0.0/8 1\n", "2001-01-01", &totals);
	import("10.0.0.0/8 2 2002-02-02\n", NULL, &totals);
	assert_int_equal(totals.ended, 1);
	assert_string_equal(origin("10.0.0.1", "2002-02-01"), "1 10.0.0.0/8");
	assert_string_equal(origin("10.0.0.1", "2002-02-02"), "2 10.0.0.0/8");
	assert_string_equal(origin("11.0.0.1", "2002-02-02"), "1 11.0.0.0/8");
}

/* One file may hold all; a range is as many rows as it takes prefixes. */
static void three_forms_are_read(void **state)
{
	struct prefix_totals totals;

	(void)state;
	import("10.0.0.0/8 1\n1.0.1.0\t1.0.3.255\t2\tUS\tTWO, Inc.\n"
	       "0.0.0.0\t0.255.255.255\t0\tNone\tNot routed\n2.0.0.0\t24\t4_{3,5}\n",
	       "2008-05-01", &totals);
	assert_int_equal(totals.lines, 3);
	assert_int_equal(totals.bad, 0);
	assert_int_equal(totals.added, 1 + 2 + 3);
	assert_string_equal(origin("1.0.2.1", "2008-05-01"), "2 1.0.2.0/23");
	assert_string_equal(origin("2.0.0.1", "2008-05-01"), "3 2.0.0.0/24");
	assert_string_equal(origins("2.0.0.1", "2008-05-01"), "{3,4,5}");
	assert_string_equal(index_value(&index_db,
					"select string_agg(prefix::text, ' ' order by prefix) "
					"from prefix_origin where country = 'US'"),
			    "1.0.1.0/24 1.0.2.0/23");
	assert_string_equal(
		index_value(&index_db,
			    "select count(*) from prefix_origin where country is null"),
		"4");
}

static void the_day_is_the_header_s_else_that_of_the_name(void **state)
{
	static const char name[] = "routeviews-rv2-20080502-1200.pfx2as";
	char path[PATH_SIZE];
	struct prefix_totals totals;
	struct error err = {0};

	(void)state;
	assert_int_equal(path_join(path, index_home, name, &err), FT_OK);
	assert_int_equal(file_replace(path, "1.0.0.0\t24\t1\n", 14, &err), FT_OK);
	assert_int_equal(import_prefixes(&index_db, path, NULL, &totals, &err), FT_OK);
	assert_string_equal(totals.dated, "2008-05-02");
	assert_int_equal(file_replace(path, HEADER "1.0.0.0/24 1\n", strlen(HEADER) + 13, &err),
			 FT_OK);
	assert_int_equal(import_prefixes(&index_db, path, NULL, &totals, &err), FT_OK);
	assert_string_equal(totals.dated, "2008-05-01");
	assert_int_equal(import_prefixes(&index_db, path, "2007-01-01", &totals, &err), FT_OK);
	assert_string_equal(totals.dated, "2007-01-01");
	assert_string_equal(index_value(&index_db, "select min(source) from prefix_table"),
			    name);
}

static void bad_lines_are_counted_and_passed_over(void **state)
{
	struct prefix_totals totals;

	(void)state;
	import("nonsense\n10.0.0.0/8\n10.0.0.0/33 1\n10.0.0.1/8 1\n10.0.0.0/8 x\n"
	       "10.0.0.0/8 4294967296\n10.0.0.0/8 1 2008-02-30\n10.0.0.0/8 1 2008-01-01 x\n"
	       "\n   \n# comment\n; comment\n::/129 1\n10.0.0.0/ 1\n10.0.0.0/8 {1,x}\n"
	       "0.0.0.0/1 4294967295\r\n  ::/1\t7  \n",
	       "2008-01-01", &totals);
	assert_int_equal(totals.bad, 11);
	assert_int_equal(totals.lines, 2);
	assert_string_equal(origin("10.0.0.1", "2008-01-01"), "4294967295 0.0.0.0/1");
	assert_string_equal(origin("::1", "2008-01-01"), "7 ::/1");
}

static void a_line_without_end_is_one_bad_line(void **state)
{
	static char text[100000];
	struct prefix_totals totals;

	(void)state;
	memset(text, '1', sizeof(text) - 1);
	memcpy(text + sizeof(text) - 16, "\n10.0.0.0/8 77\n", 16);
	import(text, "2008-01-01", &totals);
	assert_int_equal(totals.bad, 1);
	assert_int_equal(totals.lines, 1);
}

static void gzip_is_read_and_a_cut_one_refused(void **state)
{
	char path[PATH_SIZE];
	struct prefix_totals totals;
	struct error err = {0};
	gzFile file;

	(void)state;
	write_table(path, "");
	file = gzopen(path, "wb");
	for (int i = 0; i < 1000; i++)
		gzprintf(file, "10.%d.%d.0/24 %d\n", i / 256, i % 256, i * 7919 % 65000 + 1);
	gzclose(file);
	assert_int_equal(import_prefixes(&index_db, path, "2008-01-01", &totals, &err), FT_OK);
	assert_int_equal(totals.added, 1000);
	assert_int_equal(truncate(path, 1000), 0);
	assert_int_equal(import_prefixes(&index_db, path, "2009-01-01", &totals, &err),
			 FT_FAIL);
	assert_non_null(strstr(err.text, path));
	assert_string_equal(index_value(&index_db, "select count(*) from prefix_table"), "1");
}

static void what_is_no_table_is_refused(void **state)
{
	char path[PATH_SIZE];
	struct prefix_totals totals;
	struct error err = {0};

	(void)state;
	assert_int_equal(import_prefixes(&index_db, "/nonexistent/x", NULL, &totals, &err),
			 FT_FAIL);
	assert_int_equal(import_prefixes(&index_db, index_home, NULL, &totals, &err), FT_FAIL);
	write_table(path, "# nothing\n");
	assert_int_equal(import_prefixes(&index_db, path, NULL, &totals, &err), FT_FAIL);
	assert_int_equal(import_prefixes(&index_db, path, "yesterday", &totals, &err),
			 FT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_longest_prefix_tells_the_origin, index_reset_test),
		cmocka_unit_test_setup(the_same_file_again_changes_nothing, index_reset_test),
		cmocka_unit_test_setup(tables_hold_until_the_next_in_any_order,
				       index_reset_test),
		cmocka_unit_test_setup(a_table_of_one_family_leaves_the_other_alone,
				       index_reset_test),
		cmocka_unit_test_setup(a_line_with_a_date_speaks_for_its_prefix_alone,
				       index_reset_test),
		cmocka_unit_test_setup(three_forms_are_read, index_reset_test),
		cmocka_unit_test_setup(the_day_is_the_header_s_else_that_of_the_name,
				       index_reset_test),
		cmocka_unit_test_setup(bad_lines_are_counted_and_passed_over, index_reset_test),
		cmocka_unit_test_setup(a_line_without_end_is_one_bad_line, index_reset_test),
		cmocka_unit_test_setup(gzip_is_read_and_a_cut_one_refused, index_reset_test),
		cmocka_unit_test_setup(what_is_no_table_is_refused, index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
