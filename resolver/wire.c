/* SPDX-License-Identifier: MIT */
#include "resolver/wire.h"

void wire_init(struct wire *wire, const uint8_t *data, size_t len)
{
	*wire = (struct wire){.data = data, .len = len};
}

bool wire_is_ok(const struct wire *wire)
{
	return !wire->failed;
}

size_t wire_left(const struct wire *wire)
{
	return wire->len - wire->at;
}

const uint8_t *wire_bytes(struct wire *wire, size_t len)
{
	const uint8_t *bytes;

	if (wire->failed || len > wire_left(wire)) {
		wire->failed = true;
		return NULL;
	}
	bytes = wire->data + wire->at;
	wire->at += len;
	return bytes;
}

void wire_skip(struct wire *wire, size_t len)
{
	(void)wire_bytes(wire, len);
}

uint8_t wire_u8(struct wire *wire)
{
	const uint8_t *b = wire_bytes(wire, 1);

	return b == NULL ? 0 : b[0];
}

uint16_t wire_u16(struct wire *wire)
{
	const uint8_t *b = wire_bytes(wire, 2);

	if (b == NULL)
		return 0;
	return (uint16_t)(b[0] << 8 | b[1]);
}

uint32_t wire_u32(struct wire *wire)
{
	const uint8_t *b = wire_bytes(wire, 4);

	if (b == NULL)
		return 0;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint64_t wire_u64(struct wire *wire)
{
	const uint8_t *b = wire_bytes(wire, 8);
	uint64_t value = 0;

	for (int i = 0; b != NULL && i < 8; i++)
		value = value << 8 | b[i];
	return value;
}
