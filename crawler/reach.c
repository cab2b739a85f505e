/* SPDX-License-Identifier: MIT */
#include "crawler/reach.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/escape.h"

/* What no public host has (IANA's special-purpose address registries, RFC 6890). */
static const struct {
	struct address prefix;
	uint8_t len; /* bits */
} SPECIAL[] = {
	{{4, {0}}, 8},                    /* this network */
	{{4, {10}}, 8},                   /* private, RFC 1918 */
	{{4, {100, 64}}, 10},             /* shared behind a carrier's NAT, RFC 6598 */
	{{4, {127}}, 8},                  /* loopback */
	{{4, {169, 254}}, 16},            /* link-local; where clouds tell their secrets */
	{{4, {172, 16}}, 12},             /* private */
	{{4, {192, 0, 0}}, 24},           /* of protocols */
	{{4, {192, 168}}, 16},            /* private */
	{{4, {198, 18}}, 15},             /* benchmarks, RFC 2544 */
	{{4, {224}}, 3},                  /* multicast, reserved, broadcast */
	{{6, {0}}, 96},                   /* ::, ::1, and IPv4 inside, RFC 4291, 2.5.5.1 */
	{{6, {[10] = 255, 255}}, 96},     /* IPv4 inside: mapped */
	{{6, {0, 0x64, 0xff, 0x9b}}, 96}, /* IPv4 inside: NAT64, RFC 6052 */
	{{6, {0, 0x64, 0xff, 0x9b, 0, 1}}, 48}, /* a network's own NAT64, RFC 8215 */
	{{6, {0x20, 0x02}}, 16},                /* IPv4 inside: 6to4, RFC 3056 */
	{{6, {0xfc}}, 7},                       /* private, RFC 4193 */
	{{6, {0xfe, 0x80}}, 10},                /* link-local */
	{{6, {0xfe, 0xc0}}, 10},                /* private once, RFC 3879 */
	{{6, {0xff}}, 8},                       /* multicast */
};

/* Are the first len bits of both the same? */
static bool starts_equal(const struct address *a, const struct address *b, unsigned len)
{
	unsigned whole = len / 8;
	unsigned rest =
		8 - len % 8; /* bits of the octet behind them that do not count; 8: none */

	if (a->family != b->family || memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	return rest == 8 || (a->bytes[whole] ^ b->bytes[whole]) >> rest == 0;
}

bool reach_holds(const struct reach *reach, const struct address *address)
{
	for (size_t i = 0; i < reach->count; i++) {
		if (starts_equal(&reach->also[i].prefix, address, reach->also[i].len))
			return true;
	}
	for (size_t i = 0; i < sizeof(SPECIAL) / sizeof(SPECIAL[0]); i++) {
		if (starts_equal(&SPECIAL[i].prefix, address, SPECIAL[i].len))
			return false;
	}
	return true;
}

static bool read_address(struct address *out, const char *text, size_t len)
{
	char ip[ADDRESS_TEXT_SIZE];

	if (len >= sizeof(ip))
		return false;
	memcpy(ip, text, len);
	ip[len] = '\0';
	*out = (struct address){.family = strchr(ip, ':') != NULL ? 6 : 4};
	return inet_pton(out->family == 6 ? AF_INET6 : AF_INET, ip, out->bytes) == 1;
}

/* Reads the digits of a length of at most `most` bits. */
static bool read_length(uint8_t *out, const char *digits, size_t most)
{
	size_t len = 0;
	const char *at = digits;

	for (; *at >= '0' && *at <= '9' && len <= most; at++)
		len = len * 10 + (size_t)(*at - '0');
	*out = (uint8_t)len;
	return at != digits && *at == '\0' && len <= most;
}

static bool has_bits_behind(const struct address *address, unsigned len)
{
	for (unsigned bit = len; bit < 8 * address_len(address); bit++) {
		if ((address->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
			return true;
	}
	return false;
}

int reach_allow(struct reach *reach, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	const char *slash = strchrnul(text, '/');
	struct address prefix;
	uint8_t len;

	escape_word(shown, text);
	if (reach->count == REACH_EXCEPTIONS_MAX)
		return error_set(err, FT_USAGE, "\"%s\" is one too many; allow at most %d",
				 shown, REACH_EXCEPTIONS_MAX);
	if (!read_address(&prefix, text, (size_t)(slash - text)))
		return error_set(err, FT_USAGE, "\"%s\" is no address or prefix", shown);
	len = (uint8_t)(8 * address_len(&prefix));
	if (*slash != '\0' && !read_length(&len, slash + 1, len))
		return error_set(err, FT_USAGE, "\"%s\" has no length that a prefix may have",
				 shown);
	if (has_bits_behind(&prefix, len))
		return error_set(err, FT_USAGE, "\"%s\" has bits set behind its length", shown);
	reach->also[reach->count].prefix = prefix;
	reach->also[reach->count].len = len;
	reach->count++;
	return FT_OK;
}
