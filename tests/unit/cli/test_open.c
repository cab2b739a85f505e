/* SPDX-License-Identifier: MIT */
/* cli/open: which database is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/open.h"

static const char *const variables[] = {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"};
static struct error err;

static int forget_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	return 0;
}

static void without_a_name_it_is_the_homes_own(void **state)
{
	struct context context = {.home = "/nonexistent/home"};
	char conninfo[CONNINFO_SIZE];

	(void)state;
	assert_true(database_is_private(&context));
	/* Looking is no reason to make a home where a path was mistyped. */
	assert_int_equal(database_find(&context, conninfo, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "/nonexistent/home"));
}

static void a_conninfo_is_taken_as_it_is(void **state)
{
	struct context context = {.home = "/nonexistent", .conninfo = "host=db dbname=flux"};
	char conninfo[CONNINFO_SIZE];

	(void)state;
	setenv("PGHOST", "elsewhere", 1);
	assert_false(database_is_private(&context));
	assert_int_equal(database_find(&context, conninfo, &err), FT_OK);
	assert_string_equal(conninfo, "host=db dbname=flux");
}

static void libpqs_environment_comes_next(void **state)
{
	struct context context = {.home = "/nonexistent"};
	char conninfo[CONNINFO_SIZE] = "untouched";

	(void)state;
	setenv("PGUSER", "me", 1);
	setenv("PGHOST", "", 1);
	assert_true(database_is_private(&context));
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		setenv(variables[i], "there", 1);
		assert_false(database_is_private(&context));
		assert_int_equal(database_find(&context, conninfo, &err), FT_OK);
		assert_string_equal(conninfo, "");
		unsetenv(variables[i]);
	}
}

static void an_endless_conninfo_is_refused(void **state)
{
	char endless[CONNINFO_SIZE + 1];
	struct context context = {.home = "/nonexistent", .conninfo = endless};
	char conninfo[CONNINFO_SIZE];

	(void)state;
	memset(endless, 'x', CONNINFO_SIZE);
	endless[CONNINFO_SIZE] = '\0';
	assert_int_equal(database_find(&context, conninfo, &err), FT_USAGE);
	endless[CONNINFO_SIZE - 1] = '\0';
	assert_int_equal(database_find(&context, conninfo, &err), FT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_a_name_it_is_the_homes_own, forget_environment),
		cmocka_unit_test_setup(a_conninfo_is_taken_as_it_is, forget_environment),
		cmocka_unit_test_setup(libpqs_environment_comes_next, forget_environment),
		cmocka_unit_test_setup(an_endless_conninfo_is_refused, forget_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
