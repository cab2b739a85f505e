/* SPDX-License-Identifier: MIT */
/*
 * PCRE2 without its compiler reads some 10 MB/s with a pattern for this, as almost any letter
 * may begin a name; this is one pass of a loop.
 */
#include "crawler/extract_scan.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define USERINFO_MAX 256 /* octets behind a host in which its @ is looked for */

/* The letters of a candidate as they are read. */
struct reading {
	char host[CANDIDATE_SIZE];
	size_t len; /* over what fits: too long, and cut */
	size_t dots;
};

static bool is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* What names are written with, and not what stands around them: quotes, arrows, CJK stops. */
static bool is_wide_letter(uint32_t point)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} others[] = {{0, 0xbf},        {0xd7, 0xd7},     {0xf7, 0xf7},     {0x2000, 0x2bff},
		      {0x2e00, 0x2e7f}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030},
		      {0xfe10, 0xfe6f}, {0xff00, 0xff0f}, {0xff1a, 0xff20}, {0xff3b, 0xff40},
		      {0xff5b, 0xff65}, {0xffe0, 0xffff}};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (point >= others[i].first && point <= others[i].last)
			return false;
	return !utf8_is_unseen(point);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet that "%XX" stands for; -1 where it is none. */
static int percent_octet(const char *text)
{
	int high;
	int low;

	if (text[0] != '%' || (high = hex_digit(text[1])) < 0 || (low = hex_digit(text[2])) < 0)
		return -1;
	return high * 16 + low;
}

static void put(struct reading *reading, const char *octets, size_t len)
{
	if (reading->len + len < sizeof(reading->host))
		memcpy(reading->host + reading->len, octets, len);
	reading->len += len;
}

/* Reads one letter in any of its forms; returns its octets in the text, 0 where it is none. */
static size_t read_letter(struct reading *reading, const char *text)
{
	uint32_t point;
	size_t len;
	int octet;
	char c;

	if (is_ascii_letter(*text)) {
		put(reading, text, 1);
		return 1;
	}
	if (*text == '%') {
		octet = percent_octet(text);
		c = (char)octet;
		if (octet < 0x80 && (octet < 0 || !is_ascii_letter(c)))
			return 0;
		put(reading, &c, 1);
		return 3;
	}
	if ((*text & 0x80) == 0)
		return 0;
	len = utf8_read(text, &point);
	if (len == 0 || !is_wide_letter(point))
		return 0;
	put(reading, text, len);
	return len;
}

static size_t blank_len(const char *text)
{
	return *text == ' ' ? 1 : 0;
}

/* The bracket that ends what c begins; NUL where c is none. */
static char closing_bracket(char c)
{
	if (c == '(')
		return ')';
	if (c == '[')
		return ']';
	return c == '{' ? '}' : '\0';
}

/*
 * Octets of a sign or its word in brackets, "[.]" or "( dot )", with at most one blank beside
 * each part; 0 where text does not begin with it.
 */
static size_t bracketed_len(const char *text, char sign, const char *word)
{
	size_t len = blank_len(text);
	char closing = closing_bracket(text[len]);

	if (closing == '\0')
		return 0;
	len++;
	len += blank_len(text + len);
	if (text[len] == sign)
		len++;
	else if (strncasecmp(text + len, word, strlen(word)) == 0)
		len += strlen(word);
	else
		return 0;
	len += blank_len(text + len);
	if (text[len] != closing)
		return 0;
	len++;
	return len + blank_len(text + len);
}

/* Octets of the dot that text begins with, in any of its forms; 0 where there is none. */
static size_t dot_len(const char *text)
{
	static const char *const forms[] = {"\\.", "%2e", "&#46;", "&#x2e;", "&period;"};

	switch (*text) {
	case '.':
		return 1;
	case '\\':
	case '%':
	case '&':
		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
			if (strncasecmp(text, forms[i], strlen(forms[i])) == 0)
				return strlen(forms[i]);
		return 0;
	default:
		return bracketed_len(text, '.', "dot");
	}
}

static size_t at_sign_len(const char *text)
{
	if (*text == '@')
		return 1;
	if (strncmp(text, "%40", 3) == 0)
		return 3;
	return bracketed_len(text, '@', "at");
}

static size_t read_label(struct reading *reading, const char *text)
{
	size_t at = 0;
	size_t step;

	while ((step = read_letter(reading, text + at)) > 0)
		at += step;
	return at;
}

/* Reads labels and the dots between them; returns their octets in the text. */
static size_t read_labels(struct reading *reading, const char *text)
{
	size_t at = read_label(reading, text);
	size_t dot;
	size_t label;

	while (at > 0 && (dot = dot_len(text + at)) > 0) {
		put(reading, ".", 1);
		label = read_label(reading, text + at + dot);
		if (label == 0) { /* the full stop of a sentence */
			reading->len--;
			break;
		}
		reading->dots++;
		at += dot + label;
	}
	return at;
}

