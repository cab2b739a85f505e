/* SPDX-License-Identifier: MIT */
/*
 * Time, as everything in fluxtrack reads it, so that a test can put its own in place. Wall time
 * goes into the record; boot time (never steps, counts suspend) drives intervals and tells when
 * the wall clock jumped.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t (*wall_us)(void *ctx); /* microseconds since 1970-01-01 UTC */
	int64_t (*boot_us)(void *ctx); /* microseconds since boot */
	void *ctx;                     /* borrowed, given back to both */
};

/* CLOCK_REALTIME and CLOCK_BOOTTIME. */
extern const struct clock clock_system;

int64_t clock_wall_us(const struct clock *clock);
int64_t clock_boot_us(const struct clock *clock);

#endif
