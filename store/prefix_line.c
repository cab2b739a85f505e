/* SPDX-License-Identifier: MIT */
#include "store/prefix_line.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS   " \t"
#define DIGITS   "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Cuts the next word off *rest; NULL where there is none. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word != end ? word : NULL;
}

/* A whole number in digits alone, at most `most`. */
static bool read_number(uint32_t *out, const char *text, uint32_t most)
{
	unsigned long long value;
	size_t digits = strspn(text, DIGITS);

	if (digits == 0 || text[digits] != '\0')
		return false;
	value = strtoull(text, NULL, 10); /* too many digits: the most there is */
	*out = (uint32_t)value;
	return value <= most;
}

static bool read_address(struct address *out, const char *text)
{
	*out = (struct address){.family = strchr(text, ':') != NULL ? 6 : 4};
	return inet_pton(out->family == 6 ? AF_INET6 : AF_INET, text, out->bytes) == 1;
}

static bool bit_is_set(const uint8_t *bytes, unsigned bit)
{
	return (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

static unsigned most_bits(const struct address *address)
{
	return 8 * (unsigned)address_len(address);
}

/* It would be the origin of every address that no other prefix holds. */
static const char default_route[] = "a default route, which is nobody's network";

/* NULL where address and length make a prefix as a routing table has it. */
static const char *read_prefix(struct prefix_line *out, const char *address, const char *length)
{
	struct prefix *prefix = &out->prefixes[0];
	uint32_t bits;

	if (!read_address(&prefix->network, address) ||
	    !read_number(&bits, length, most_bits(&prefix->network)))
		return "no prefix";
	prefix->length = bits;
	if (bits == 0)
		return default_route;
	for (; bits < most_bits(&prefix->network); bits++)
		if (bit_is_set(prefix->network.bytes, bits))
			return "a prefix with bits set behind its length";
	out->prefix_count = 1;
	return NULL;
}

/* The last address of a prefix. */
static struct address prefix_end(const struct prefix *prefix)
{
	struct address end = prefix->network;
	size_t byte = prefix->length / 8;

	if (byte == address_len(&end))
		return end;
	end.bytes[byte] |= (uint8_t)(0xff >> prefix->length % 8);
	memset(end.bytes + byte + 1, 0xff, address_len(&end) - byte - 1);
	return end;
}

/* Puts what of the prefix lies within the range, in as few prefixes as that takes. */
static void put_within(struct prefix_line *out, const struct prefix *prefix,
		       const struct address range[2])
{
	struct address end = prefix_end(prefix);
	struct prefix half = *prefix;
	size_t len = address_len(&end);

	if (memcmp(end.bytes, range[0].bytes, len) < 0 ||
	    memcmp(prefix->network.bytes, range[1].bytes, len) > 0)
		return;
	if (memcmp(prefix->network.bytes, range[0].bytes, len) >= 0 &&
	    memcmp(end.bytes, range[1].bytes, len) <= 0) {
		out->prefixes[out->prefix_count++] = *prefix;
		return;
	}
	half.length++;
	put_within(out, &half, range);
	half.network.bytes[prefix->length / 8] |= (uint8_t)(0x80 >> prefix->length % 8);
	put_within(out, &half, range);
}

static const char *read_range(struct prefix_line *out, const char *first, const char *last)
{
	struct address range[2];
	struct prefix all = {.length = 0};

	if (!read_address(&range[0], first) || !read_address(&range[1], last) ||
	    range[0].family != range[1].family)
		return "no range of addresses";
	if (memcmp(range[0].bytes, range[1].bytes, sizeof(range[0].bytes)) > 0)
		return "a range that ends before it begins";
	all.network.family = range[0].family;
	put_within(out, &all, range);
	return out->prefixes[0].length == 0 ? default_route : NULL;
}

/* The AS numbers of "1", "1_2", "1,2", "{1,2}" or "1_{2,3}", without AS 0. */
static const char *read_origins(struct prefix_line *out, char *text)
{
	while (text != NULL) {
		char *word = strsep(&text, "_,");
		size_t len;
		uint32_t asn;

		word += *word == '{';
		len = strlen(word);
		if (len > 0 && word[len - 1] == '}')
			word[len - 1] = '\0';
		if (!read_number(&asn, word, UINT32_MAX))
			return "no AS number";
		if (asn == 0)
			continue;
		if (out->origin_count == ORIGINS_MAX)
			return "too many AS numbers";
		out->origins[out->origin_count++] = asn;
	}
	return NULL;
}

static const char *read_pyasn(struct prefix_line *out, char *words[4])
{
	char *slash = strchr(words[0], '/');
	const char *wrong;

	*slash = '\0';
	wrong = read_prefix(out, words[0], slash + 1);
	if (wrong == NULL)
		wrong = read_origins(out, words[1]);
	if (wrong != NULL || words[2] == NULL)
		return wrong;
	if (!day_is_valid(words[2]))
		return "the third column is no date, YYYY-MM-DD";
	memcpy(out->day, words[2], DAY_SIZE);
	return words[3] != NULL ? "more than three columns" : NULL;
}

static const char *read_pfx2as(struct prefix_line *out, char *words[4])
{
	const char *wrong = read_prefix(out, words[0], words[1]);

	if (wrong != NULL)
		return wrong;
	if (words[3] != NULL)
		return "more than three columns";
	return read_origins(out, words[2]);
}

/*
 * Where the column is empty the word is of the description behind it: no country. The rule is
 * that of country_code() in sql/origins.sql.
 */
static void read_country(struct prefix_line *out, const char *asn, const char *word)
{
	if (word == asn + strlen(asn) + 1 && strspn(word, CAPITALS) == 2 && word[2] == '\0' &&
	    strcmp(word, "ZZ") != 0)
		memcpy(out->country, word, COUNTRY_SIZE);
}

static const char *read_iptoasn(struct prefix_line *out, char *words[4])
{
	const char *wrong = read_range(out, words[0], words[1]);

	if (wrong != NULL)
		return wrong;
	if (words[3] == NULL) /* a cut file would else end in a wrong AS number */
		return "no country behind the AS number";
	read_country(out, words[2], words[3]); /* before the AS numbers are cut up */
	return read_origins(out, words[2]);
}

const char *prefix_line_read(struct prefix_line *out, char *line)
{
	char *rest = line;
	char *words[4];

	out->prefix_count = 0;
	out->origin_count = 0;
	out->day[0] = '\0';
	out->country[0] = '\0';
	for (size_t i = 0; i < 4; i++)
		words[i] = next_word(&rest);
	if (words[1] == NULL)
		return "no prefix and AS number";
	if (strchr(words[0], '/') != NULL)
		return read_pyasn(out, words);
	if (words[2] == NULL)
		return "no AS number";
	if (strpbrk(words[1], ".:") != NULL)
		return read_iptoasn(out, words);
	return read_pfx2as(out, words);
}
