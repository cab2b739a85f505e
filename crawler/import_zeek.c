/* SPDX-License-Identifier: MIT */
/*
 * Zeek's dns.log, as TSV, whose header says which column is what, or as JSON lines. What the
 * words mean is import_zeek_words.c's to say.
 */
#include "crawler/import_json.h"
#include "crawler/import_zeek_words.h"

#include <stdio.h>
#include <string.h>

#define MARK_SIZE 16 /* of the words for what is unset or empty */

/* What is kept from line to line, and room for one line's words. */
struct zeek {
	size_t column_count; /* 0: no header yet */
	char separator;
	char set_separator;
	char unset[MARK_SIZE];
	char empty[MARK_SIZE];
	size_t columns[ZEEK_FIELDS]; /* from 1; 0: the log has none */
	char numbers[ZEEK_FIELDS][IMPORT_JSON_TEXT_SIZE];
	struct zeek_words words;
};

static bool json_lists(struct zeek *zeek, const struct import_json *object)
{
	const struct import_json *answers =
		import_json_member(object, zeek_field_names[ZEEK_ANSWERS]);
	const struct import_json *ttls =
		import_json_member(object, zeek_field_names[ZEEK_TTLS]);
	size_t answer_count = import_json_count(answers);
	size_t ttl_count = import_json_count(ttls);
	bool is_good = true;

	for (size_t i = 0; i < answer_count && is_good; i++)
		is_good = zeek_words_add_answer(
			&zeek->words, import_json_string(import_json_item(answers, i)));
	for (size_t i = 0; i < ttl_count && is_good; i++) {
		char number[IMPORT_JSON_TEXT_SIZE];

		is_good = zeek_words_add_ttl(
			&zeek->words, import_json_text(import_json_item(ttls, i), number));
	}
	return is_good;
}

static enum import_result read_json(struct zeek *zeek, const char *line, size_t len,
				    struct import_line *out)
{
	struct import_json *object = import_json_read(line, len);
	enum import_result result;

	if (object == NULL)
		return import_bad(out, "no JSON object");
	for (size_t i = 0; i < ZEEK_ANSWERS; i++)
		zeek->words.words[i] = import_json_text(
			import_json_member(object, zeek_field_names[i]), zeek->numbers[i]);
	if (json_lists(zeek, object))
		result = zeek_words_take(&zeek->words, out);
	else
		result = import_bad(out, "answers or TTLs that are none");
	import_json_free(object);
	return result;
}

/* Cuts the next word off *rest at separator; NULL after the last. */
static char *next_word(char **rest, char separator)
{
	char *word = *rest;
	char *end = word != NULL ? strchr(word, separator) : NULL;

	*rest = end != NULL ? end + 1 : NULL;
	if (end != NULL)
		*end = '\0';
	return word;
}

/* The word that a header's line gives, for what is unset for one. */
static void take_mark(char out[MARK_SIZE], const char *word)
{
	if (word != NULL)
		snprintf(out, MARK_SIZE, "%s", word);
}

static void take_columns(struct zeek *zeek, char *rest)
{
	char *word;

	zeek->column_count = 0;
	memset(zeek->columns, 0, sizeof(zeek->columns));
	while ((word = next_word(&rest, zeek->separator)) != NULL) {
		zeek->column_count++;
		for (size_t i = 0; i < ZEEK_FIELDS; i++)
			if (strcmp(word, zeek_field_names[i]) == 0)
				zeek->columns[i] = zeek->column_count;
	}
}

/* "#separator \x09" is parted by a blank; all others are by the separator it tells. */
static void read_header(struct zeek *zeek, char *line)
{
	char *rest = line;
	const char *word;

	if (strncmp(line, "#separator ", 11) == 0) {
		unsigned value = 0;

		if (sscanf(line + 11, "\\x%2x", &value) == 1 && value != 0)
			zeek->separator = (char)value;
		return;
	}
	word = next_word(&rest, zeek->separator);
	if (strcmp(word, "#fields") == 0)
		take_columns(zeek, rest);
	else if (strcmp(word, "#set_separator") == 0 && rest != NULL && *rest != '\0')
		zeek->set_separator = *rest;
	else if (strcmp(word, "#unset_field") == 0)
		take_mark(zeek->unset, rest);
	else if (strcmp(word, "#empty_field") == 0)
		take_mark(zeek->empty, rest);
}

static bool tsv_lists(struct zeek *zeek, char *answers, char *ttls)
{
	bool is_good = true;
	char *word;

	while (is_good && (word = next_word(&answers, zeek->set_separator)) != NULL)
		is_good = zeek_words_add_answer(&zeek->words, word);
	while (is_good && (word = next_word(&ttls, zeek->set_separator)) != NULL)
		is_good = zeek_words_add_ttl(&zeek->words, word);
	return is_good;
}

static enum import_result read_tsv(struct zeek *zeek, char *line, struct import_line *out)
{
	char *words[ZEEK_FIELDS] = {NULL};
	size_t count = 0;
	char *word;

	if (zeek->column_count == 0)
		return import_bad(out, "no #fields line before it");
	while ((word = next_word(&line, zeek->separator)) != NULL) {
		bool is_set = strcmp(word, zeek->unset) != 0 && strcmp(word, zeek->empty) != 0;

		count++;
		for (size_t i = 0; i < ZEEK_FIELDS && is_set; i++)
			if (zeek->columns[i] == count)
				words[i] = word;
	}
	if (count != zeek->column_count)
		return import_bad(out, "not as many columns as #fields names");
	for (size_t i = 0; i < ZEEK_ANSWERS; i++)
		zeek->words.words[i] = words[i];
	if (!tsv_lists(zeek, words[ZEEK_ANSWERS], words[ZEEK_TTLS]))
		return import_bad(out, "answers or TTLs that are none");
	return zeek_words_take(&zeek->words, out);
}

static enum import_result zeek_read(void *state, char *line, size_t len,
				    struct import_line *out)
{
	struct zeek *zeek = state;

	if (zeek->separator == '\0') { /* the first line: Zeek's defaults */
		zeek->separator = '\t';
		zeek->set_separator = ',';
		take_mark(zeek->unset, "-");
		take_mark(zeek->empty, "(empty)");
	}
	zeek_words_reset(&zeek->words);
	if (line[0] == '{')
		return read_json(zeek, line, len, out);
	if (strlen(line) != len)
		return import_bad(out, "a NUL within");
	if (line[0] != '#')
		return read_tsv(zeek, line, out);
	read_header(zeek, line);
	return IMPORT_NOTHING;
}

const struct import_format import_zeek = {
	.name = "zeek", .state_size = sizeof(struct zeek), .read = zeek_read};
