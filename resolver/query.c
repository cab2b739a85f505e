/* SPDX-License-Identifier: MIT */
#include "resolver/query.h"

#include <string.h>

#include "resolver/message.h"

#define FLAG_RD     0x0100
#define EDNS_OCTETS 1232 /* what passes unfragmented everywhere (DNS Flag Day 2020) */

static uint8_t *u16_put(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return out + 2;
}

static uint8_t *header_put(uint8_t *out, uint16_t id)
{
	out = u16_put(out, id);
	out = u16_put(out, FLAG_RD);
	out = u16_put(out, 1); /* question */
	out = u16_put(out, 0);
	out = u16_put(out, 0);
	return u16_put(out, 1); /* additional: the OPT record */
}

static uint8_t *opt_put(uint8_t *out)
{
	*out++ = 0; /* owned by the root */
	out = u16_put(out, TYPE_OPT);
	out = u16_put(out, EDNS_OCTETS);
	out = u16_put(out, 0); /* extended rcode, version 0 */
	out = u16_put(out, 0); /* DO not set: signatures would only swell the record */
	return u16_put(out, 0);
}

size_t query_build(uint8_t out[QUERY_SIZE], uint16_t id, const uint8_t *qname, uint16_t qtype)
{
	size_t len = name_len(qname);
	uint8_t *end = header_put(out, id);

	memcpy(end, qname, len);
	end = u16_put(end + len, qtype);
	end = u16_put(end, CLASS_IN);
	end = opt_put(end);
	return (size_t)(end - out);
}
