/* SPDX-License-Identifier: MIT */
#include "crawler/http_head.h"

#include <string.h>
#include <strings.h>

static struct head_piece trimmed(const char *at, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", at[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr(" \t", *at) != NULL) {
		at++;
		len--;
	}
	return (struct head_piece){at, len};
}

bool head_next_value(struct head_piece *rest, const char *name, struct head_piece *value)
{
	size_t name_len = strlen(name);

	while (rest->len > 0) {
		const char *line = rest->at;
		const char *newline = memchr(line, '\n', rest->len);
		size_t len = newline != NULL ? (size_t)(newline - line) + 1 : rest->len;

		rest->at += len;
		rest->len -= len;
		if (len > name_len && line[name_len] == ':' &&
		    strncasecmp(line, name, name_len) == 0) {
			*value = trimmed(line + name_len + 1, len - name_len - 1);
			return true;
		}
	}
	return false;
}

bool head_lengths_differ(struct head_piece head)
{
	struct head_piece first;
	struct head_piece other;

	if (!head_next_value(&head, "Content-Length", &first))
		return false;
	while (head_next_value(&head, "Content-Length", &other)) {
		if (other.len != first.len || memcmp(other.at, first.at, first.len) != 0)
			return true;
	}
	return false;
}
