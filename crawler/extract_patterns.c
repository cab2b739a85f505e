/* SPDX-License-Identifier: MIT */
#include "crawler/extract_patterns.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "crawler/target_tags.h"
#include "store/ini_file.h"

struct reading {
	struct extract_patterns *patterns; /* borrowed */
	const char *tags;                  /* borrowed; of all */
	unsigned section_line;             /* of the one being read; 0: none yet */
};

static int check_last(const struct reading *reading, struct error *err)
{
	const struct extract_patterns *patterns = reading->patterns;

	if (reading->section_line == 0 || patterns->all[patterns->count - 1].pattern != NULL)
		return FT_OK;
	return error_set(err, FT_FAIL, "the section at line %u has no match = PATTERN",
			 reading->section_line);
}

static int begin_section(struct reading *reading, const struct ini_entry *entry,
			 struct error *err)
{
	struct extract_patterns *patterns = reading->patterns;
	struct extract_pattern *next;

	if (check_last(reading, err) != FT_OK)
		return err->code;
	if (patterns->count == EXTRACT_PATTERNS_MAX)
		return error_set(err, FT_FAIL, "more than %d patterns", EXTRACT_PATTERNS_MAX);
	next = &patterns->all[patterns->count++];
	*next = (struct extract_pattern){0};
	memcpy(next->tags, reading->tags, strlen(reading->tags) + 1);
	reading->section_line = entry->section_line;
	return FT_OK;
}

static int take_match(struct extract_pattern *pattern, const char *text, struct error *err)
{
	if (pattern->pattern != NULL)
		return error_set(err, FT_FAIL, "a second match: make it a section of its own");
	pattern->pattern = pattern_new(text, err);
	return pattern->pattern != NULL ? FT_OK : err->code;
}

static int take_family(struct extract_pattern *pattern, const char *family, struct error *err)
{
	char tag[sizeof("family=") + INI_VALUE_SIZE];

	snprintf(tag, sizeof(tag), "family=%s", family);
	return target_tags_add(pattern->tags, tag, err);
}

static int take_value(struct extract_pattern *pattern, const struct ini_entry *entry,
		      struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (strcmp(entry->name, "match") == 0)
		return take_match(pattern, entry->value, err);
	if (strcmp(entry->name, "family") == 0)
		return take_family(pattern, entry->value, err);
	if (strcmp(entry->name, "tag") == 0)
		return target_tags_add(pattern->tags, entry->value, err);
	escape_word(shown, entry->name);
	return error_set(err, FT_FAIL, "'%s' is none of match, family and tag", shown);
}

static int take_entry(void *ctx, const struct ini_entry *entry, struct error *err)
{
	struct reading *reading = ctx;
	struct extract_patterns *patterns = reading->patterns;
	char shown[WORD_SHOWN_SIZE];

	if (entry->section_line != reading->section_line &&
	    begin_section(reading, entry, err) != FT_OK)
		return err->code;
	if (take_value(&patterns->all[patterns->count - 1], entry, err) == FT_OK)
		return FT_OK;
	escape_word(shown, entry->section);
	err->code = FT_FAIL; /* the file is wrong, and not the words of the command */
	return error_prefix(err, "[%s] %s", shown, entry->name);
}

int extract_patterns_read(struct extract_patterns *patterns, const char *path, const char *tags,
			  struct error *err)
{
	struct reading reading = {.patterns = patterns, .tags = tags};
	char shown[WORD_SHOWN_SIZE];

	if (ini_file_read(path, take_entry, &reading, err) != FT_OK)
		return err->code;
	escape_path(shown, path);
	if (reading.section_line == 0)
		return error_set(err, FT_FAIL, "%s holds no pattern", shown);
	return check_last(&reading, err) == FT_OK ? FT_OK : error_prefix(err, "%s", shown);
}

void extract_patterns_free(struct extract_patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		pattern_free(patterns->all[i].pattern);
	patterns->count = 0;
}
