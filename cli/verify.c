/* SPDX-License-Identifier: MIT */
/* verify: a dossier against the segments that it cites. It needs no database. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/values.h"
#include "report/verify.h"

static const char *archive;

static const struct option_row options[] = {
	{"Options", "archive", 0, "DIR", "segments lie in DIR, not in HOME/archive", read_text,
	 &archive},
	{0},
};

static void say_difference(void *ctx, const char *line)
{
	(void)ctx;
	log_warn("%s", line);
}

/* True where all of them are as the dossier says. */
static bool print_count(const char *what, const struct verify_count *count)
{
	printf("%s: %zu of %zu\n", what, count->good, count->all);
	return count->good == count->all;
}

static int print_counts(const struct verify *verify, struct error *err)
{
	bool hold = print_count("segments whole, with the hash given", &verify->segments);

	hold &= print_count("links of the chain", &verify->links);
	hold &= print_count("lookups as recorded", &verify->lookups);
	hold &= print_count("messages as they came", &verify->messages);
	if (verify->pages.all > 0)
		hold &= print_count("pages as recorded", &verify->pages);
	printf("not checked: verdict, counts, nodes and related names; they are the database's "
	       "reading of all lookups, of which these are a part\n");
	if (hold && verify->differences == 0)
		return FT_OK;
	return error_set(err, FT_FAIL, "not all is as the dossier says");
}

static int verify_file(struct verify *verify, const char *path, struct error *err)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char shown[WORD_SHOWN_SIZE];
	int result;

	escape_path(shown, path);
	if (in == NULL)
		return error_set(err, FT_FAIL, "cannot open %s: %s", shown, strerror(errno));
	result = verify_dossier(verify, in, err);
	if (in != stdin)
		fclose(in);
	return result == FT_OK ? FT_OK : error_prefix(err, "%s", shown);
}

static int verify_run(const struct context *context, struct error *err)
{
	struct verify verify = {.differs = say_difference};
	char folder[PATH_SIZE];

	if (archive == NULL && path_join(folder, context->home, "archive", err) != FT_OK)
		return err->code;
	verify.archive = archive != NULL ? archive : folder;
	if (verify_file(&verify, context->words[0], err) != FT_OK)
		return err->code;
	return print_counts(&verify, err);
}

static const char details[] =
	"FILE is what evidence --format json wrote; - is stdin. Every segment that it\n"
	"cites is read whole: its checksums, its SHA-256, the hash of the one before\n"
	"it, and each lookup, message and page that the dossier takes from it. What does\n"
	"not hold is said with segment, record and octet. It needs no database.\n"
	"\n"
	"  fluxtrack evidence supersameas.com --format json -o evidence.json\n"
	"  fluxtrack verify evidence.json\n";

const struct command command_verify = {
	.name = "verify",
	.usage = "FILE [--archive DIR]",
	.summary = "check a dossier against the recorded messages",
	.details = details,
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = verify_run,
};
