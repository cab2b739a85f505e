/* SPDX-License-Identifier: MIT */
#include "resolver/message_build.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTS_AT     6   /* the header's count of answers; the others follow */
#define STRING_MAX    255 /* octets of a TXT record's string (RFC 1035, 3.3) */
#define SOA_NUMBERS   5
#define SOA_TEXT_SIZE (2 * NAME_TEXT_SIZE + 64) /* two names and the numbers */
#define BLANKS        " \t"

void message_build_init(struct message_build *build)
{
	*build = (struct message_build){0};
	buf_init(&build->out, MESSAGE_BUILD_MAX);
}

void message_build_fini(struct message_build *build)
{
	buf_fini(&build->out);
}

static void u16_patch(struct buf *out, size_t at, size_t value)
{
	out->data[at] = (uint8_t)(value >> 8);
	out->data[at + 1] = (uint8_t)value;
}

static void put_name(struct buf *out, const uint8_t *name)
{
	buf_put(out, name, name_len(name));
}

void message_build_start(struct message_build *build, uint16_t flags, const uint8_t *qname,
			 uint16_t qtype)
{
	struct buf *out = &build->out;

	buf_reset(out);
	memset(build->counts, 0, sizeof(build->counts));
	buf_put_u16(out, 0); /* the id: of no use */
	buf_put_u16(out, FLAG_QR | flags);
	buf_put_u16(out, 1); /* question */
	buf_put_u16(out, 0);
	buf_put_u32(out, 0);
	put_name(out, qname);
	buf_put_u16(out, qtype);
	buf_put_u16(out, CLASS_IN);
}

static bool put_address(struct buf *out, int family, const char *text)
{
	uint8_t bytes[16];

	if (inet_pton(family, text, bytes) != 1)
		return false;
	buf_put(out, bytes, family == AF_INET ? 4 : 16);
	return true;
}

static bool put_name_text(struct buf *out, const char *text)
{
	struct error ignored;
	struct name name;

	if (name_from_text(&name, text, &ignored) != FT_OK)
		return false;
	put_name(out, name.wire);
	return true;
}

static bool put_number(struct buf *out, const char *text)
{
	unsigned long long value;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	value = strtoull(text, &end, 10);
	buf_put_u32(out, (uint32_t)value);
	return *end == '\0' && value <= UINT32_MAX;
}

/* Cuts the next word off *rest; empty where there is none. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

/* Primary, mailbox, then serial, refresh, retry, expire, minimum. */
static bool put_soa(struct buf *out, const char *text)
{
	char copy[SOA_TEXT_SIZE];
	char *rest = copy;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy) ||
	    !put_name_text(out, next_word(&rest)) || !put_name_text(out, next_word(&rest)))
		return false;
	for (int i = 0; i < SOA_NUMBERS; i++)
		if (!put_number(out, next_word(&rest)))
			return false;
	return *next_word(&rest) == '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The octet at *text, which may be written \DDD or \X; moves behind it. */
static uint8_t take_octet(const char **text)
{
	const char *t = *text;

	if (t[0] != '\\' || t[1] == '\0') {
		*text += 1;
		return (uint8_t)t[0];
	}
	if (!is_digit(t[1]) || !is_digit(t[2]) || !is_digit(t[3])) {
		*text += 2;
		return (uint8_t)t[1];
	}
	*text += 4;
	return (uint8_t)((t[1] - '0') * 100 + (t[2] - '0') * 10 + (t[3] - '0'));
}

/* What stands up to the quote that ends it, or all of it, as one string, or as several. */
static const char *put_string(struct buf *out, const char *text, char end)
{
	uint8_t octets[STRING_MAX];
	size_t len;

	do {
		len = 0;
		while (*text != '\0' && *text != end && len < STRING_MAX)
			octets[len++] = take_octet(&text);
		buf_put_u8(out, (uint8_t)len);
		buf_put(out, octets, len);
	} while (*text != '\0' && *text != end);
	return text;
}

/* One string as it stands, or several in quotes. */
static bool put_strings(struct buf *out, const char *text)
{
	if (*text != '"') {
		put_string(out, text, '\0');
		return true;
	}
	while (*text == '"') {
		text = put_string(out, text + 1, '"');
		if (*text != '"')
			return false;
		text++;
		text += strspn(text, BLANKS);
	}
	return *text == '\0';
}

static bool put_rdata(struct buf *out, uint16_t type, const char *text)
{
	switch (type) {
	case QTYPE_A:
		return put_address(out, AF_INET, text);
	case QTYPE_AAAA:
		return put_address(out, AF_INET6, text);
	case QTYPE_SOA:
		return put_soa(out, text);
	case QTYPE_TXT:
		return put_strings(out, text);
	default:
		return put_name_text(out, text);
	}
}

static bool is_read(uint16_t type)
{
	return type == QTYPE_A || type == QTYPE_AAAA || type == QTYPE_NS ||
	       type == QTYPE_CNAME || type == QTYPE_PTR || type == QTYPE_SOA ||
	       type == QTYPE_TXT;
}

bool message_build_record(struct message_build *build, const struct record *head,
			  const char *text)
{
	struct buf *out = &build->out;
	size_t start = out->len;
	size_t rdata_at;

	if (!is_read(head->type))
		return true;
	put_name(out, head->owner.wire);
	buf_put_u16(out, head->type);
	buf_put_u16(out, CLASS_IN);
	buf_put_u32(out, head->ttl_s);
	buf_put_u16(out, 0);
	rdata_at = out->len;
	if (!put_rdata(out, head->type, text)) {
		out->len = start;
		return false;
	}
	if (!buf_is_ok(out))
		return true;
	u16_patch(out, rdata_at - 2, out->len - rdata_at);
	build->counts[head->section]++;
	u16_patch(out, COUNTS_AT + 2 * (size_t)head->section, build->counts[head->section]);
	return true;
}
