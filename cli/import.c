/* SPDX-License-Identifier: MIT */
/* import: tables from elsewhere; so far which network announced which addresses, and when. */
#include <string.h>

#include "base/escape.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/home.h"
#include "cli/open.h"
#include "cli/values.h"
#include "store/prefixes.h"

static const char *valid_from; /* YYYY-MM-DD; NULL: as the file says */

static const struct option_row options[] = {
	{"Options", "from", 0, "DATE", "first day it holds (default: the file's, else today)",
	 read_date, &valid_from},
	{0},
};

static int import_run(const struct context *context, struct error *err)
{
	struct prefix_totals totals = {0};
	char shown[WORD_SHOWN_SIZE];
	struct db db;
	int result;

	if (strcmp(context->words[0], "prefixes") != 0) {
		escape_word(shown, context->words[0]);
		return error_set(err, FT_USAGE, "cannot import '%s'; there is prefixes", shown);
	}
	if (home_make(context->home, err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = import_prefixes(&db, context->words[1], valid_from, &totals, err);
	db_close(&db);
	if (result == FT_OK)
		log_info("%llu prefixes: %llu new, %llu hold no longer, %llu bad lines passed "
			 "over",
			 (unsigned long long)totals.lines, (unsigned long long)totals.added,
			 (unsigned long long)totals.ended, (unsigned long long)totals.bad);
	return result;
}

static const char details[] =
	"FILE, plain or gzip, has a prefix, a tab and an AS number a line, as pyasn\n"
	"writes it; a third column may give the day (YYYY-MM-DD) from which it holds.\n"
	"Without such a table networks are unknown and count for nothing.\n"
	"\n"
	"  fluxtrack import prefixes ipasn_20080501.dat.gz\n";

const struct command command_import = {
	.name = "import",
	.usage = "prefixes FILE [--from DATE]",
	.summary = "a table of prefixes and the networks that announced them",
	.details = details,
	.options = options,
	.words_min = 2,
	.words_max = 2,
	.run = import_run,
};
