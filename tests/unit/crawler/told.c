/* SPDX-License-Identifier: MIT */
#include "told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct import_line told_line;
struct answer told_answer;

static const struct import_format *told_format;
static void *told_state;

void told_start(const struct import_format *format)
{
	told_format = format;
	told_state = calloc(1, format->state_size + 1);
	assert_non_null(told_state);
	import_line_init(&told_line);
}

void told_stop(void)
{
	import_line_fini(&told_line);
	free(told_state);
}

enum import_result told_read(const char *text)
{
	size_t len = strlen(text);
	char *copy = strdup(text); /* of its own size, so that a sanitizer sees its end */
	enum import_result result;

	assert_non_null(copy);
	import_line_reset(&told_line);
	result = told_format->read(told_state, copy, len, &told_line);
	free(copy);
	if (result == IMPORT_TOLD)
		answer_read(&told_line.lookup, &told_answer);
	return result;
}

enum outcome told_outcome(const char *text)
{
	enum import_result result = told_read(text);

	if (result != IMPORT_TOLD)
		fail_msg("%s: result %d, %s", text, result,
			 told_line.why != NULL ? told_line.why : "");
	return told_answer.outcome;
}

void told_bad(const char *text, const char *why)
{
	if (told_read(text) != IMPORT_BAD || strstr(told_line.why, why) == NULL)
		fail_msg("%s: not bad for '%s' but '%s'", text, why,
			 told_line.why != NULL ? told_line.why : "");
}

const char *told_addresses(void)
{
	static char out[4096];
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < told_answer.address_count; i++) {
		char text[ADDRESS_TEXT_SIZE];

		address_to_text(text, &told_answer.addresses[i]);
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%s", i > 0 ? " " : "",
				       text);
	}
	return out;
}

const char *told_names(void)
{
	static char out[4096];
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < told_answer.name_count; i++) {
		char text[NAME_TEXT_SIZE];

		name_to_text(text, told_answer.names[i].wire);
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%s", i > 0 ? " " : "",
				       text);
	}
	return out;
}

const char *told_qname(void)
{
	static char text[NAME_TEXT_SIZE];

	name_to_text(text, told_line.qname.wire);
	return text;
}
