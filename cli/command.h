/* SPDX-License-Identifier: MIT */
/*
 * What a command is: a row that says all main needs to parse its options, to print its help and
 * to run it. Each command lives in a file of its own, which defines its row; commands.c lists
 * them. A command writes data to stdout, all else through log.h, and never exits itself.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/error.h"
#include "cli/options.h"

#define WORDS_ANY (-1)

/* What main knows when it runs a command. All is borrowed until the process ends. */
struct context {
	const char *home;     /* absolute path; it need not exist */
	const char *conninfo; /* from --db or FLUXTRACK_DB; NULL: see open.h */
	int count;            /* of words */
	char **words;         /* what is neither an option nor an option's value */
};

struct command {
	const char *name;
	const char *usage;   /* the words it takes, as shown in help */
	const char *summary; /* one line */
	const char *details; /* what else to know, and examples; lines end with \n */
	const struct option_row *options;
	int words_min;
	int words_max;     /* or WORDS_ANY */
	bool stop_at_word; /* what follows its first word is passed on to a program */
	int (*run)(const struct context *context, struct error *err);
};

/* All commands, in the order of help; ends with NULL. */
extern const struct command *const commands[];

extern const struct command command_track, command_load, command_enrich, command_probe,
	command_score, command_status, command_evidence, command_verify, command_export,
	command_report, command_changes, command_import, command_extract, command_dga,
	command_db, command_doctor;

#endif
