/* SPDX-License-Identifier: MIT */
#include "store/day.h"

#include <stdio.h>
#include <string.h>

#include "base/timefmt.h"

#define DIGITS "0123456789"

bool day_is_valid(const char *text)
{
	char back[TIME_TEXT_SIZE];
	struct error ignored;
	int64_t wall_us;

	if (strlen(text) != DAY_SIZE - 1 || time_parse(text, &wall_us, &ignored) != FT_OK)
		return false;
	time_format(back, wall_us); /* "2024- 3- 1" comes back otherwise */
	return strncmp(back, text, DAY_SIZE - 1) == 0;
}

bool day_read(char out[DAY_SIZE], const char *text)
{
	char day[DAY_SIZE];

	snprintf(day, sizeof(day), "%s", text);
	if (!day_is_valid(day))
		return false;
	memcpy(out, day, sizeof(day));
	return true;
}

void day_find(char out[DAY_SIZE], const char *text)
{
	while (*text != '\0') {
		size_t digits = strspn(text, DIGITS);

		snprintf(out, DAY_SIZE, "%.4s-%.2s-%.2s", text, digits == 8 ? text + 4 : "",
			 digits == 8 ? text + 6 : "");
		if (day_is_valid(out))
			return;
		text += digits > 0 ? digits : 1;
	}
	out[0] = '\0';
}
