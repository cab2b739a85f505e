/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_wall_us(void *ctx)
{
	(void)ctx;
	return read_us(CLOCK_REALTIME);
}

static int64_t system_boot_us(void *ctx)
{
	(void)ctx;
	return read_us(CLOCK_BOOTTIME);
}

const struct clock clock_system = {system_wall_us, system_boot_us, NULL};

int64_t clock_wall_us(const struct clock *clock)
{
	return clock->wall_us(clock->ctx);
}

int64_t clock_boot_us(const struct clock *clock)
{
	return clock->boot_us(clock->ctx);
}
