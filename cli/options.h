/* SPDX-License-Identifier: MIT */
/*
 * Options as a table: each row says the option's name, what it takes, how it is read and where
 * the value goes. The table is parsed with getopt_long and printed as help, so the two cannot
 * differ. A wrong use is one sentence that says what to do, and FT_USAGE.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

#define OPTIONS_MAX 24 /* rows in a table */

/* Checks text and stores what it says at out; the message need not name the option. */
typedef int (*option_reader)(void *out, const char *text, struct error *err);

struct option_row {
	const char *group; /* static; heading that begins at this row, or NULL */
	const char *name;  /* static, without dashes; NULL ends the table */
	char letter;       /* short form, or 0 */
	const char *value; /* static; placeholder in help, NULL for a flag */
	const char *help;  /* static, one line */
	option_reader read;
	void *out; /* borrowed: the command's own variable, which holds the default */
};

struct arguments {
	const char *who;               /* borrowed: "fluxtrack track", for messages */
	const struct option_row *rows; /* borrowed */
	bool stop_at_word;             /* what follows the first word belongs to another */
	int count;                     /* in: of argv with its first word; out: words left */
	char **words;                  /* borrowed; in: argv; out: the words left */
	bool help;                     /* out: --help stood there; nothing else was checked */
};

/* Stores all options and leaves the words that are none. */
int options_parse(struct arguments *args, struct error *err) MUST_CHECK;
/* Prints the table under its headings, and --help. */
void options_print(FILE *out, const struct option_row *rows);

#endif
