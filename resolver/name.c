/* SPDX-License-Identifier: MIT */
#include "resolver/name.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"

#define LABEL_MAX 63

/* A label's length octet is at most 63 and so never taken for a letter. */
static uint8_t octet_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

size_t name_len(const uint8_t *wire)
{
	size_t at = 0;

	while (wire[at] != 0)
		at += 1U + wire[at];
	return at + 1;
}

int name_compare(const uint8_t *a, const uint8_t *b)
{
	size_t len = name_len(a);

	/* b ends where a ends unless they differ before: no need to know its length. */
	for (size_t i = 0; i < len; i++) {
		int difference = octet_lower(a[i]) - octet_lower(b[i]);

		if (difference != 0)
			return difference;
	}
	return 0;
}

bool name_equal(const uint8_t *a, const uint8_t *b)
{
	return name_compare(a, b) == 0;
}

bool name_is_under(const uint8_t *name, const uint8_t *zone)
{
	size_t zone_len = name_len(zone);
	size_t left = name_len(name);

	while (left > zone_len) {
		left -= 1U + name[0];
		name += 1U + name[0];
	}
	return name_equal(name, zone);
}

void name_lower(uint8_t *wire)
{
	size_t len = name_len(wire);

	for (size_t i = 0; i < len; i++)
		wire[i] = octet_lower(wire[i]);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads what follows a backslash: three digits, or one character that stands for itself. */
static const char *escape_read(const char **text, uint8_t *out)
{
	const char *t = *text;
	int value;

	if (!is_digit(t[0])) {
		*out = (uint8_t)t[0];
		*text += 1;
		return t[0] > ' ' && t[0] <= '~' ? NULL : "a backslash with nothing after it";
	}
	if (!is_digit(t[1]) || !is_digit(t[2]))
		return "a backslash with fewer than three digits";
	value = (t[0] - '0') * 100 + (t[1] - '0') * 10 + (t[2] - '0');
	*out = (uint8_t)value;
	*text += 3;
	return value <= UINT8_MAX ? NULL : "a backslash with a number over 255";
}

/* Reads one octet of a label. Returns what is wrong with it, or NULL. */
static const char *octet_read(const char **text, uint8_t *out)
{
	char c = *(*text)++;

	if (c == '\\')
		return escape_read(text, out);
	*out = (uint8_t)c;
	return c > ' ' && c <= '~' ? NULL : "a character that must be written \\DDD";
}

/*
 * Reads one label and the dot behind it into out at *len, leaving room for the root label.
 * Returns what is wrong with it, or NULL.
 */
static const char *label_read(const char **text, struct name *out, size_t *len)
{
	size_t start = *len;
	size_t end = start + 1;

	while (**text != '\0' && **text != '.') {
		const char *wrong;

		if (end - start > LABEL_MAX)
			return "a label over 63 octets";
		if (end >= NAME_WIRE_MAX - 1)
			return "over 255 octets";
		wrong = octet_read(text, &out->wire[end++]);
		if (wrong != NULL)
			return wrong;
	}
	if (end - start == 1)
		return "an empty label";
	if (**text == '.')
		*text += 1;
	out->wire[start] = (uint8_t)(end - start - 1);
	*len = end;
	return NULL;
}

int name_from_text(struct name *out, const char *text, struct error *err)
{
	char shown[ESCAPE_MAX(60)];
	const char *at = text;
	const char *wrong = *text == '\0' ? "nothing there" : NULL;
	size_t len = 0;

	if (strcmp(text, ".") == 0)
		at++;
	while (wrong == NULL && *at != '\0')
		wrong = label_read(&at, out, &len);
	if (wrong == NULL) {
		out->wire[len] = 0;
		return FT_OK;
	}
	escape_text(shown, sizeof(shown), text, strnlen(text, 60));
	return error_set(err, FT_USAGE, "\"%s\" is no domain name: %s", shown, wrong);
}

/* What escape_text() leaves alone or writes otherwise, but is \DDD within a label. */
static bool is_special(uint8_t c)
{
	return c == ' ' || c == '.' || c == '\\';
}

static size_t label_to_text(char *out, size_t size, const uint8_t *label, size_t len)
{
	size_t at = 0;
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		if (!is_special(label[i]))
			continue;
		at += escape_text(out + at, size - at, label + from, i - from);
		at += (size_t)snprintf(out + at, size - at, "\\%03u", label[i]);
		from = i + 1;
	}
	return at + escape_text(out + at, size - at, label + from, len - from);
}

size_t name_to_text(char out[NAME_TEXT_SIZE], const uint8_t *wire)
{
	size_t at = 0;

	for (; wire[0] != 0; wire += 1U + wire[0]) {
		if (at > 0)
			out[at++] = '.';
		at += label_to_text(out + at, NAME_TEXT_SIZE - at, wire + 1, wire[0]);
	}
	if (at == 0)
		out[at++] = '.';
	out[at] = '\0';
	return at;
}
