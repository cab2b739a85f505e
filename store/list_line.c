/* SPDX-License-Identifier: MIT */
#include "store/list_line.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"

#define BLANKS       " \t\r\n\v\f"
#define HOST_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

/* A shorter prefix is no list's entry but a mistake, or an attack on the list. */
#define IPV4_SHORTEST 4
#define IPV6_SHORTEST 12

static int refuse(struct error *err, const char *word, const char *reason)
{
	char shown[WORD_SHOWN_SIZE];

	escape_word(shown, word);
	return error_set(err, FT_USAGE, "\"%s\" %s", shown, reason);
}

char *list_line_trim(char *line)
{
	char *end;

	line[strcspn(line, "#;")] = '\0';
	line += strspn(line, BLANKS);
	end = line + strlen(line);
	while (end > line && strchr(BLANKS, end[-1]) != NULL)
		end--;
	*end = '\0';
	return line;
}

bool list_line_date(char out[DAY_SIZE], const char *line)
{
	line += strspn(line, BLANKS "#;");
	if (strncasecmp(line, "date:", 5) != 0)
		return false;
	line += 5;
	return day_read(out, line + strspn(line, BLANKS));
}

static void refang(char *word)
{
	char *at = word;

	while ((at = strstr(at, "[.]")) != NULL) {
		*at++ = '.';
		memmove(at, at + 2, strlen(at + 2) + 1);
	}
}

/*
 * Digits and dots alone, or hexadecimal digits with a colon or slash among them, are meant as
 * an address, whether or not they are one.
 */
static bool is_meant_as_address(const char *word)
{
	if (word[strspn(word, "0123456789.")] == '\0')
		return true;
	return strpbrk(word, ":/") != NULL &&
	       word[strspn(word, "0123456789abcdefABCDEF.:/")] == '\0';
}

/* The length behind the slash; the whole address without one; -1 where it is none. */
static int read_length(const char *slash, int most)
{
	int bits = 0;

	if (slash == NULL)
		return most;
	if (slash[1] == '\0' || strspn(slash + 1, "0123456789") != strlen(slash + 1) ||
	    strlen(slash + 1) > 3)
		return -1;
	for (const char *digit = slash + 1; *digit != '\0'; digit++)
		bits = bits * 10 + (*digit - '0');
	return bits <= most ? bits : -1;
}

static bool has_host_bits(const uint8_t bytes[16], int bits, int most)
{
	for (int bit = bits; bit < most; bit++)
		if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
			return true;
	return false;
}

static int parse_prefix(struct list_line *out, const char *word, struct error *err)
{
	uint8_t bytes[16] = {0};
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(word, '/');
	size_t len = slash != NULL ? (size_t)(slash - word) : strlen(word);
	int family = strchr(word, ':') != NULL ? AF_INET6 : AF_INET;
	int most = family == AF_INET6 ? 128 : 32;
	int bits = read_length(slash, most);

	if (len >= sizeof(address) || bits < 0)
		return refuse(err, word, "is no address or prefix");
	memcpy(address, word, len);
	address[len] = '\0';
	if (inet_pton(family, address, bytes) != 1)
		return refuse(err, word, "is no address or prefix");
	if (bits < (family == AF_INET6 ? IPV6_SHORTEST : IPV4_SHORTEST))
		return refuse(err, word, "is too large a part of all addresses");
	if (has_host_bits(bytes, bits, most))
		return refuse(err, word, "has bits set behind its length");
	out->is_prefix = true;
	snprintf(out->text, sizeof(out->text), "%s/%d", address, bits);
	return FT_OK;
}

/* Letters alone, or an A-label: what the root zone holds (RFC 3696, 2). */
static bool is_top_label(const char *label)
{
	if (strncasecmp(label, "xn--", 4) == 0)
		return true;
	while (isalpha((unsigned char)*label))
		label++;
	return *label == '\0';
}

static int parse_name(struct list_line *out, const char *word, bool of_zones, struct error *err)
{
	struct name name;
	const char *last;

	if (word[strspn(word, HOST_LETTERS)] != '\0')
		return refuse(err, word,
			      "holds what no host name has (an IDN is written xn--)");
	if (name_from_text(&name, word, err) != FT_OK)
		return err->code;
	name_lower(name.wire);
	out->is_prefix = false;
	name_to_text(out->text, name.wire);
	last = strrchr(out->text, '.');
	if (!is_top_label(last != NULL ? last + 1 : out->text))
		return refuse(err, word, "does not end in a top-level domain");
	if (last == NULL && !of_zones)
		return refuse(err, word, "is a single label: it would list all names below it");
	return FT_OK;
}

int list_line_parse(struct list_line *out, const char *text, bool of_zones, struct error *err)
{
	char word[NAME_TEXT_SIZE];
	const char *rest = word;

	if (*text == '\0' || strlen(text) >= sizeof(word))
		return refuse(err, text, *text == '\0' ? "is no entry" : "is too long");
	memcpy(word, text, strlen(text) + 1);
	refang(word);
	if (strncmp(rest, "*.", 2) == 0)
		rest++;
	if (*rest == '.')
		rest++;
	if (*rest == '\0' || strcmp(rest, ".") == 0 || strcmp(rest, "*") == 0)
		return refuse(err, word, "would list every name there is");
	if (!is_meant_as_address(rest))
		return parse_name(out, rest, of_zones, err);
	if (of_zones)
		return refuse(err, rest, "is an address, and this list is of names");
	return parse_prefix(out, rest, err);
}
