/* SPDX-License-Identifier: MIT */
/*
 * What the payloads of segment.h are made of, and the one payload that is long. Internal to the
 * codec. The two halves hold to the same limits: what a put accepts, the get reads back.
 */
#ifndef STORE_SEGMENT_PARTS_H
#define STORE_SEGMENT_PARTS_H

#include "resolver/wire.h"
#include "store/segment.h"

/* A printable text behind its length in 16 bits. */
void segment_put_text(struct buf *out, const char *text, size_t len, size_t max);
/* In place; NULL, and the wire failed, where it is none. */
const char *segment_get_text(struct wire *wire, size_t max, size_t *len);
/* The same, copied with a NUL into a place of size octets. */
void segment_get_string(struct wire *wire, char *out, size_t size);

/* A time between 1970 and 9999. */
void segment_put_wall_us(struct buf *out, int64_t wall_us);
int64_t segment_get_wall_us(struct wire *wire);

/* A family, 4 or 6, and its octets. */
void segment_put_address(struct buf *out, const struct address *address);
void segment_get_address(struct wire *wire, struct address *out);

void segment_get_bytes(struct wire *wire, void *out, size_t len);
/* A well-formed uncompressed name, in place (RFC 1035, 3.1). */
const uint8_t *segment_get_name(struct wire *wire);

void segment_put_fetch_payload(struct buf *out, const struct segment_fetch *fetch);
void segment_get_fetch_payload(struct wire *wire, struct segment_fetch *out);

#endif
