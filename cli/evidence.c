/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/escape.h"
#include "cli/command.h"
#include "cli/name_word.h"
#include "cli/open.h"
#include "cli/values.h"
#include "report/evidence.h"
#include "report/output.h"

static struct {
	bool json;
	const char *path;
} evidence;

static int read_format(void *out_json, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (strcmp(text, "text") != 0 && strcmp(text, "json") != 0) {
		escape_word(shown, text);
		return error_set(err, FT_USAGE, "'%s' is no format; write text or json", shown);
	}
	*(bool *)out_json = strcmp(text, "json") == 0;
	return FT_OK;
}

static const struct option_row options[] = {
	{"Options", "format", 0, "text|json", "for a person or for a program (default text)",
	 read_format, &evidence.json},
	{NULL, "output", 'o', "FILE", "write to FILE, not to stdout", read_text,
	 &evidence.path},
	{0},
};

static int write_evidence(struct db *db, const char *name, struct error *err)
{
	struct output output;

	if (output_open(&output, evidence.path, err) != FT_OK)
		return err->code;
	if ((evidence.json ? evidence_json : evidence_text)(db, name, output.file, err) ==
	    FT_OK)
		return output_commit(&output, err);
	output_abandon(&output);
	return err->code;
}

static int evidence_run(const struct context *context, struct error *err)
{
	char name[NAME_TEXT_SIZE];
	struct db db;
	int result;

	if (name_word_read(name, context->words[0], err) != FT_OK ||
	    database_open(context, &db, err) != FT_OK)
		return err->code;
	result = write_evidence(&db, name, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"Names who can act (registrar or dynamic-DNS provider, and the networks),\n"
	"the verdict with its reasons, every node with times and origin, and where\n"
	"the raw messages lie. Nothing is sent to anyone.\n"
	"\n"
	"  fluxtrack evidence supersameas.com\n"
	"  fluxtrack evidence 'supersameas[.]com' --format json -o evidence.json\n";

const struct command command_evidence = {
	.name = "evidence",
	.usage = "NAME [--format text|json] [-o FILE]",
	.summary = "all that is known of a name, for who can act on it",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = evidence_run,
};