/* Does what stands before the octet at say that a host follows? "///" begins a file's path. */
static bool is_announced(const struct scan *scan, size_t at)
{
	static const char *const forms[] = {"//",    "//]",  "//)", "\\/\\/", "%2f%2f",
					    ":\\\\", "@",    "%40", "@]",     "@)",
					    "[at]",  "(at)", "{at}"};
	const char *before = scan->text + at;

	if (at >= 3 && memcmp(before - 3, "///", 3) == 0)
		return false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t len = strlen(forms[i]);

		if (at >= len && strncasecmp(before - len, forms[i], len) == 0)
			return true;
	}
	return false;
}

/*
 * Octets up to the @ of a URL whose host comes behind it, "http://bank.example:80@evil.example"
 * (RFC 3986, 3.2.1); 0 where there is none.
 */
static size_t userinfo_len(const char *text)
{
	size_t len = 0;

	while (len < USERINFO_MAX && text[len] != '\0' &&
	       strchr("@/?#\\ \t\r\n\"'<>", text[len]) == NULL)
		len++;
	return text[len] == '@' ? len : 0;
}

/* Cuts off what surrounds a name in a text: "-evil.com-", "_evil.com_". */
static void trim(struct candidate *out, size_t len)
{
	size_t first = strspn(out->host, "-");

	while (len > first && strchr("-_", out->host[len - 1]) != NULL)
		len--;
	if (out->host[len] == '_')
		first += strspn(out->host + first, "_");
	if (first > len)
		first = len;
	memmove(out->host, out->host + first, len - first);
	out->host[len - first] = '\0';
}

/* "list.open(file": scripts in pages are full of them. Not so "evil.example(192.0.2.1)". */
static bool is_call(const char *behind)
{
	return behind[0] == '(' && !(behind[1] >= '0' && behind[1] <= '9');
}

/* What was read from at on, up to where the scan is: may it be a name? */
static bool is_candidate(struct scan *scan, size_t at, const struct reading *reading,
			 struct candidate *out)
{
	const char *behind = scan->text + scan->at;
	bool is_host;
	size_t userinfo;

	if (reading->dots == 0 || reading->len >= sizeof(out->host) || at_sign_len(behind) > 0)
		return false;
	is_host = is_announced(scan, at);
	userinfo = is_host ? userinfo_len(behind) : 0;
	scan->at += userinfo;
	memcpy(out->host, reading->host, reading->len);
	out->host[reading->len] = '\0';
	trim(out, reading->len);
	out->at = at;
	out->len = (size_t)(behind - scan->text) - at;
	out->is_bare = !is_host && strncasecmp(out->host, "www.", 4) != 0;
	return userinfo == 0 && !(out->is_bare && (scan->in_path || is_call(behind)));
}

/* Octets of "\n", "\x3c" and "\u003c", as JSON and code have them; 0 for another backslash. */
static size_t escape_len(const char *text)
{
	if (text[1] != '\0' && strchr("nrt", text[1]) != NULL)
		return 2;
	if (text[1] == 'x' && hex_digit(text[2]) >= 0 && hex_digit(text[3]) >= 0)
		return 4;
	return text[1] == 'u' && strspn(text + 2, "0123456789abcdefABCDEF") >= 4 ? 6 : 0;
}

/* Passes over what is no letter; it may begin a path, or end one. */
static void pass(struct scan *scan)
{
	static const char ends[] = " \t\r\n\"'`<>,;|()[]{}";
	const char *text = scan->text + scan->at;
	size_t escape = *text == '\\' ? escape_len(text) : 0;
	int octet = percent_octet(text);

	if (escape > 0 || *text == '\0' || strchr(ends, *text) != NULL)
		scan->in_path = false;
	else if (*text == '/' || *text == '\\' || octet == '/')
		scan->in_path = true;
	if (octet >= 0)
		escape = 3;
	scan->at += escape > 0 ? escape : 1;
	scan->is_cut = false;
}

/* Behind a host: "?query", "#fragment", ":8080/path". A "/" tells by itself. */
static bool begins_path(const char *text)
{
	return *text == '?' || *text == '#' ||
	       (*text == ':' && text[1] >= '0' && text[1] <= '9');
}

bool scan_next(struct scan *scan, size_t end, struct candidate *out)
{
	while (scan->at < end) {
		struct reading reading;
		size_t at = scan->at;
		bool is_found;

		reading.len = 0;
		reading.dots = 0;
		scan->at += read_labels(&reading, scan->text + at);
		if (scan->at == at) {
			pass(scan);
			continue;
		}
		is_found = !scan->is_cut && is_candidate(scan, at, &reading, out);
		scan->is_cut = scan->at == scan->len;
		if (begins_path(scan->text + scan->at))
			scan->in_path = true;
		if (is_found)
			return true;
	}
	return false;
}
