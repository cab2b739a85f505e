/* SPDX-License-Identifier: MIT */
/*
 * The words of a line of Zeek's dns.log, whichever form it had, and what they mean. The log
 * tells the answers' rdata without owner and type: what is no address stands for a CNAME that
 * leads to what follows. Octets that would break a line come as \xHH.
 */
#ifndef CRAWLER_IMPORT_ZEEK_WORDS_H
#define CRAWLER_IMPORT_ZEEK_WORDS_H

#include "crawler/import_line.h"

#define ZEEK_ANSWERS_MAX 4096 /* a message has no room for more */

enum zeek_field {
	ZEEK_TS,
	ZEEK_SERVER,
	ZEEK_PORT,
	ZEEK_PROTO,
	ZEEK_QUERY,
	ZEEK_CLASS,
	ZEEK_TYPE,
	ZEEK_RCODE,
	ZEEK_RTT,
	ZEEK_AA,
	ZEEK_TC,
	ZEEK_ANSWERS, /* this one and the next are lists */
	ZEEK_TTLS,
	ZEEK_FIELDS
};

/* The names of the fields, in the order of the enum. */
extern const char *const zeek_field_names[ZEEK_FIELDS];

/* All is borrowed from the line. */
struct zeek_words {
	const char *words[ZEEK_ANSWERS]; /* NULL: unset */
	size_t answer_count;
	size_t ttl_count;
	const char *answers[ZEEK_ANSWERS_MAX];
	uint32_t ttls_s[ZEEK_ANSWERS_MAX];
};

void zeek_words_reset(struct zeek_words *words);
/* Adds to a list; false for a NULL, for one too many and for what is no TTL. */
bool zeek_words_add_answer(struct zeek_words *words, const char *text);
bool zeek_words_add_ttl(struct zeek_words *words, const char *text);

enum import_result zeek_words_take(const struct zeek_words *words, struct import_line *out);

#endif
