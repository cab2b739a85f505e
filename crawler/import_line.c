/* SPDX-License-Identifier: MIT */
#include "crawler/import_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/timefmt.h"

#define SECOND_US      INT64_C(1000000)
#define SECONDS_END    INT64_C(253402300800) /* year 10000: segments end there */
#define FRACTION_PLACE 100000                /* microseconds that the first digit counts */

void import_line_init(struct import_line *line)
{
	message_build_init(&line->build);
	import_line_reset(line);
}

void import_line_fini(struct import_line *line)
{
	message_build_fini(&line->build);
}

void import_line_reset(struct import_line *line)
{
	line->lookup = (struct lookup){.server = {.ip = {.family = 4}}};
	line->lookup.qname = line->qname.wire;
	line->has_ttl = true;
	line->again_us = 0;
	line->why = NULL;
}

enum import_result import_bad(struct import_line *line, const char *why)
{
	line->why = why;
	return IMPORT_BAD;
}

uint16_t import_type(const char *text)
{
	static const struct {
		const char *name;
		uint16_t type;
	} types[] = {
		{"A", QTYPE_A},         {"AAAA", QTYPE_AAAA}, {"NS", QTYPE_NS},
		{"CNAME", QTYPE_CNAME}, {"SOA", QTYPE_SOA},   {"PTR", QTYPE_PTR},
		{"TXT", QTYPE_TXT},
	};

	for (size_t i = 0; text != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(text, types[i].name) == 0)
			return types[i].type;
	return 0;
}

enum import_result import_take_question(struct import_line *line, const char *name,
					const char *type)
{
	struct error ignored;

	if (type == NULL)
		return import_bad(line, "no type of question");
	line->lookup.qtype = import_type(type);
	if (line->lookup.qtype == 0 || line->lookup.qtype == QTYPE_CNAME)
		return IMPORT_OTHER;
	if (name == NULL || name_from_text(&line->qname, name, &ignored) != FT_OK)
		return import_bad(line, "what was asked for is no domain name");
	return IMPORT_TOLD;
}

/* Digits alone, up to most. Moves *text behind them; false where there are none. */
static bool take_digits(int64_t *out, const char **text, int64_t most)
{
	const char *start = *text;
	char *end;

	if (*start < '0' || *start > '9')
		return false;
	errno = 0;
	*out = strtoll(start, &end, 10);
	*text = end;
	return errno == 0 && *out <= most;
}

bool import_take_number(uint32_t *out, const char *text)
{
	int64_t value;

	if (text == NULL || !take_digits(&value, &text, UINT32_MAX) || *text != '\0')
		return false;
	*out = (uint32_t)value;
	return true;
}

bool import_take_nanoseconds(int64_t *out_us, const char *text)
{
	int64_t value;

	if (text == NULL || !take_digits(&value, &text, INT64_MAX) || *text != '\0')
		return false;
	*out_us = value / 1000;
	return true;
}

/* A fraction of a second behind its point; digits beyond the sixth are dropped. */
static bool take_fraction(int64_t *out_us, const char *text)
{
	*out_us = 0;
	for (int64_t place = FRACTION_PLACE; *text >= '0' && *text <= '9'; text++) {
		*out_us += (*text - '0') * place;
		place /= 10;
	}
	return *text == '\0';
}

bool import_take_seconds(int64_t *out_us, const char *text)
{
	int64_t fraction_us = 0;
	int64_t seconds;

	if (text == NULL || !take_digits(&seconds, &text, SECONDS_END - 1))
		return false;
	if (*text == '.' ? !take_fraction(&fraction_us, text + 1) : *text != '\0')
		return false;
	*out_us = seconds * SECOND_US + fraction_us;
	return true;
}

bool import_take_time(int64_t *out_us, const char *text)
{
	struct error ignored;

	if (text == NULL || import_take_seconds(out_us, text))
		return text != NULL;
	return time_parse(text, out_us, &ignored) == FT_OK && *out_us >= 0 &&
	       *out_us < SECONDS_END * SECOND_US; /* by its zone it may lie behind */
}

bool import_take_rcode(uint16_t *out_flags, const char *text)
{
	/* RFC 1035, 4.1.1 and RFC 2136, 2.2, in the order of their numbers. */
	static const char *const rcodes[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
					     "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
					     "NXRRSET", "NOTAUTH", "NOTZONE"};

	for (uint16_t i = 0; text != NULL && i < sizeof(rcodes) / sizeof(rcodes[0]); i++) {
		if (strcmp(text, rcodes[i]) == 0) {
			*out_flags |= i;
			return true;
		}
	}
	return false;
}

void import_start_answer(struct import_line *line, uint16_t flags)
{
	message_build_start(&line->build, flags, line->qname.wire, line->lookup.qtype);
}

enum import_result import_end_answer(struct import_line *line)
{
	if (!buf_is_ok(&line->build.out))
		return import_bad(line, "more records than a message can hold");
	line->lookup.msg = line->build.out.data;
	line->lookup.msg_len = line->build.out.len;
	return IMPORT_TOLD;
}
