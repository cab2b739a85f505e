/* SPDX-License-Identifier: MIT */
#include "cli/name_word.h"

#include <string.h>

#include "base/escape.h"
#include "crawler/target_line.h"

int name_word_read(char out[NAME_TEXT_SIZE], const char *word, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	struct target_line line;
	int found = target_line_parse(&line, word, strlen(word), err);

	if (found < 0)
		return found;
	if (found == 0) {
		escape_word(shown, word);
		return error_set(err, FT_USAGE, "'%s' is not a domain name", shown);
	}
	name_to_text(out, line.name.wire);
	return FT_OK;
}
