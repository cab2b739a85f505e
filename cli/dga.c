/* SPDX-License-Identifier: MIT */
/* dga: the names a family's bots will ask for. Stdout alone; no home, no database. */
#include "crawler/dga.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/values.h"

#define COUNT_MAX 1000000 /* indices; no family uses more than thousands */

static struct {
	int64_t version;
	const char *seed;
	int64_t tlds;
	int64_t at_us;
	int64_t count;
} dga = {.version = 1, .seed = "a", .tlds = 1, .at_us = TIME_NONE, .count = 10};

static const struct option_row options[] = {
	{"Options", "version", 0, "1|2", "of the algorithm (default 1)", read_number,
	 &dga.version},
	{NULL, "seed", 0, "a|b", "seed set (default a)", read_text, &dga.seed},
	{NULL, "tlds", 0, "1|2", "set of parent domains (default 1)", read_number, &dga.tlds},
	{NULL, "at", 0, "TIME", "as of that moment (default: now)", read_time, &dga.at_us},
	{NULL, "count", 0, "N", "indices 0 to N-1 (default 10)", read_number, &dga.count},
	{0},
};

static int make_key(const struct dga_family *family, struct dga_key *key, struct error *err)
{
	int64_t at_us = dga.at_us == TIME_NONE ? clock_wall_us(&clock_system) : dga.at_us;

	if (dga.count > COUNT_MAX)
		return error_set(err, FT_USAGE, "--count: at most %d", COUNT_MAX);
	if (dga.version > INT_MAX || dga.tlds > INT_MAX || strlen(dga.seed) != 1)
		return error_set(err, FT_USAGE,
				 "%s has no such version, seed or tlds; see "
				 "fluxtrack dga --help",
				 family->name);
	*key = (struct dga_key){.version = (int)dga.version,
				.seed = dga.seed[0],
				.tlds = (int)dga.tlds,
				.time_s = at_us / 1000000};
	return family->check(key, err);
}

static void print_names(const struct dga_family *family, const void *prepared)
{
	char name[DGA_NAME_SIZE];

	for (uint32_t index = 0; index < dga.count; index++) {
		for (unsigned stream = 0; stream < family->streams; stream++) {
			family->generate(name, prepared, index, stream);
			puts(name);
		}
	}
}

static int dga_run(const struct context *context, struct error *err)
{
	const struct dga_family *family = dga_find(context->words[0], err);
	struct dga_key key;
	void *prepared;

	if (family == NULL || make_key(family, &key, err) != FT_OK)
		return err->code;
	prepared = family->prepare(&key);
	if (prepared == NULL)
		return error_set(err, FT_FAIL, "out of memory for names");
	print_names(family, prepared);
	free(prepared);
	return FT_OK;
}

static const char details[] =
	"For each index the \"nex\" name, then the \"ex\" name. Version 1 gives the same\n"
	"names at all times, version 2 others each week.\n"
	"\n"
	"  fluxtrack dga kraken --version 2 --at 2008-04-08 --count 50\n";

const struct command command_dga = {
	.name = "dga",
	.usage = "kraken [OPTION]...",
	.summary = "the names that a family's generator gives, one a line",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = dga_run,
};
