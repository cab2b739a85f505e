/* SPDX-License-Identifier: MIT */
#include "cli/values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "crawler/target_tags.h"

#define DATE_LEN 10  /* YYYY-MM-DD */
#define RATE_MAX 1e6 /* questions a second; more is a slip of the finger */

int read_flag(void *out_bool, const char *text, struct error *err)
{
	(void)text;
	(void)err;
	*(bool *)out_bool = true;
	return FT_OK;
}

int read_text(void *out_string, const char *text, struct error *err)
{
	/* Mostly an unset variable of a script: better refused than guessed at. */
	if (text[0] == '\0')
		return error_set(err, FT_USAGE, "the value is empty");
	*(const char **)out_string = text;
	return FT_OK;
}

int read_number(void *out_int64, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	char *end = NULL;
	long long value = 0;

	errno = 0;
	if (isdigit((unsigned char)text[0]))
		value = strtoll(text, &end, 10);
	if (end == NULL || *end != '\0' || errno != 0) {
		escape_word(shown, text);
		return error_set(err, FT_USAGE, "'%s' is not a whole number", shown);
	}
	*(int64_t *)out_int64 = value;
	return FT_OK;
}

int read_rate(void *out_double, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	char *end = NULL;
	double value = 0;

	if (strspn(text, "0123456789.") == strlen(text) && text[0] != '\0')
		value = strtod(text, &end);
	if (end == NULL || *end != '\0' || value > RATE_MAX) {
		escape_word(shown, text);
		return error_set(err, FT_USAGE,
				 "'%s' is not a rate; write questions a second, 0 for no limit",
				 shown);
	}
	*(double *)out_double = value;
	return FT_OK;
}

int read_time(void *out_int64_us, const char *text, struct error *err)
{
	return time_parse(text, out_int64_us, err);
}

int read_duration(void *out_int64_s, const char *text, struct error *err)
{
	return duration_parse(text, out_int64_s, err);
}

int read_date(void *out_string, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	int64_t ignored_us;

	if (strlen(text) != DATE_LEN || time_parse(text, &ignored_us, err) != FT_OK) {
		escape_word(shown, text);
		return error_set(err, FT_USAGE, "'%s' is not a day; write it like 2008-04-08",
				 shown);
	}
	*(const char **)out_string = text;
	return FT_OK;
}

int read_vantage(void *out_string, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	size_t len = 0;

	while (isgraph((unsigned char)text[len]))
		len++;
	if (len == 0 || len > VANTAGE_MAX || text[len] != '\0') {
		escape_word(shown, text);
		return error_set(err, FT_USAGE,
				 "'%s' is no vantage: write up to %d letters, digits and signs",
				 shown, VANTAGE_MAX);
	}
	*(const char **)out_string = text;
	return FT_OK;
}

int read_tag(void *out_tags, const char *text, struct error *err)
{
	return target_tags_add(out_tags, text, err);
}

int read_server(void *out_list, const char *text, struct error *err)
{
	struct server_list *list = out_list;

	if (list->count == RESOLVER_SERVERS_MAX)
		return error_set(err, FT_USAGE, "at most %d servers", RESOLVER_SERVERS_MAX);
	if (server_address_parse(&list->servers[list->count], text, err) != FT_OK)
		return err->code;
	list->count++;
	return FT_OK;
}
