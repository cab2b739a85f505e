/* SPDX-License-Identifier: MIT */
#include "store/line_class.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/pattern.h"

#define OCTETS    4
#define FORM_SIZE (4 * OCTETS + 1)

enum word {
	WORD_FIXED,    /* the line's address stays */
	WORD_SERVER,   /* a service, or a hoster's machine */
	WORD_DYNAMIC,  /* addresses are dealt out */
	WORD_ACCESS,   /* what customers are connected by */
	WORD_CUSTOMER, /* counts together with the address's last octet */
	WORD_HOST,     /* counts where nothing else tells */
	WORDS
};

#define START "(?<![a-z])"
#define END   "(?![a-z])"

/* Each looks at an octet a bounded number of times: no quantifier within another. */
static const char *const patterns[WORDS] = {
	[WORD_FIXED] = START "(?:static|stat|sta|fixed|fix|perm|dedicated|business|biz|corp)"
			     "(?:ip|addr)?" END,
	[WORD_SERVER] = "^(?:web)?(?:mail|e?smtp|mx|mta|relay|imap|pop3?|www|web|ns|dns|ftp|"
			"srv|vpn|proxy"
			"|news|lists?|mailout|out)(?:-?\\d{1,4}[a-z]?)?[.-]"
			"|" START
			"(?:[a-z]{0,12}servers?|srv|vps|vds|colo|colocation|hosting|hosted|dedi"
			"|cloud|compute|ec2|datacenter|cdn|vm|kvm|ntp)" END,
	[WORD_DYNAMIC] = START "(?:dyn|dynamic|dynip|dynamicip|dynpool|dip|dhcp|ppp|pppoe|pppoa"
			       "|dial|dialup|dialin|dialpool|ras)" END,
	[WORD_ACCESS] = START "(?:[a-z]{0,6}dsl|cable|catv|kabel|cablemodem|modem|hsd|isdn"
			      "|broadband|bb|ftth|fttx|fttb|gpon|cpe|cm|umts|gprs|lte|wimax"
			      "|wireless|mobile|3g|4g|res|resi|residential)" END,
	[WORD_CUSTOMER] =
		START "(?:pool|customers?|cust|clients?|users?|subs?|subscribers?|home"
		      "|abo)" END,
	[WORD_HOST] = "^(?:host|node|gw|gateway|fw|db|app|api)-?\\d{0,4}[.]",
};

struct line_class {
	struct pattern *words[WORDS]; /* owned */
};

struct line_class *line_class_new(struct error *err)
{
	struct line_class *lines = calloc(1, sizeof(*lines));

	if (lines == NULL) {
		error_set(err, FT_FAIL, "no memory for patterns");
		return NULL;
	}
	for (size_t i = 0; i < WORDS; i++) {
		lines->words[i] = pattern_new_own(patterns[i], err);
		if (lines->words[i] == NULL) {
			line_class_free(lines);
			return NULL;
		}
	}
	return lines;
}

void line_class_free(struct line_class *lines)
{
	if (lines == NULL)
		return;
	for (size_t i = 0; i < WORDS; i++)
		pattern_free(lines->words[i]);
	free(lines);
}

/* A search that came to a limit, which none should, has not found the word. */
static bool has_word(const struct line_class *lines, const char *name, enum word word)
{
	return pattern_holds(lines->words[word], name, strlen(name));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* Does form stand in name, and not as part of a longer number? */
static bool has_number(const char *name, const char *form, bool (*is_part)(char c))
{
	size_t len = strlen(form);

	for (const char *at = strstr(name, form); at != NULL; at = strstr(at + 1, form))
		if ((at == name || !is_digit(at[-1])) && !is_part(at[len]))
			return true;
	return false;
}

/* The four octets in one order, in each way of writing them. */
static bool has_octets(const char *name, const uint8_t o[OCTETS])
{
	static const char separators[] = ".-_x";
	char form[FORM_SIZE];

	for (const char *s = separators; *s != '\0'; s++) {
		snprintf(form, sizeof(form), "%u%c%u%c%u%c%u", o[0], *s, o[1], *s, o[2], *s,
			 o[3]);
		if (has_number(name, form, is_digit))
			return true;
		snprintf(form, sizeof(form), "%03u%c%03u%c%03u%c%03u", o[0], *s, o[1], *s, o[2],
			 *s, o[3]);
		if (has_number(name, form, is_digit))
			return true;
	}
	snprintf(form, sizeof(form), "%03u%03u%03u%03u", o[0], o[1], o[2], o[3]);
	if (has_number(name, form, is_digit))
		return true;
	snprintf(form, sizeof(form), "%02x%02x%02x%02x", o[0], o[1], o[2], o[3]);
	return has_number(name, form, is_hex);
}

static bool has_address(const char *name, const struct address *address)
{
	const uint8_t *o = address->bytes;
	const uint8_t reversed[OCTETS] = {o[3], o[2], o[1], o[0]};

	return has_octets(name, o) || has_octets(name, reversed);
}

static bool has_last_octet(const char *name, const struct address *address)
{
	char form[FORM_SIZE];

	snprintf(form, sizeof(form), "%u", address->bytes[OCTETS - 1]);
	return has_number(name, form, is_digit);
}

enum line_kind line_class_tell(struct line_class *lines, const char *name,
			       const struct address *address)
{
	bool is_dynamic = has_word(lines, name, WORD_DYNAMIC);
	bool is_known = address != NULL && address->family == 4;

	if (has_word(lines, name, WORD_FIXED))
		return is_dynamic ? LINE_UNKNOWN : LINE_SERVER;
	is_dynamic = is_dynamic || has_word(lines, name, WORD_ACCESS);
	if (has_word(lines, name, WORD_SERVER))
		return is_dynamic ? LINE_UNKNOWN : LINE_SERVER;
	if (is_dynamic || (is_known && has_address(name, address)))
		return LINE_DYNAMIC;
	if (is_known && has_word(lines, name, WORD_CUSTOMER) && has_last_octet(name, address))
		return LINE_DYNAMIC;
	return has_word(lines, name, WORD_HOST) ? LINE_SERVER : LINE_UNKNOWN;
}

bool line_class_address(struct address *out, const char *name)
{
	unsigned o[OCTETS];
	int used = 0;

	if (sscanf(name, "%3u.%3u.%3u.%3u.in-addr.arpa%n", &o[0], &o[1], &o[2], &o[3], &used) !=
		    OCTETS ||
	    used == 0 || name[used] != '\0')
		return false;
	*out = (struct address){.family = 4};
	for (size_t i = 0; i < OCTETS; i++) {
		if (o[i] > UINT8_MAX)
			return false;
		out->bytes[OCTETS - 1 - i] = (uint8_t)o[i];
	}
	return true;
}
