/* SPDX-License-Identifier: MIT */
/* extract: names out of texts, as a list that track and import read. No home, no database. */
#include "crawler/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/values.h"
#include "store/pattern.h"

static struct {
	const char *patterns; /* NULL: none but those built in */
	char tags[TAGS_MAX + 1];
} wanted;

static const struct option_row options[] = {
	{"Options", "patterns", 0, "FILE", "INI file of patterns to look for beside names",
	 read_text, &wanted.patterns},
	{NULL, "tag", 0, "KEY=VALUE", "of all names, as seen=spam; repeatable", read_tag,
	 wanted.tags},
	{0},
};

static int read_source(struct extract *extract, const char *path, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	int result;
	int fd;

	if (strcmp(path, "-") == 0)
		return extract_read(extract, STDIN_FILENO, "standard input", err);
	escape_path(shown, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot open %s: %s", shown, strerror(errno));
	result = extract_read(extract, fd, shown, err);
	close(fd);
	return result;
}

static void print_names(const struct target_set *names)
{
	char text[NAME_TEXT_SIZE];

	for (size_t i = 0; i < names->count; i++) {
		const struct target *target = names->targets[i];

		name_to_text(text, target->name);
		if (target->tags != NULL)
			printf("%s %s\n", text, target->tags);
		else
			puts(text);
	}
}

static int read_all(struct extract *extract, const struct context *context, struct error *err)
{
	uint64_t undecided;

	if (wanted.patterns != NULL &&
	    extract_add_patterns(extract, wanted.patterns, err) != FT_OK)
		return err->code;
	if (context->count == 0 && read_source(extract, "-", err) != FT_OK)
		return err->code;
	for (int i = 0; i < context->count; i++)
		if (read_source(extract, context->words[i], err) != FT_OK)
			return err->code;
	print_names(extract_names(extract));
	undecided = extract_undecided(extract);
	if (undecided > 0)
		log_warn("%" PRIu64 " window%s of %d KiB could not be decided: a pattern of %s "
			 "came to its limits there, so names may be missing",
			 undecided, undecided == 1 ? "" : "s", PATTERN_WINDOW / 1024,
			 wanted.patterns);
	log_info("names: %zu", extract_names(extract)->count);
	return FT_OK;
}

static int extract_run(const struct context *context, struct error *err)
{
	struct extract *extract = extract_new(wanted.tags, err);
	int result;

	if (extract == NULL)
		return err->code;
	result = read_all(extract, context, err);
	extract_free(extract);
	return result;
}

static const char details[] =
	"Names out of mails, pages, reports, also defanged ones (hxxp://a[.]b[.]com),\n"
	"as a list: each once, in the order in which they came. A name has a known\n"
	"public suffix.\n"
	"Without a FILE it reads standard input, as for -.\n"
	"\n"
	"A section of the file of patterns is one: match = REGEX (PCRE2), of which\n"
	"group 1, or else all, is the name; family = NAME, tag = KEY=VALUE for what it\n"
	"finds. One that may take too long is refused.\n"
	"\n"
	"  fluxtrack extract --tag seen=spam mail.txt | fluxtrack track -\n";

const struct command command_extract = {
	.name = "extract",
	.usage = "[--patterns FILE] [--tag KEY=VALUE]... [FILE|-]...",
	.summary = "names out of any text, as a list to track or import",
	.details = details,
	.options = options,
	.words_max = WORDS_ANY,
	.run = extract_run,
};
