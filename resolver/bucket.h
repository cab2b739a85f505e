/* SPDX-License-Identifier: MIT */
/* A token bucket: how many questions a rate limit allows now. No rate: no limit. */
#ifndef RESOLVER_BUCKET_H
#define RESOLVER_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bucket {
	double rate_qps;     /* 0: no limit */
	double tokens;       /* never more than a tenth of a second's, or one */
	int64_t refilled_us; /* boot time */
};

void bucket_init(struct bucket *bucket, double rate_qps, int64_t now_us);
/* How many may be taken now; SIZE_MAX without a limit. */
size_t bucket_room(struct bucket *bucket, int64_t now_us);
void bucket_take(struct bucket *bucket);

#endif
