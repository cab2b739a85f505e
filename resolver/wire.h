/* SPDX-License-Identifier: MIT */
/*
 * The cursor through which every byte from outside is read. Reading past the end gives 0 and
 * sets the sticky error; nothing is read after that. Check wire_is_ok() once after a run of
 * reads.
 */
#ifndef RESOLVER_WIRE_H
#define RESOLVER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
	const uint8_t *data; /* borrowed */
	size_t len;
	size_t at;   /* next octet to read; never more than len */
	bool failed; /* sticky */
};

void wire_init(struct wire *wire, const uint8_t *data, size_t len);
bool wire_is_ok(const struct wire *wire);
size_t wire_left(const struct wire *wire);

uint8_t wire_u8(struct wire *wire);
uint16_t wire_u16(struct wire *wire);
uint32_t wire_u32(struct wire *wire);
uint64_t wire_u64(struct wire *wire);
/* len octets in place, or NULL where fewer are left. */
const uint8_t *wire_bytes(struct wire *wire, size_t len);
void wire_skip(struct wire *wire, size_t len);

#endif
