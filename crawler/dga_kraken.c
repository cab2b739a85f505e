/* SPDX-License-Identifier: MIT */
#include "crawler/dga_kraken.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define V1_FIRST     1000015u /* version 1 counts from here */
#define WEEK_S       604800
#define WEEK_ZERO_S  1207000000 /* weeks roll on Mondays at 21:46:40 UTC */
#define STATE_COUNT  32768      /* of a state once something was discarded: 15 bits */
#define PARENT_COUNT 4

static const char *const dynamic_parents[PARENT_COUNT] = {"dyndns.org", "yi.org", "dynserv.com",
							  "mooo.com"};
static const char *const top_parents[PARENT_COUNT] = {"com", "net", "tv", "cc"};

/* The names of version 1 never change; those of version 2 are this week's and the next's. */
const struct dga_key kraken_keys[] = {
	{1, 'a', 1, 0},
	{1, 'b', 1, 0},
	{2, 'a', 1, 0},
	{2, 'b', 1, 0},
	{2, 'a', 2, 0},
	{2, 'b', 2, 0},
	{2, 'a', 1, WEEK_S},
	{2, 'b', 1, WEEK_S},
	{2, 'a', 2, WEEK_S},
	{2, 'b', 2, WEEK_S},
	{0},
};

struct kraken {
	struct dga_key key;
	int64_t week;                  /* since WEEK_ZERO_S; negative before */
	uint16_t skipped[STATE_COUNT]; /* version 2: the state after `week` discards more */
};

/* By version - 1, seed set and stream. */
static const uint32_t seeds[2][2][KRAKEN_STREAMS] = {
	{{0x08924541, 0xf0304078}, {0x07924542, 0xe0304079}},
	{{24938315, 24938314}, {1600001, 1600000}},
};

/* The increment is the malware's own slip for ANSI C's 12345. All arithmetic wraps. */
static uint32_t step(uint32_t state)
{
	return 1103515245u * state + 12435u;
}

static uint32_t output(uint32_t state)
{
	return (state >> 8) & 0x7fff;
}

/* One output thrown away is itself the next state. */
static uint32_t discard(uint32_t state)
{
	return output(step(state));
}

static uint32_t seed_of(const struct dga_key *key, unsigned stream)
{
	return seeds[key->version - 1][key->seed - 'a'][stream];
}

/* The malware divides as a signed number, towards zero. */
static uint32_t signed_ninth(uint32_t value)
{
	return (uint32_t)((int32_t)value / 9);
}

static uint32_t start_v1(const struct dga_key *key, uint32_t n, unsigned stream)
{
	if (stream == KRAKEN_EX)
		return signed_ninth(n * (n + 7) * (n + 12)) + n * (n + 1) +
		       seed_of(key, stream);
	return signed_ninth((n + 2) * (n + 7) * n) + (3 * n + 1) * n + seed_of(key, stream);
}

static int64_t week_of(int64_t time_s)
{
	int64_t since = time_s - WEEK_ZERO_S;

	return since >= 0 ? since / WEEK_S : -((-since + WEEK_S - 1) / WEEK_S);
}

/* Of nine names in a row six are this week's, two last week's, and one is for ever. */
static int64_t discards_of(uint32_t n, int64_t week)
{
	switch (n % 9) {
	case 8:
		return 0;
	case 6:
	case 7:
		return week + 1;
	default:
		return week + 2;
	}
}

/*
 * A name of today is behind more than a thousand discards, so that the whole map of states is
 * raised to that power once, by repeated squaring.
 */
static void fill_skipped(uint16_t skipped[STATE_COUNT], int64_t discards)
{
	uint16_t power[STATE_COUNT];
	uint16_t square[STATE_COUNT];

	for (uint32_t i = 0; i < STATE_COUNT; i++) {
		skipped[i] = (uint16_t)i;
		power[i] = (uint16_t)discard(i);
	}
	for (; discards > 0; discards /= 2) {
		for (uint32_t i = 0; i < STATE_COUNT; i++) {
			if (discards % 2 != 0)
				skipped[i] = power[skipped[i]];
			square[i] = power[power[i]];
		}
		memcpy(power, square, sizeof(power));
	}
}

