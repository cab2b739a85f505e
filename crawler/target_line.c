/* SPDX-License-Identifier: MIT */
#include "crawler/target_line.h"

#include "base/escape.h"
#include "crawler/idn.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BLANKS     " \t\r\n\v\f"
#define ASCII_SIZE 512 /* a name's text, with room to tell "too long" from cut off */

static int refuse(struct error *err, const char *word, const char *reason)
{
	char shown[WORD_SHOWN_SIZE];

	escape_word(shown, word);
	return error_set(err, FT_USAGE, "\"%s\" %s", shown, reason);
}

/* Cuts the next word off *rest, in place; NULL where there is none. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	*rest = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word == end ? NULL : word;
}

/* Replaces every defanged form in word by what it stands for; the word only gets shorter. */
static void refang(char *word)
{
	static const struct {
		const char *from;
		const char *to;
	} forms[] = {{"[.]", "."},   {"(.)", "."},   {"{.}", "."}, {"[dot]", "."},
		     {"(dot)", "."}, {"{dot}", "."}, {"[:]", ":"}, {"[://]", "://"}};

	if (strpbrk(word, "[({") == NULL)
		return;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t from = strlen(forms[i].from);
		size_t to = strlen(forms[i].to);

		for (char *at = word; (at = strcasestr(at, forms[i].from)) != NULL; at += to) {
			memcpy(at, forms[i].to, to);
			memmove(at + to, at + from, strlen(at + from) + 1);
		}
	}
}

/* Cuts a URL, or HOST:PORT, down to its host (RFC 3986, 3.2); hxxp:// is like any scheme. */
static char *host_of(char *word)
{
	char *host = strstr(word, "://");
	char *user;

	host = host == NULL ? word : host + 3;
	host[strcspn(host, "/?#\\")] = '\0';
	user = strrchr(host, '@');
	if (user != NULL)
		host = user + 1;
	if (host[0] == '[') /* an IPv6 address; said below */
		host[strcspn(host, "]")] = '\0';
	else if (strchr(host, ':') == strrchr(host, ':'))
		host[strcspn(host, ":")] = '\0';
	return host;
}

static char *strip_dots(char *host)
{
	size_t len;

	if (strncmp(host, "*.", 2) == 0)
		host += 2;
	len = strlen(host);
	if (len > 0 && host[len - 1] == '.')
		host[len - 1] = '\0';
	return host;
}

/* In any form that a resolver might take for one: 192.0.2.1, 0x5bf076a8, 127.1, ::1. */
static bool is_address(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	return inet_aton(host, &v4) != 0 || inet_pton(AF_INET6, host, &v6) == 1 ||
	       (host[0] == '[' && inet_pton(AF_INET6, host + 1, &v6) == 1);
}

static bool is_ascii(const char *text)
{
	while (*text != '\0' && (*text & 0x80) == 0)
		text++;
	return *text == '\0';
}

/* Letters alone, or an A-label: what the root zone holds (RFC 3696, 2). */
static bool is_top_label(const char *label)
{
	if (strncasecmp(label, "xn--", 4) == 0)
		return true;
	for (; isalpha((unsigned char)*label); label++)
		;
	return *label == '\0';
}

/* Why host (ASCII) is no name to follow; NULL where it is one. */
static const char *why_not(const char *host)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";
	const char *dot = strrchr(host, '.');

	if (host[strspn(host, letters)] != '\0')
		return "holds a character that no host name has";
	if (dot == NULL)
		return "is a single label: give the full name";
	if (!is_top_label(dot + 1))
		return "does not end in a top-level domain";
	return NULL;
}

int target_name_read(struct name *out, char *word, struct error *err)
{
	char ascii[ASCII_SIZE];
	const char *host;
	const char *reason;

	refang(word);
	host = strip_dots(host_of(word));
	if (host[0] == '\0')
		return refuse(err, word, "holds no name");
	if (is_address(host))
		return refuse(err, host, "is an address: give the name behind it");
	if (!is_ascii(host)) {
		reason = idn_to_ascii(ascii, sizeof(ascii), host);
		if (reason != NULL)
			return refuse(err, host, reason);
		host = ascii;
	}
	reason = why_not(host);
	if (reason != NULL)
		return refuse(err, host, reason);
	if (name_from_text(out, host, err) != FT_OK)
		return err->code;
	name_lower(out->wire);
	return FT_OK;
}

bool target_name_is_address(char *word)
{
	return is_address(strip_dots(host_of(word)));
}

static bool is_tag(const char *word)
{
	const char *equals = strchr(word, '=');

	if (equals == NULL || equals == word)
		return false;
	for (; *word != '\0'; word++)
		if (*word < 0x21 || *word > 0x7e)
			return false;
	return true;
}

int target_tags_read(char out[TAGS_MAX + 1], char *words, struct error *err)
{
	size_t used = 0;
	char *word;

	while ((word = next_word(&words)) != NULL && word[0] != '#') {
		size_t len = strlen(word);

		if (!is_tag(word))
			return refuse(err, word, "is no tag: write key=value");
		if (used > 0)
			out[used++] = ' ';
		if (used + len > TAGS_MAX)
			return refuse(err, word, "is a tag too many");
		memcpy(out + used, word, len);
		used += len;
	}
	out[used] = '\0';
	return FT_OK;
}

int target_line_parse(struct target_line *out, const char *line, size_t len, struct error *err)
{
	char text[TARGET_LINE_MAX + 1];
	char *rest = text;
	char *word;

	if (len > TARGET_LINE_MAX)
		return error_set(err, FT_USAGE, "longer than %d octets", TARGET_LINE_MAX);
	if (memchr(line, '\0', len) != NULL)
		return error_set(err, FT_USAGE, "holds a NUL: not a text file?");
	memcpy(text, line, len);
	text[len] = '\0';
	word = next_word(&rest);
	if (word == NULL || word[0] == '#')
		return 0;
	if (target_name_read(&out->name, word, err) != FT_OK ||
	    target_tags_read(out->tags, rest, err) != FT_OK)
		return err->code;
	return 1;
}
