/* SPDX-License-Identifier: MIT */
#include "crawler/dga_kraken.h"

#include <stdio.h>

#define V1_FIRST     1000015u /* version 1 counts from here */
#define WEEK_S       604800
#define WEEK_ZERO_S  1207000000 /* weeks roll on Mondays at 21:46:40 UTC */
#define LETTERS_MAX  12
#define PARENT_COUNT 4

static const char *const dynamic_parents[PARENT_COUNT] = {"dyndns.org", "yi.org", "dynserv.com",
							  "mooo.com"};
static const char *const top_parents[PARENT_COUNT] = {"com", "net", "tv", "cc"};

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

static uint32_t start_v2(const struct dga_key *key, uint32_t n, unsigned stream)
{
	uint32_t state = 3 * n + seed_of(key, stream);

	for (int64_t left = discards_of(n, week_of(key->time_s)); left > 0; left--)
		state = output(step(state));
	return state;
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

void kraken_generate(char out[DGA_NAME_SIZE], const struct dga_key *key, uint32_t index,
		     unsigned stream)
{
	uint32_t n = key->version == 1 ? index + V1_FIRST : index;
	uint32_t state =
		key->version == 1 ? start_v1(key, n, stream) : start_v2(key, n, stream);
	char letters[LETTERS_MAX + 1];
	uint32_t first[3];
	int len;

	for (int i = 0; i < 3; i++) {
		state = step(state);
		first[i] = output(state);
	}
	len = length_of(key->version, first);
	for (int i = 0; i < len; i++) {
		state = step(state);
		letters[i] = (char)('a' + output(state) % 26);
	}
	letters[len] = '\0';
	snprintf(out, DGA_NAME_SIZE, "%s.%s", letters, parent_of(key, n));
}
