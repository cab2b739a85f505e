/* SPDX-License-Identifier: MIT */
/*
 * From the command line to a command, and from its error to the exit code: 0 done, 1 failed,
 * 2 wrong usage, 75 try again later. The only place that exits, and the only one that logs a
 * command's error.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/home.h"
#include "cli/values.h"
#include "report/output.h"

static struct {
	const char *home;
	const char *conninfo;
	bool version;
} global;

static const struct option_row global_options[] = {
	{"Options", "home", 'C', "HOME", "folder that holds all it keeps", read_text,
	 &global.home},
	{NULL, "db", 0, "CONNINFO", "database to use, as libpq reads it", read_text,
	 &global.conninfo},
	{NULL, "version", 0, NULL, "what this is", read_flag, &global.version},
	{0},
};

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static int check_words(const struct command *command, const struct arguments *args,
		       struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (args->count < command->words_min)
		return error_set(err, FT_USAGE, "too few words; usage: %s %s", args->who,
				 command->usage);
	if (command->words_max == WORDS_ANY || args->count <= command->words_max)
		return FT_OK;
	escape_word(shown, args->words[command->words_max]);
	return error_set(err, FT_USAGE, "'%s' is one word too many; usage: %s %s", shown,
			 args->who, command->usage);
}

static const char *conninfo_choose(void)
{
	const char *named = getenv("FLUXTRACK_DB");

	if (global.conninfo != NULL)
		return global.conninfo;
	return named != NULL && named[0] != '\0' ? named : NULL;
}

/* words[0] of the count words is the command's name. */
static int command_run(const struct command *command, int count, char **words,
		       struct error *err)
{
	char who[32];
	char home[PATH_SIZE];
	struct context context = {.home = home, .conninfo = conninfo_choose()};
	struct arguments args = {.who = who,
				 .rows = command->options,
				 .stop_at_word = command->stop_at_word,
				 .count = count,
				 .words = words};

	snprintf(who, sizeof(who), "fluxtrack %s", command->name);
	if (options_parse(&args, err) != FT_OK)
		return err->code;
	if (args.help) {
		help_command(stdout, command);
		return FT_OK;
	}
	if (check_words(command, &args, err) != FT_OK ||
	    home_choose(home, global.home, err) != FT_OK)
		return err->code;
	context.count = args.count;
	context.words = args.words;
	return command->run(&context, err);
}

static int run(int argc, char **argv, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	const struct command *command;
	struct arguments args = {.who = "fluxtrack",
				 .rows = global_options,
				 .stop_at_word = true,
				 .count = argc,
				 .words = argv};

	if (options_parse(&args, err) != FT_OK)
		return err->code;
	if (args.help) {
		help_all(stdout, global_options);
		return FT_OK;
	}
	if (global.version) {
		puts("fluxtrack " FLUXTRACK_VERSION);
		return FT_OK;
	}
	if (args.count == 0) {
		help_all(stderr, global_options);
		return error_set(err, FT_USAGE, "no command given");
	}
	command = command_find(args.words[0]);
	if (command == NULL) {
		escape_word(shown, args.words[0]);
		return error_set(err, FT_USAGE, "unknown command '%s'; see fluxtrack --help",
				 shown);
	}
	return command_run(command, args.count, args.words, err);
}

/*
 * Who closed one of the three gets no file of ours in its place, with log lines in it: what is
 * written to such a descriptor fails.
 */
static void hold_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct error err = {0};
	int result;

	hold_standard_files();
	/* A closed pipe and a file at ulimit's end are failed writes like any, to be told. */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
	result = run(argc, argv, &err);
	if (result == FT_OK)
		result = output_flush_stdout(&err);
	if (result != FT_OK)
		log_warn("%s", err.text);
	return error_exit_code(result);
}
