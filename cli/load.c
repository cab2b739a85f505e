/* SPDX-License-Identifier: MIT */
/* load: segments into the database, each once, however often it is asked to. */
#include <stddef.h>

#include "base/log.h"
#include "cli/command.h"
#include "cli/home.h"
#include "cli/open.h"
#include "store/loader.h"
#include "store/spool.h"

static const struct option_row options[] = {{0}};

/* What a killed collector left is sealed first; one that lives sees to that itself. */
static int recover(const char *home, struct error *err)
{
	switch (home_lock(home, err)) {
	case FT_OK:
		return spool_recover(home, err);
	case FT_AGAIN:
		return FT_OK;
	default:
		return err->code;
	}
}

/* Segments that are named may come from elsewhere, and this be where they first meet. */
static int prepare(const struct context *context, struct error *err)
{
	if (context->count > 0)
		return home_make(context->home, err);
	if (home_check(context->home, err) != FT_OK)
		return err->code;
	return recover(context->home, err);
}

/* A broken segment is said and does not keep the others out. */
static int load_files(const struct context *context, struct db *db,
		      struct loader_totals *totals, struct error *err)
{
	for (int i = 0; i < context->count; i++) {
		uint64_t broken = totals->broken;

		if (loader_load_file(db, context->words[i], totals, err) == FT_OK)
			continue;
		if (totals->broken == broken)
			return err->code;
		log_warn("%s", err->text);
	}
	return FT_OK;
}

static int load(const struct context *context, struct db *db, struct loader_totals *totals,
		struct error *err)
{
	if (context->count == 0)
		return loader_load_spool(db, context->home, totals, err);
	return load_files(context, db, totals, err);
}

static int load_run(const struct context *context, struct error *err)
{
	struct loader_totals totals = {0};
	struct db db;
	int result;

	if (prepare(context, err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = load(context, &db, &totals, err);
	db_close(&db);
	log_info("loaded %llu segments, %llu rows; %llu segments were loaded before",
		 (unsigned long long)totals.segments, (unsigned long long)totals.rows,
		 (unsigned long long)totals.known);
	if (result == FT_OK && totals.broken > 0)
		return error_set(err, FT_FAIL, "%llu broken segments were left where they are",
				 (unsigned long long)totals.broken);
	return result;
}

static const char details[] =
	"Loading twice changes nothing, and the order of segments does not matter.\n"
	"A lost database comes back from the archive:\n"
	"\n"
	"  find HOME/archive -name '*.seg' -print0 | xargs -0 fluxtrack load\n";

const struct command command_load = {
	.name = "load",
	.usage = "[SEGMENT]...",
	.summary = "load what the spool holds, or the segments named, into the database",
	.details = details,
	.options = options,
	.words_max = WORDS_ANY,
	.run = load_run,
};
