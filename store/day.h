/* SPDX-License-Identifier: MIT */
/* Days as files from elsewhere name them: of the calendar, in UTC, written YYYY-MM-DD. */
#ifndef STORE_DAY_H
#define STORE_DAY_H

#include <stdbool.h>

#define DAY_SIZE 11 /* "YYYY-MM-DD" and a NUL */

/* A day that the calendar has, and nothing behind it. */
bool day_is_valid(const char *text);
/* The day that text begins with; false, and out as it was, where there is none. */
bool day_read(char out[DAY_SIZE], const char *text);
/* The first day that stands in text as YYYYMMDD, no digit beside it; "" where there is none. */
void day_find(char out[DAY_SIZE], const char *text);

#endif
