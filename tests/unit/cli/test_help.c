/* SPDX-License-Identifier: MIT */
/* cli/help and the table of commands: complete, and no wider than a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"

#define WIDTH 80

static const struct option_row no_options[] = {{0}};

static char *text_of(const struct command *command)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	if (command != NULL)
		help_command(out, command);
	else
		help_all(out, no_options);
	fclose(out);
	return text;
}

static void check_lines(const char *text)
{
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");

		assert_int_equal(line[len], '\n');
		assert_in_range(len, 0, WIDTH);
		if (len > 0)
			assert_int_not_equal(line[len - 1], ' ');
	}
}

static void the_whole_help_names_every_command(void **state)
{
	char *text = text_of(NULL);

	(void)state;
	for (size_t i = 0; commands[i] != NULL; i++)
		assert_non_null(strstr(text, commands[i]->summary));
	check_lines(text);
	free(text);
}

static void each_help_names_every_option(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i] != NULL; i++) {
		char *text = text_of(commands[i]);

		assert_non_null(strstr(text, commands[i]->usage));
		for (const struct option_row *row = commands[i]->options; row->name; row++)
			assert_non_null(strstr(text, row->name));
		check_lines(text);
		free(text);
	}
}

static void every_option_row_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i] != NULL; i++) {
		int rows = 0;

		for (const struct option_row *row = commands[i]->options; row->name; row++) {
			assert_non_null(row->read);
			assert_non_null(row->out);
			assert_non_null(row->help);
			assert_true(rows > 0 || row->group != NULL);
			rows++;
		}
		assert_in_range(rows, 0, OPTIONS_MAX);
	}
}

static void every_command_has_a_name_and_a_function(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i] != NULL; i++) {
		assert_non_null(commands[i]->run);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(commands[i]->name, commands[j]->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_help_names_every_command),
		cmocka_unit_test(each_help_names_every_option),
		cmocka_unit_test(every_option_row_is_whole),
		cmocka_unit_test(every_command_has_a_name_and_a_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
