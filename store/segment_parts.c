/* SPDX-License-Identifier: MIT */
#include "store/segment_parts.h"

#include <string.h>

#define LABEL_MAX 63

/* Year 10000: what comes later is no time that PostgreSQL and RFC 3339 could both write. */
#define WALL_END_US INT64_C(253402300800000000)

static bool is_printable(const uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	return true;
}

void segment_put_text(struct buf *out, const char *text, size_t len, size_t max)
{
	if (len > max || !is_printable((const uint8_t *)text, len)) {
		out->failed = true;
		return;
	}
	buf_put_u16(out, (uint16_t)len);
	buf_put(out, text, len);
}

void segment_put_wall_us(struct buf *out, int64_t wall_us)
{
	if (wall_us < 0 || wall_us >= WALL_END_US)
		out->failed = true;
	buf_put_u64(out, (uint64_t)wall_us);
}

void segment_get_bytes(struct wire *wire, void *out, size_t len)
{
	const uint8_t *bytes = wire_bytes(wire, len);

	if (bytes != NULL)
		memcpy(out, bytes, len);
}

int64_t segment_get_wall_us(struct wire *wire)
{
	uint64_t value = wire_u64(wire);

	if (value >= WALL_END_US)
		wire->failed = true;
	return (int64_t)value;
}

const char *segment_get_text(struct wire *wire, size_t max, size_t *len)
{
	const uint8_t *text;

	*len = wire_u16(wire);
	text = *len <= max ? wire_bytes(wire, *len) : NULL;
	if (text != NULL && is_printable(text, *len))
		return (const char *)text;
	wire->failed = true;
	return NULL;
}

void segment_get_string(struct wire *wire, char *out, size_t size)
{
	size_t len;
	const char *text = segment_get_text(wire, size - 1, &len);

	if (text == NULL)
		return;
	memcpy(out, text, len);
	out[len] = '\0';
}

const uint8_t *segment_get_name(struct wire *wire)
{
	const uint8_t *name = wire->data + wire->at;
	size_t start = wire->at;
	uint8_t label;

	do {
		label = wire_u8(wire);
		if (label > LABEL_MAX)
			wire->failed = true;
		wire_skip(wire, label);
	} while (wire_is_ok(wire) && label != 0);
	if (wire->at - start > NAME_WIRE_MAX)
		wire->failed = true;
	return name;
}

void segment_put_address(struct buf *out, const struct address *address)
{
	buf_put_u8(out, address->family);
	buf_put(out, address->bytes, address_len(address));
}

void segment_get_address(struct wire *wire, struct address *out)
{
	out->family = wire_u8(wire);
	if (out->family != 4 && out->family != 6) {
		wire->failed = true;
		return;
	}
	segment_get_bytes(wire, out->bytes, address_len(out));
}
