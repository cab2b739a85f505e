/* SPDX-License-Identifier: MIT */
/* report/table: alignment, cutting, emptiness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/table.h"

/* Three columns; cells has three texts a row and ends with NULL. */
static PGresult *rows_of(const char *const *cells)
{
	PGresAttDesc columns[3] = {
		{.name = (char *)"NAME"}, {.name = (char *)"N"}, {.name = (char *)"LAST"}};
	PGresult *rows = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

	assert_non_null(rows);
	assert_true(PQsetResultAttrs(rows, 3, columns));
	for (int i = 0; cells[i] != NULL; i++)
		assert_true(PQsetvalue(rows, i / 3, i % 3, (char *)cells[i],
				       (int)strlen(cells[i])));
	return rows;
}

static void prints(const char *const *cells, int width, const char *expected)
{
	PGresult *rows = rows_of(cells);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	table_print(out, rows, "lrl", width);
	fclose(out);
	PQclear(rows);
	assert_string_equal(text, expected);
	free(text);
}

static void columns_are_aligned(void **state)
{
	static const char *const cells[] = {
		"supersameas.com", "1416", "now", "a.org", "7", "", NULL};

	(void)state;
	prints(cells, 0,
	       "NAME                N  LAST\n"
	       "supersameas.com  1416  now\n"
	       "a.org               7\n");
}

static void an_empty_result_is_its_heads(void **state)
{
	static const char *const cells[] = {NULL};

	(void)state;
	prints(cells, 0, "NAME  N  LAST\n");
}

static void the_first_column_gives_way_to_a_narrow_terminal(void **state)
{
	static const char *const cells[] = {
		"a-long-name.example.com", "1", "then", "short.example", "2", "now", NULL};

	(void)state;
	prints(cells, 23,
	       "NAME            N  LAST\n"
	       "...example.com  1  then\n"
	       "short.example   2  now\n");
	/* 32 is just enough for all of it. */
	prints(cells, 32,
	       "NAME                     N  LAST\n"
	       "a-long-name.example.com  1  then\n"
	       "short.example            2  now\n");
}

static void the_first_column_keeps_a_rest(void **state)
{
	static const char *const cells[] = {"a-long-name.example.com", "1", "then", NULL};

	(void)state;
	prints(cells, 5,
	       "NAME          N  LAST\n"
	       "...ample.com  1  then\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(an_empty_result_is_its_heads),
		cmocka_unit_test(the_first_column_gives_way_to_a_narrow_terminal),
		cmocka_unit_test(the_first_column_keeps_a_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
