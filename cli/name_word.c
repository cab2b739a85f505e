/* SPDX-License-Identifier: MIT */
#include "cli/name_word.h"

#include <stdbool.h>
#include <string.h>

#include "base/escape.h"
#include "crawler/target_line.h"

#define HOST_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

/* A name that another tool's file told of holds any octets: such as no list would take. */
static bool read_told(struct name *out, const char *word)
{
	struct error ignored;

	if (word[strspn(word, HOST_LETTERS)] == '\0' || strchr(word, '.') == NULL ||
	    name_from_text(out, word, &ignored) != FT_OK)
		return false;
	name_lower(out->wire);
	return true;
}

int name_word_read(char out[NAME_TEXT_SIZE], const char *word, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	struct target_line line;
	int found = 0;

	if (strchr(word, '\\') == NULL) /* in a list's line it would end the host of a URL */
		found = target_line_parse(&line, word, strlen(word), err);
	if (found < 1 && !read_told(&line.name, word)) {
		escape_word(shown, word);
		return found < 0 ? found
				 : error_set(err, FT_USAGE, "'%s' is not a domain name", shown);
	}
	name_to_text(out, line.name.wire);
	return FT_OK;
}
