/* SPDX-License-Identifier: MIT */
#include "crawler/import_zeek_words.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define FLAG_AA   0x0400
#define SECOND_US 1000000

const char *const zeek_field_names[ZEEK_FIELDS] = {
	"ts",         "id.resp_h", "id.resp_p", "proto", "query",   "qclass_name", "qtype_name",
	"rcode_name", "rtt",       "AA",        "TC",    "answers", "TTLs"};

void zeek_words_reset(struct zeek_words *words)
{
	memset(words->words, 0, sizeof(words->words));
	words->answer_count = 0;
	words->ttl_count = 0;
}

bool zeek_words_add_answer(struct zeek_words *words, const char *text)
{
	if (text == NULL || words->answer_count == ZEEK_ANSWERS_MAX)
		return false;
	words->answers[words->answer_count++] = text;
	return true;
}

bool zeek_words_add_ttl(struct zeek_words *words, const char *text)
{
	int64_t ttl_us;

	if (words->ttl_count == ZEEK_ANSWERS_MAX || !import_take_seconds(&ttl_us, text) ||
	    ttl_us / SECOND_US > UINT32_MAX)
		return false;
	words->ttls_s[words->ttl_count++] = (uint32_t)(ttl_us / SECOND_US);
	return true;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at =
		c != '\0' ? strchr(digits, c | ('A' <= c && c <= 'F' ? 0x20 : 0)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* Writes Zeek's \xHH as \DDD; false where text is longer than a name can be. */
static bool name_text(char out[NAME_TEXT_SIZE], const char *text)
{
	size_t len = strlen(text);

	if (len >= NAME_TEXT_SIZE)
		return false;
	memcpy(out, text, len + 1);
	for (char *at = strstr(out, "\\x"); at != NULL; at = strstr(at + 1, "\\x")) {
		int high = hex_digit(at[2]);
		int low = high >= 0 ? hex_digit(at[3]) : -1;
		char digits[4];

		if (low < 0)
			continue;
		snprintf(digits, sizeof(digits), "%03u", (unsigned)(high * 16 + low) & 0xff);
		memcpy(at + 1, digits, 3);
	}
	return true;
}

static bool is_address(int family, const char *text)
{
	uint8_t bytes[16];

	return inet_pton(family, text, bytes) == 1;
}

/* "TXT 5 hello" is how Zeek writes the string "hello". */
static const char *txt_text(const char *answer)
{
	const char *at = answer;

	if (strncmp(at, "TXT ", 4) != 0)
		return answer;
	at += 4;
	at += strspn(at, "0123456789");
	return *at == ' ' ? at + 1 : answer;
}

/* The type that an answer must have, by what was asked for and what it looks like. */
static uint16_t answer_type(uint16_t qtype, const char *answer)
{
	size_t len = strlen(answer);

	switch (qtype) {
	case QTYPE_A:
	case QTYPE_AAAA:
		if (is_address(AF_INET, answer))
			return QTYPE_A;
		return is_address(AF_INET6, answer) ? QTYPE_AAAA : QTYPE_CNAME;
	case QTYPE_PTR: /* a part of a reverse zone is delegated by a CNAME (RFC 2317) */
		return len > 5 && strcmp(answer + len - 5, ".arpa") == 0 ? QTYPE_CNAME
									 : QTYPE_PTR;
	default:
		return qtype;
	}
}

/* Adds an answer to the end of the chain, which a CNAME moves on. False: not understood. */
static bool take_answer(struct import_line *out, struct record *head, const char *answer)
{
	char text[NAME_TEXT_SIZE];
	struct error ignored;

	head->type = answer_type(out->lookup.qtype, answer);
	if (head->type == QTYPE_TXT)
		return message_build_record(&out->build, head, txt_text(answer));
	if (!name_text(text, answer) || !message_build_record(&out->build, head, text))
		return false;
	return head->type != QTYPE_CNAME ||
	       name_from_text(&head->owner, text, &ignored) == FT_OK;
}

/* Records of types that were not asked for are passed over; one must be understood. */
static bool take_answers(const struct zeek_words *words, struct import_line *out)
{
	struct record head = {.section = SECTION_ANSWER, .owner = out->qname};
	size_t understood = 0;

	for (size_t i = 0; i < words->answer_count; i++) {
		head.ttl_s = out->has_ttl ? words->ttls_s[i] : 0;
		understood += take_answer(out, &head, words->answers[i]);
	}
	return understood > 0 || words->answer_count == 0;
}

static bool take_server(struct import_line *out, const char *ip, const char *port)
{
	char text[SERVER_ADDRESS_TEXT_SIZE];
	struct error ignored;
	int len;

	if (ip == NULL || port == NULL)
		return true;
	len = snprintf(text, sizeof(text), strchr(ip, ':') != NULL ? "[%s]:%s" : "%s:%s", ip,
		       port);
	return len < (int)sizeof(text) &&
	       server_address_parse(&out->lookup.server, text, &ignored) == FT_OK;
}

static bool take_rtt(struct import_line *out, const char *text)
{
	int64_t rtt_us = 0;

	if (text != NULL && !import_take_seconds(&rtt_us, text))
		return false;
	out->lookup.rtt_us = rtt_us < UINT32_MAX ? (uint32_t)rtt_us : UINT32_MAX;
	return true;
}

static bool is_true(const char *word)
{
	return word != NULL && strcmp(word, "T") == 0;
}

static enum import_result take_reply(const struct zeek_words *words, struct import_line *out)
{
	uint16_t flags = (uint16_t)((is_true(words->words[ZEEK_AA]) ? FLAG_AA : 0) |
				    (is_true(words->words[ZEEK_TC]) ? FLAG_TC : 0));

	out->lookup.timed_out = words->words[ZEEK_RCODE] == NULL;
	if (out->lookup.timed_out)
		return IMPORT_TOLD;
	if (!import_take_rcode(&flags, words->words[ZEEK_RCODE]))
		return import_bad(out, "rcode_name is no response code");
	out->has_ttl = words->answer_count == words->ttl_count;
	if (!out->has_ttl && words->ttl_count > 0)
		return import_bad(out, "not as many TTLs as answers");
	import_start_answer(out, flags);
	if (!take_answers(words, out))
		return import_bad(out, "answers that are none to the question");
	return import_end_answer(out);
}

/* Of an SOA Zeek tells the primary alone: too little to make a record of. */
static bool is_other(const char *const fields[ZEEK_ANSWERS])
{
	return fields[ZEEK_TYPE] == NULL || strcmp(fields[ZEEK_TYPE], "SOA") == 0 ||
	       (fields[ZEEK_CLASS] != NULL && strcmp(fields[ZEEK_CLASS], "C_INTERNET") != 0);
}

enum import_result zeek_words_take(const struct zeek_words *words, struct import_line *out)
{
	char query[NAME_TEXT_SIZE];
	bool is_name =
		words->words[ZEEK_QUERY] != NULL && name_text(query, words->words[ZEEK_QUERY]);
	enum import_result result;

	if (is_other(words->words))
		return IMPORT_OTHER;
	result = import_take_question(out, is_name ? query : NULL, words->words[ZEEK_TYPE]);
	if (result != IMPORT_TOLD)
		return result;
	if (!import_take_time(&out->lookup.asked_wall_us, words->words[ZEEK_TS]))
		return import_bad(out, "no time (ts)");
	if (!take_server(out, words->words[ZEEK_SERVER], words->words[ZEEK_PORT]))
		return import_bad(out, "id.resp_h and id.resp_p are no server's address");
	if (!take_rtt(out, words->words[ZEEK_RTT]))
		return import_bad(out, "rtt is no number of seconds");
	out->lookup.over_tcp = words->words[ZEEK_PROTO] != NULL &&
			       strcmp(words->words[ZEEK_PROTO], "tcp") == 0;
	return take_reply(words, out);
}
