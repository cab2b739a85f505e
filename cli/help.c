/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

static const char exit_codes[] =
	"\n"
	"Exit codes:\n"
	"  0  done\n"
	"  1  failed\n"
	"  2  wrong usage\n"
	"  75 nothing is lost, try again later: another run holds the home, no resolver\n"
	"     or feed answers, or the database is away while all is safe in the spool\n";

static const char surroundings[] =
	"\n"
	"Files:\n"
	"  HOME                     /var/lib/fluxtrack for root, else fluxtrack in\n"
	"                           $XDG_DATA_HOME or ~/.local/share\n"
	"  HOME/domains.txt         what track follows where it is told nothing else,\n"
	"  HOME/targets.txt         and what import targets adds to it\n"
	"  HOME/spool, HOME/archive the record: segments to load, and loaded ones\n"
	"  HOME/pg                  the private PostgreSQL\n"
	"\n"
	"Environment:\n"
	"  FLUXTRACK_DB             as --db, which wins\n"
	"  PGHOST, PGSERVICE, ...   a database as libpq knows it, where none is named;\n"
	"                           else a private PostgreSQL is made and started\n";

static const char examples[] = "\n"
			       "Examples:\n"
			       "  fluxtrack track supersameas.com\n"
			       "  fluxtrack -C /srv/flux track domains.txt --for 1h\n"
			       "  fluxtrack evidence supersameas.com -o evidence.txt\n"
			       "  fluxtrack export csv --asn 64500 --since 2008-04-08\n"
			       "\n"
			       "fluxtrack COMMAND --help tells more of a command.\n";

static const char purpose[] =
	"usage: fluxtrack [-C HOME] [--db CONNINFO] COMMAND ...\n"
	"\n"
	"follow domain names, record every DNS answer, say which names flux and why\n"
	"\n"
	"Commands:\n";

void help_all(FILE *out, const struct option_row *global_options)
{
	fputs(purpose, out);
	for (size_t i = 0; commands[i] != NULL; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	options_print(out, global_options);
	fputs(surroundings, out);
	fputs(exit_codes, out);
	fputs(examples, out);
}

void help_command(FILE *out, const struct command *command)
{
	fprintf(out, "usage: fluxtrack %s %s\n\n%s\n", command->name, command->usage,
		command->summary);
	if (command->details[0] != '\0')
		fprintf(out, "\n%s", command->details);
	options_print(out, command->options);
	fputs(exit_codes, out);
}
