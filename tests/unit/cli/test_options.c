/* SPDX-License-Identifier: MIT */
/* cli/options: every way to use the table right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/values.h"

#define WORDS_MAX 8

static struct {
	bool all;
	const char *path;
	int64_t count;
} got;

static const struct option_row rows[] = {
	{"First", "all", 'a', NULL, "everything", read_flag, &got.all},
	{NULL, "output", 'o', "FILE", "where to", read_text, &got.path},
	{"Second", "count", 0, "N", "how many", read_number, &got.count},
	{0},
};

static char *words[WORDS_MAX + 1];
static struct arguments args;
static struct error err;

/* Parses the words, of which the last is NULL; stop: at the first that is no option. */
static int parse(bool stop, const char *first, ...)
{
	va_list list;

	memset(&got, 0, sizeof(got));
	err = (struct error){0};
	args = (struct arguments){
		.who = "prog", .rows = rows, .stop_at_word = stop, .words = words};
	words[args.count++] = (char *)"prog";
	va_start(list, first);
	for (const char *word = first; word != NULL; word = va_arg(list, const char *))
		words[args.count++] = (char *)word;
	va_end(list);
	words[args.count] = NULL;
	return options_parse(&args, &err);
}

static void options_store_their_values(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "-a", "--output", "f", "--count=7", NULL), FT_OK);
	assert_true(got.all);
	assert_string_equal(got.path, "f");
	assert_int_equal(got.count, 7);
	assert_int_equal(args.count, 0);
	assert_false(args.help);
}

static void short_and_long_forms_are_the_same(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "--all", "-of", NULL), FT_OK);
	assert_true(got.all);
	assert_string_equal(got.path, "f");
}

static void words_may_stand_anywhere(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "one", "--all", "two", "--", "--count", NULL), FT_OK);
	assert_true(got.all);
	assert_int_equal(args.count, 3);
	assert_string_equal(args.words[0], "one");
	assert_string_equal(args.words[1], "two");
	assert_string_equal(args.words[2], "--count");
}

static void a_dash_alone_is_a_word(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "-", NULL), FT_OK);
	assert_int_equal(args.count, 1);
	assert_string_equal(args.words[0], "-");
}

static void the_first_word_may_end_the_options(void **state)
{
	(void)state;
	assert_int_equal(parse(true, "-a", "sql", "-c", "select 1", NULL), FT_OK);
	assert_true(got.all);
	assert_int_equal(args.count, 3);
	assert_string_equal(args.words[1], "-c");
}

static void parsing_again_begins_afresh(void **state)
{
	(void)state;
	assert_int_equal(parse(true, "--all", "word", NULL), FT_OK);
	assert_int_equal(parse(false, "word", "--count", "3", NULL), FT_OK);
	assert_int_equal(got.count, 3);
	assert_int_equal(args.count, 1);
}

static void unknown_options_are_named(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "--nothing=1", NULL), FT_USAGE);
	assert_string_equal(err.text, "unknown option --nothing=1; see prog --help");
	assert_int_equal(parse(false, "-x", NULL), FT_USAGE);
	assert_string_equal(err.text, "unknown option -x; see prog --help");
	assert_int_equal(parse(false, "-ax", NULL), FT_USAGE);
	assert_string_equal(err.text, "unknown option -x; see prog --help");
}

static void unknown_options_are_escaped(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "--\033[31m", NULL), FT_USAGE);
	assert_string_equal(err.text, "unknown option --\\027[31m; see prog --help");
	assert_int_equal(parse(false, "-\033", NULL), FT_USAGE);
	assert_string_equal(err.text, "unknown option -\\027; see prog --help");
}

static void missing_and_surplus_values_are_told(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "--count", NULL), FT_USAGE);
	assert_string_equal(err.text, "option --count needs a value: N");
	assert_int_equal(parse(false, "-o", NULL), FT_USAGE);
	assert_string_equal(err.text, "option --output needs a value: FILE");
	assert_int_equal(parse(false, "--all=yes", NULL), FT_USAGE);
	assert_string_equal(err.text, "option --all takes no value");
	assert_int_equal(parse(false, "--help=yes", NULL), FT_USAGE);
	assert_string_equal(err.text, "option --help takes no value");
}

static void wrong_values_name_their_option(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "--count", "many", NULL), FT_USAGE);
	assert_string_equal(err.text, "--count: 'many' is not a whole number");
	assert_int_equal(parse(false, "-o", "", NULL), FT_USAGE);
	assert_string_equal(err.text, "--output: the value is empty");
}

static void help_wins_over_what_follows(void **state)
{
	(void)state;
	assert_int_equal(parse(false, "--help", "--nothing", NULL), FT_OK);
	assert_true(args.help);
}

static void help_shows_every_row_under_its_heading(void **state)
{
	static const char expected[] = "\nFirst:\n"
				       "  -a, --all               everything\n"
				       "  -o, --output FILE       where to\n"
				       "\nSecond:\n"
				       "  --count N               how many\n"
				       "  --help                  this text\n";
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	options_print(out, rows);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_store_their_values),
		cmocka_unit_test(short_and_long_forms_are_the_same),
		cmocka_unit_test(words_may_stand_anywhere),
		cmocka_unit_test(a_dash_alone_is_a_word),
		cmocka_unit_test(the_first_word_may_end_the_options),
		cmocka_unit_test(parsing_again_begins_afresh),
		cmocka_unit_test(unknown_options_are_named),
		cmocka_unit_test(unknown_options_are_escaped),
		cmocka_unit_test(missing_and_surplus_values_are_told),
		cmocka_unit_test(wrong_values_name_their_option),
		cmocka_unit_test(help_wins_over_what_follows),
		cmocka_unit_test(help_shows_every_row_under_its_heading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
