/* SPDX-License-Identifier: MIT */
#include "base/timefmt.h"
#include "base/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void time_format(char out[TIME_TEXT_SIZE], int64_t wall_us)
{
	int64_t micro = wall_us % 1000000;
	time_t second = (time_t)(wall_us / 1000000);
	char date[24];
	struct tm tm;

	if (micro < 0) {
		micro += 1000000;
		second--;
	}
	gmtime_r(&second, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, TIME_TEXT_SIZE, "%s.%06dZ", date, (int)micro);
}

static int refuse(const char *text, const char *reason, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	escape_word(shown, text);
	return error_set(err, FT_USAGE, "'%s' is not %s", shown, reason);
}

static int bad_time(const char *text, struct error *err)
{
	return refuse(text, "a time; write it like 2008-04-08T12:00:00Z", err);
}

/* Reads ".123456" at *rest into microseconds and moves *rest behind it. */
static int64_t parse_fraction(const char **rest)
{
	int64_t micro = 0;
	int64_t unit = 100000;
	const char *p = *rest;

	if (*p != '.')
		return 0;
	for (p++; *p >= '0' && *p <= '9'; p++) {
		micro += (*p - '0') * unit;
		unit /= 10;
	}
	*rest = p;
	return micro;
}

/* Reads "Z", "+02:00" or nothing (UTC) at rest; the offset in seconds, or INT32_MIN. */
static int32_t parse_zone(const char *rest)
{
	struct tm offset = {0};
	const char *end;

	if (*rest == '\0' || strcmp(rest, "Z") == 0 || strcmp(rest, "z") == 0)
		return 0;
	if ((*rest != '+' && *rest != '-') || strlen(rest) != strlen("+02:00"))
		return INT32_MIN;
	end = strptime(rest + 1, "%H:%M", &offset);
	if (end == NULL || *end != '\0')
		return INT32_MIN;
	return (*rest == '-' ? -1 : 1) * (offset.tm_hour * 3600 + offset.tm_min * 60);
}

/* timegm() would make the 30th of February the first of March. */
static bool is_real_day(struct tm date)
{
	int day = date.tm_mday;

	timegm(&date);
	return date.tm_mday == day;
}

int time_parse(const char *text, int64_t *wall_us, struct error *err)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	int64_t micro = 0;
	int32_t zone = 0;

	if (rest == NULL || !is_real_day(tm))
		return bad_time(text, err);
	if (*rest == 'T' || *rest == 't' || *rest == ' ') {
		rest = strptime(rest + 1, "%H:%M:%S", &tm);
		if (rest == NULL)
			return bad_time(text, err);
		micro = parse_fraction(&rest);
		zone = parse_zone(rest);
		if (zone == INT32_MIN)
			return bad_time(text, err);
	} else if (*rest != '\0') {
		return bad_time(text, err);
	}
	*wall_us = ((int64_t)timegm(&tm) - zone) * 1000000 + micro;
	return FT_OK;
}

int duration_parse(const char *text, int64_t *seconds, struct error *err)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	const int64_t longest_s = 3653LL * 86400;
	char *end;
	long value = strtol(text, &end, 10);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text[0] < '0' || text[0] > '9' || *end != units[i].unit || end[1] != '\0')
			continue;
		if (value > longest_s / units[i].seconds)
			break;
		*seconds = value * units[i].seconds;
		return FT_OK;
	}
	return refuse(text, "a duration; write it like 90s, 10m, 24h", err);
}
