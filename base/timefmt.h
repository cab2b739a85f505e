/* SPDX-License-Identifier: MIT */
/* Times as RFC 3339 in UTC, and durations such as 90s, 10m, 24h, 7d, as users write them. */
#ifndef BASE_TIMEFMT_H
#define BASE_TIMEFMT_H

#include "base/error.h"

#include <stdint.h>

#define TIME_TEXT_SIZE 32

/* Writes "2008-04-08T12:00:00.000000Z" into out. */
void time_format(char out[TIME_TEXT_SIZE], int64_t wall_us);

/* Reads "2008-04-08", "2008-04-08T12:00:00Z" or "...00.123+02:00" into *wall_us. */
int time_parse(const char *text, int64_t *wall_us, struct error *err) MUST_CHECK;

/* Reads a whole number and one of s, m, h, d into *seconds; at most ten years. */
int duration_parse(const char *text, int64_t *seconds, struct error *err) MUST_CHECK;

#endif
