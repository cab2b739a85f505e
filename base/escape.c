/* SPDX-License-Identifier: MIT */
#include "base/escape.h"

#include <string.h>

#define WORD_MAX 60  /* octets that a message repeats */
#define TAIL_MAX 200 /* of a path, whose end tells most */

size_t escape_text(char *out, size_t size, const void *bytes, size_t len)
{
	const uint8_t *in = bytes;
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = in[i];
		size_t need = c == '\\' ? 2 : c >= 0x20 && c <= 0x7e ? 1 : 4;

		if (at + need >= size)
			break;
		if (need == 1) {
			out[at++] = (char)c;
			continue;
		}
		out[at++] = '\\';
		if (need == 2) {
			out[at++] = '\\';
			continue;
		}
		out[at++] = (char)('0' + c / 100);
		out[at++] = (char)('0' + c / 10 % 10);
		out[at++] = (char)('0' + c % 10);
	}
	out[at] = '\0';
	return at;
}

void escape_word(char out[WORD_SHOWN_SIZE], const char *word)
{
	size_t used = escape_text(out, WORD_SHOWN_SIZE, word, strnlen(word, WORD_MAX));

	if (strnlen(word, WORD_MAX + 1) > WORD_MAX)
		memcpy(out + used, "...", sizeof("..."));
}

void escape_path(char out[WORD_SHOWN_SIZE], const char *path)
{
	size_t len = strlen(path);
	size_t used = 0;

	if (len > TAIL_MAX) {
		used = escape_text(out, WORD_SHOWN_SIZE, "...", 3);
		path += len - TAIL_MAX;
		len = TAIL_MAX;
	}
	escape_text(out + used, WORD_SHOWN_SIZE - used, path, len);
}