static uint32_t start_v2(const struct kraken *kraken, uint32_t n, unsigned stream)
{
	uint32_t state = 3 * n + seed_of(&kraken->key, stream);
	int64_t left = discards_of(n, kraken->week);

	if (left <= 0)
		return state;
	/* The first leaves 15 bits; behind the skipped ones at most one is left. */
	state = kraken->skipped[discard(state)];
	left -= 1 + (kraken->week > 0 ? kraken->week : 0);
	return left > 0 ? discard(state) : state;
}

/* How many letters, from the first three outputs. */
static int length_of(int version, const uint32_t first[3])
{
	int64_t product = (int64_t)first[0] * first[1];
	int64_t rest;

	if (version == 2)
		return (int)((product + first[2]) % 6) + 7;
	rest = (product - first[2]) % 6; /* negative now and then (set b, index 226) */
	return (int)(rest < 0 ? rest + 6 : rest) + 6;
}

static const char *parent_of(const struct dga_key *key, uint32_t n)
{
	if (key->version == 2 && key->tlds == 1)
		return top_parents[n % PARENT_COUNT];
	return dynamic_parents[n % PARENT_COUNT];
}

int kraken_check(const struct dga_key *key, struct error *err)
{
	if (key->version != 1 && key->version != 2)
		return error_set(err, FT_USAGE, "kraken has version 1 and 2, not %d",
				 key->version);
	if (key->seed != 'a' && key->seed != 'b')
		return error_set(err, FT_USAGE, "kraken has seed set a and b alone");
	if (key->tlds != 1 && key->tlds != 2)
		return error_set(err, FT_USAGE, "kraken has set 1 and 2 of parents, not %d",
				 key->tlds);
	return FT_OK;
}

void *kraken_prepare(const struct dga_key *key)
{
	struct kraken *kraken = malloc(sizeof(*kraken));

	if (kraken == NULL)
		return NULL;
	kraken->key = *key;
	kraken->week = week_of(key->time_s);
	if (key->version == 2)
		fill_skipped(kraken->skipped, kraken->week);
	return kraken;
}

void kraken_generate(char out[DGA_NAME_SIZE], const void *prepared, uint32_t index,
		     unsigned stream)
{
	const struct kraken *kraken = prepared;
	int version = kraken->key.version;
	uint32_t n = version == 1 ? index + V1_FIRST : index;
	uint32_t state =
		version == 1 ? start_v1(&kraken->key, n, stream) : start_v2(kraken, n, stream);
	const char *parent = parent_of(&kraken->key, n);
	uint32_t first[3];
	int len;

	for (int i = 0; i < 3; i++) {
		state = step(state);
		first[i] = output(state);
	}
	len = length_of(version, first);
	for (int i = 0; i < len; i++) {
		state = step(state);
		*out++ = (char)('a' + output(state) % 26);
	}
	*out++ = '.';
	memcpy(out, parent, strlen(parent) + 1);
}

void kraken_origin(char out[DGA_ORIGIN_SIZE], const void *prepared, uint32_t index,
		   unsigned stream)
{
	static const char *const words[KRAKEN_STREAMS] = {"nex", "ex"};
	const struct kraken *kraken = prepared;

	if (kraken->key.version == 1)
		snprintf(out, DGA_ORIGIN_SIZE, "kraken-v1-%c-i%u-%s", kraken->key.seed, index,
			 words[stream]);
	else
		snprintf(out, DGA_ORIGIN_SIZE, "kraken-v2-%c-t%d-w%lld-i%u-%s",
			 kraken->key.seed, kraken->key.tlds, (long long)kraken->week, index,
			 words[stream]);
}
