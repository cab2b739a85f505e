/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/escape.h"
#include "cli/command.h"
#include "cli/name_word.h"
#include "cli/open.h"
#include "cli/values.h"
#include "report/evidence.h"
#include "report/evidence_html.h"
#include "report/output.h"

struct format {
	const char *name;
	int (*write)(const struct evidence *evidence, FILE *out, struct error *err);
};

static const struct format formats[] = {
	{"text", evidence_text},
	{"json", evidence_json},
	{"html", evidence_html},
};

static struct {
	const struct format *format;
	const char *path;
} wanted = {.format = &formats[0]};

static int read_format(void *out_format, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(text, formats[i].name) == 0) {
			*(const struct format **)out_format = &formats[i];
			return FT_OK;
		}
	}
	escape_word(shown, text);
	return error_set(err, FT_USAGE, "'%s' is no format; write text, json or html", shown);
}

static const struct option_row options[] = {
	{"Options", "format", 0, "text|json|html",
	 "to paste, for programs, to read (default text)", read_format, &wanted.format},
	{NULL, "output", 'o', "FILE", "write to FILE, not to stdout", read_text, &wanted.path},
	{0},
};

static int write_evidence(const struct evidence *evidence, struct error *err)
{
	struct output output;

	if (output_open(&output, wanted.path, err) != FT_OK)
		return err->code;
	if (wanted.format->write(evidence, output.file, err) == FT_OK)
		return output_commit(&output, err);
	output_abandon(&output);
	return err->code;
}

static int evidence_run(const struct context *context, struct error *err)
{
	char name[NAME_TEXT_SIZE];
	char archive[PATH_SIZE];
	struct db db;
	struct evidence evidence = {.db = &db, .archive = archive, .name = name};
	int result;

	if (name_word_read(name, context->words[0], err) != FT_OK ||
	    path_join(archive, context->home, "archive", err) != FT_OK ||
	    database_open(context, &db, err) != FT_OK)
		return err->code;
	result = write_evidence(&evidence, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"Names who can act (registrar or dynamic-DNS provider, and the networks),\n"
	"the verdict with its reasons, every node with times and origin, related\n"
	"names, and the raw messages that carry the proof. As JSON it is all there\n"
	"is, for programs and for fluxtrack verify; the text is ready to paste.\n"
	"Nothing is sent to anyone.\n"
	"\n"
	"  fluxtrack evidence supersameas.com\n"
	"  fluxtrack evidence 'supersameas[.]com' --format json -o evidence.json\n";

const struct command command_evidence = {
	.name = "evidence",
	.usage = "NAME [--format text|json|html] [-o FILE]",
	.summary = "all that is known of a name, for who can act on it",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = evidence_run,
};
