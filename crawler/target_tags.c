/* SPDX-License-Identifier: MIT */
#include "crawler/target_tags.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "crawler/target_line.h"

/* A tag is what stands for one behind a name in a list, by itself. */
int target_tags_add(char tags[TAGS_MAX + 1], const char *tag, struct error *err)
{
	char all[TARGET_LINE_MAX];
	char words[TARGET_LINE_MAX];
	char read[TAGS_MAX + 1];
	char shown[WORD_SHOWN_SIZE];
	int len = snprintf(all, sizeof(all), "%s%s%s", tags, tags[0] != '\0' ? " " : "", tag);

	memcpy(words, all, sizeof(words));
	if (len < (int)sizeof(all) && target_tags_read(read, words, err) == FT_OK &&
	    tag[0] != '\0' && strcmp(read, all) == 0) {
		memcpy(tags, read, sizeof(read));
		return FT_OK;
	}
	escape_word(shown, tag);
	return error_set(err, FT_USAGE, "'%s' is no tag; write KEY=VALUE without blanks",
			 shown);
}
