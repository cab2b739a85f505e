/* SPDX-License-Identifier: MIT */
#include "resolver/bucket.h"

/* The most that can be saved up: a pause must not be followed by a flood. */
static double burst(const struct bucket *bucket)
{
	return bucket->rate_qps > 10 ? bucket->rate_qps / 10 : 1;
}

void bucket_init(struct bucket *bucket, double rate_qps, int64_t now_us)
{
	*bucket = (struct bucket){.rate_qps = rate_qps, .refilled_us = now_us};
	bucket->tokens = burst(bucket);
}

size_t bucket_room(struct bucket *bucket, int64_t now_us)
{
	double gained = (double)(now_us - bucket->refilled_us) * bucket->rate_qps / 1e6;

	if (bucket->rate_qps <= 0)
		return SIZE_MAX;
	bucket->refilled_us = now_us;
	bucket->tokens += gained;
	if (bucket->tokens > burst(bucket))
		bucket->tokens = burst(bucket);
	return bucket->tokens >= 1 ? (size_t)bucket->tokens : 0;
}

void bucket_take(struct bucket *bucket)
{
	if (bucket->rate_qps > 0)
		bucket->tokens -= 1;
}
