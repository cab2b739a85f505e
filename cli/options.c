/* SPDX-License-Identifier: MIT */
/* From the table of options to getopt_long, and to help. It keeps no state between calls. */
#include "cli/options.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

#include "base/escape.h"

#define LONG_BASE   256 /* getopt's value of row i: above every letter */
#define HELP_COLUMN 26  /* where the help of an option begins */

struct getopt_table {
	struct option longs[OPTIONS_MAX + 2]; /* --help and the closing row */
	char shorts[2 * OPTIONS_MAX + 4];
	int rows;
};

static void add_short(struct getopt_table *table, const struct option_row *row)
{
	size_t len = strlen(table->shorts);

	table->shorts[len++] = row->letter;
	if (row->value != NULL)
		table->shorts[len++] = ':';
	table->shorts[len] = '\0';
}

static void table_build(struct getopt_table *table, const struct arguments *args)
{
	*table = (struct getopt_table){0};
	if (args->stop_at_word)
		table->shorts[0] = '+';
	/* The colon makes getopt tell a missing value from an unknown option. */
	table->shorts[strlen(table->shorts)] = ':';
	for (const struct option_row *row = args->rows; row->name != NULL; row++) {
		struct option *option = &table->longs[table->rows];

		assert(table->rows < OPTIONS_MAX);
		option->name = row->name;
		option->has_arg = row->value != NULL ? required_argument : no_argument;
		option->val = LONG_BASE + table->rows++;
		if (row->letter != 0)
			add_short(table, row);
	}
	table->longs[table->rows].name = "help";
	table->longs[table->rows].val = LONG_BASE + table->rows;
}

static const struct option_row *row_of(const struct arguments *args, int value)
{
	const struct option_row *row = args->rows;

	if (value >= LONG_BASE)
		return row + (value - LONG_BASE);
	while (row->name != NULL && row->letter != value)
		row++;
	return row;
}

static int refuse(const struct arguments *args, const struct getopt_table *table, int found,
		  struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	const char *word = args->words[optind - 1];
	const char letter = (char)optopt;

	if (found == ':')
		return error_set(err, FT_USAGE, "option --%s needs a value: %s",
				 row_of(args, optopt)->name, row_of(args, optopt)->value);
	if (optopt >= LONG_BASE)
		return error_set(err, FT_USAGE, "option --%s takes no value",
				 table->longs[optopt - LONG_BASE].name);
	if (optopt != 0) {
		escape_text(shown, sizeof(shown), &letter, 1);
		return error_set(err, FT_USAGE, "unknown option -%s; see %s --help", shown,
				 args->who);
	}
	escape_word(shown, word);
	return error_set(err, FT_USAGE, "unknown option %s; see %s --help", shown, args->who);
}

static int store(const struct option_row *row, const char *text, struct error *err)
{
	if (row->read(row->out, text, err) == FT_OK)
		return FT_OK;
	return error_prefix(err, "--%s", row->name);
}

int options_parse(struct arguments *args, struct error *err)
{
	struct getopt_table table;

	table_build(&table, args);
	opterr = 0;
	optind = 0; /* glibc: begin afresh, the permutation order too */
	for (;;) {
		int found =
			getopt_long(args->count, args->words, table.shorts, table.longs, NULL);

		if (found == -1)
			break;
		if (found == '?' || found == ':')
			return refuse(args, &table, found, err);
		args->help = found == LONG_BASE + table.rows;
		if (args->help)
			return FT_OK;
		if (store(row_of(args, found), optarg, err) != FT_OK)
			return err->code;
	}
	args->words += optind;
	args->count -= optind;
	return FT_OK;
}

static void print_row(FILE *out, const struct option_row *row)
{
	char left[80];
	int len = 0;

	if (row->letter != 0)
		len = snprintf(left, sizeof(left), "-%c, ", row->letter);
	len += snprintf(left + len, sizeof(left) - (size_t)len, "--%s%s%s", row->name,
			row->value != NULL ? " " : "", row->value != NULL ? row->value : "");
	fprintf(out, "  %-*s%s%s\n", HELP_COLUMN - 2, left, len > HELP_COLUMN - 4 ? "  " : "",
		row->help);
}

void options_print(FILE *out, const struct option_row *rows)
{
	static const struct option_row help = {.name = "help", .help = "this text"};

	for (const struct option_row *row = rows; row->name != NULL; row++) {
		if (row->group != NULL)
			fprintf(out, "\n%s:\n", row->group);
		print_row(out, row);
	}
	if (rows->name == NULL)
		fputs("\nOptions:\n", out);
	print_row(out, &help);
}
