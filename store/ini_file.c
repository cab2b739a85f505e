/* SPDX-License-Identifier: MIT */
#include "store/ini_file.h"

#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/escape.h"
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

/* Octets of the character that text begins with (RFC 3629), 0 where it begins with none. */
static size_t read_character(uint32_t *out, const char *text)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *octets = (const unsigned char *)text;
	size_t len = octets[0] >= 0xf0 ? 4 : octets[0] >= 0xe0 ? 3 : 2;

	*out = octets[0];
	if (octets[0] < 0x80)
		return 1;
	if (octets[0] < 0xc0 || octets[0] >= 0xf8)
		return 0;
	*out &= 0x7fU >> len;
	for (size_t i = 1; i < len; i++) {
		if ((octets[i] & 0xc0) != 0x80)
			return 0;
		*out = *out << 6 | (octets[i] & 0x3f);
	}
	if (*out < least[len] || *out > 0x10ffff || (*out >= 0xd800 && *out <= 0xdfff))
		return 0;
	return len;
}

/* Of C0, C1, the line separators and what turns the direction of text (UAX #9). */
static bool is_control(uint32_t character)
{
	static const uint32_t ranges[][2] = {{0, 0x1f},        {0x7f, 0x9f},
					     {0x61c, 0x61c},   {0x200e, 0x200f},
					     {0x2028, 0x202e}, {0x2066, 0x2069}};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (character >= ranges[i][0] && character <= ranges[i][1])
			return true;
	return false;
}

/* NULL where the line is text. */
static const char *check_text(const char *line, size_t len)
{
	uint32_t character;
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		step = read_character(&character, line + i);
		if (step == 0)
			return "not UTF-8";
		if (is_control(character))
			return "a control character in it";
	}
	return NULL;
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

/* Cuts blanks off both ends: inih would take an indented line for more of the value before. */
static char *trim(char *line, size_t *len)
{
	while (*len > 0 && strchr(" \t", line[*len - 1]) != NULL)
		line[--*len] = '\0';
	for (; *line == ' ' || *line == '\t'; line++)
		--*len;
	for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
		*tab = ' ';
	return line;
}

static const char *check_line(struct reading *reading, const char *line, size_t len, int size)
{
	reading->octets += len;
	if (line_file_bad_lines(reading->file) > 0 || len >= (size_t)size)
		return "too long";
	if (reading->octets > FILE_MAX)
		return "the file is too large";
	return check_text(line, len);
}

/* What inih calls for its next line. */
static char *next_line(char *out, int size, void *ctx)
{
	static const char mark[] = "\xef\xbb\xbf"; /* that of UTF-8, which some editors write */
	struct reading *reading = ctx;
	const char *wrong;
	char *line;
	size_t len;
	int more;

	if (reading->code != FT_OK)
		return NULL;
	more = line_file_next(reading->file, &line, &len, reading->err);
	reading->code = more < 0 ? more : FT_OK;
	if (more != 1)
		return NULL;
	reading->line = (unsigned)line_file_number(reading->file);
	if (reading->line == 1 && strncmp(line, mark, 3) == 0) {
		line += 3;
		len -= 3;
	}
	line = trim(line, &len);
	wrong = check_line(reading, line, len, size);
	if (wrong != NULL)
		fail(reading, wrong);
	else if (*line == '[')
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
	escape_word(shown, path);
	if (reading.code != FT_OK)
		error_prefix(err, "%s, line %u", shown, reading.line);
	return reading.code;
}
