/* SPDX-License-Identifier: MIT */
/* db: the database itself: start and stop the private one, migrate, name it, ask it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/home.h"
#include "cli/open.h"
#include "store/cluster.h"

static const struct option_row options[] = {{0}};

static int refuse_foreign(const struct context *context, struct error *err)
{
	if (database_is_private(context))
		return FT_OK;
	return error_set(err, FT_USAGE,
			 "a database is named (--db, FLUXTRACK_DB or PG...): it "
			 "is not fluxtrack's to start or stop");
}

static int db_start(const struct context *context, struct error *err)
{
	struct db db;

	if (refuse_foreign(context, err) != FT_OK || home_make(context->home, err) != FT_OK ||
	    database_open(context, &db, err) != FT_OK)
		return err->code;
	db_close(&db);
	return FT_OK;
}

static int db_stop(const struct context *context, struct error *err)
{
	if (refuse_foreign(context, err) != FT_OK || home_check(context->home, err) != FT_OK)
		return err->code;
	return cluster_stop(context->home, err);
}

static int db_migrate(const struct context *context, struct error *err)
{
	struct db db;

	if (database_open(context, &db, err) != FT_OK)
		return err->code;
	db_close(&db);
	return FT_OK;
}

static int db_url(const struct context *context, struct error *err)
{
	char conninfo[CONNINFO_SIZE];

	if (database_find(context, conninfo, err) != FT_OK)
		return err->code;
	if (conninfo[0] == '\0')
		log_info("the database is the one that libpq's environment names");
	puts(conninfo);
	return FT_OK;
}

/* Becomes psql; what follows "sql" is psql's. */
static int db_sql(const struct context *context, struct error *err)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};
	char conninfo[CONNINFO_SIZE];
	char **args = calloc((size_t)context->count + 3, sizeof(*args));
	int count = 0;

	if (args == NULL)
		return error_set(err, FT_FAIL, "out of memory");
	if (database_find(context, conninfo, err) == FT_OK) {
		args[count++] = "psql";
		args[count++] = "--dbname";
		args[count++] = conninfo;
		for (int i = 1; i < context->count; i++)
			args[count++] = context->words[i];
		/* main ignores them, and psql would inherit that. */
		sigaction(SIGPIPE, &usual, NULL);
		sigaction(SIGXFSZ, &usual, NULL);
		execvp("psql", args);
		error_set(err, FT_FAIL, "cannot run psql: %s; install postgresql-client",
			  strerror(errno));
	}
	free(args);
	return err->code;
}

static const struct {
	const char *name;
	bool takes_words;
	int (*run)(const struct context *context, struct error *err);
} actions[] = {
	{"start", false, db_start}, {"stop", false, db_stop}, {"migrate", false, db_migrate},
	{"url", false, db_url},     {"sql", true, db_sql},
};

static int db_command_run(const struct context *context, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].name, context->words[0]) != 0)
			continue;
		if (context->count == 1 || actions[i].takes_words)
			return actions[i].run(context, err);
		escape_word(shown, context->words[1]);
		return error_set(err, FT_USAGE,
				 "'%s' is one word too many; usage: fluxtrack db "
				 "%s",
				 shown, actions[i].name);
	}
	escape_word(shown, context->words[0]);
	return error_set(err, FT_USAGE,
			 "unknown action '%s'; there are start, stop, migrate, url and sql",
			 shown);
}

static const char details[] =
	"start    starts the private PostgreSQL of the home, made where missing\n"
	"stop     stops it\n"
	"migrate  brings the database to this version's tables and functions\n"
	"url      prints its conninfo\n"
	"sql      runs psql on it; all that follows is psql's\n"
	"\n"
	"  fluxtrack db sql -c 'select * from status'\n";

const struct command command_db = {
	.name = "db",
	.usage = "start|stop|migrate|url|sql [ARGUMENT]...",
	.summary = "start, stop, migrate, name or ask the database",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = WORDS_ANY,
	.stop_at_word = true,
	.run = db_command_run,
};
