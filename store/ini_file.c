/* SPDX-License-Identifier: MIT */
#include "store/ini_file.h"

#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "store/line_file.h"

#define FILE_MAX    (256 * 1024) /* octets: thousands of families */
#define SECTION_MAX 49           /* octets; inih cuts longer ones in silence */

struct reading {
	struct line_file *file; /* owned */
	ini_take take;
	void *ctx;         /* borrowed, for take */
	struct error *err; /* borrowed */
	int code;          /* FT_OK until something is wrong */
	size_t octets;
	unsigned line;         /* the one that inih has */
	unsigned section_line; /* 0: before the first */
	bool section_is_empty;
};

static void fail(struct reading *reading, const char *what)
{
	reading->code = error_set(reading->err, FT_FAIL, "%s", what);
}

static void fail_length(struct reading *reading)
{
	reading->code = error_set(reading->err, FT_FAIL,
				  "too long: a line has at most %d octets", INI_VALUE_SIZE - 1);
}

/* What nobody sees in the file nobody shall find in what is made of it. */
static void check_text(struct reading *reading, const char *line, size_t len)
{
	uint32_t point;
	size_t step;

	for (size_t i = 0; i < len && reading->code == FT_OK; i += step) {
		step = utf8_read(line + i, &point);
		if (step == 0)
			fail(reading, "not UTF-8");
		else if (utf8_is_unseen(point))
			reading->code =
				error_set(reading->err, FT_FAIL,
					  "a hidden or a control character in it: U+%04X",
					  (unsigned)point);
	}
}

/* inih keeps of a section what fits, and passes over what stands behind its bracket. */
static const char *check_section(const char *line)
{
	size_t len = strcspn(line, "]");

	if (line[len] == '\0' || line[len + 1] != '\0' || len == 1)
		return "no [section]";
	return len - 1 > SECTION_MAX ? "too long a section" : NULL;
}

static void begin_section(struct reading *reading, const char *line)
{
	const char *wrong = check_section(line);

	if (wrong != NULL) {
		fail(reading, wrong);
		return;
	}
	if (reading->section_is_empty) {
		reading->line = reading->section_line;
		fail(reading, "a section with nothing in it");
		return;
	}
	reading->section_is_empty = true;
	reading->section_line = reading->line;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts blanks off both ends: inih would take an indented line for more of the value before. */
static char *trim(char *line, size_t *len)
{
	while (*len > 0 && is_blank(line[*len - 1]))
		line[--*len] = '\0';
	for (; is_blank(*line); line++)
		--*len;
	for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	return line;
}

/* False where none is left. Those over FILE_MAX do not come, and are but counted as bad. */
static bool read_line(struct reading *reading, char **line, size_t *len)
{
	int more = line_file_next(reading->file, line, len, reading->err);

	reading->line++;
	if (more < 0)
		reading->code = more;
	else if (line_file_bad_lines(reading->file) > 0)
		fail_length(reading);
	return more == 1 && reading->code == FT_OK;
}

static void check_line(struct reading *reading, const char *line, size_t len, int size)
{
	if (len >= (size_t)size)
		fail_length(reading);
	else if (reading->octets > FILE_MAX)
		fail(reading, "the file is too large");
	else
		check_text(reading, line, len);
}

/* What inih calls for its next line. */
static char *next_line(char *out, int size, void *ctx)
{
	static const char mark[] = "\xef\xbb\xbf"; /* that of UTF-8, which some editors write */
	struct reading *reading = ctx;
	char *line;
	size_t len;

	if (reading->code != FT_OK || !read_line(reading, &line, &len))
		return NULL;
	reading->octets += len + 1; /* with its end and its blanks: of these is a bomb made */
	if (reading->line == 1 && strncmp(line, mark, 3) == 0) {
		line += 3;
		len -= 3;
	}
	line = trim(line, &len);
	check_line(reading, line, len, size);
	if (reading->code == FT_OK && *line == '[')
		begin_section(reading, line);
	if (reading->code != FT_OK)
		return NULL;
	memcpy(out, line, len + 1);
	return out;
}

static int take_entry(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *reading = ctx;
	struct ini_entry entry = {section, name, value, reading->section_line};

	if (reading->code != FT_OK)
		return 0;
	reading->section_is_empty = false;
	if (reading->section_line == 0)
		fail(reading, "this stands before the first [section]");
	else if (*name == '\0' || *value == '\0')
		fail(reading, "nothing before or behind the =");
	else
		reading->code = reading->take(reading->ctx, &entry, reading->err);
	return reading->code == FT_OK;
}

/* What inih could not read it passes over; the number of that line comes when all is read. */
static void read_all(struct reading *reading)
{
	int wrong = ini_parse_stream(next_line, reading, take_entry, reading);

	if (reading->code == FT_OK && wrong != 0) {
		reading->line = (unsigned)wrong;
		fail(reading, "neither [section] nor NAME = VALUE");
	} else if (reading->code == FT_OK && reading->section_is_empty) {
		reading->line = reading->section_line;
		fail(reading, "a section with nothing in it");
	}
}

int ini_file_read(const char *path, ini_take take, void *ctx, struct error *err)
{
	struct reading reading = {.take = take, .ctx = ctx, .err = err, .code = FT_OK};
	char shown[WORD_SHOWN_SIZE];

	reading.file = line_file_open(path, FILE_MAX, err);
	if (reading.file == NULL)
		return err->code;
	read_all(&reading);
	line_file_close(reading.file);
	escape_path(shown, path);
	if (reading.code != FT_OK)
		error_prefix(err, "%s, line %u", shown, reading.line);
	return reading.code;
}
