/* SPDX-License-Identifier: MIT */
#include "store/copy.h"

#include <string.h>

#define POSTGRES_EPOCH_US INT64_C(946684800000000) /* 2000-01-01 */

/* From the server's catalog/pg_type.dat and utils/inet.h. */
#define OID_TEXT        25
#define OID_INET        869
#define PGSQL_AF_INET   2
#define PGSQL_AF_INET6  3
#define INET_HEADER_LEN 4

void copy_start(struct buf *out)
{
	static const char signature[11] = "PGCOPY\n\377\r\n"; /* its NUL is part of it */

	buf_put(out, signature, sizeof(signature));
	buf_put_u32(out, 0); /* flags */
	buf_put_u32(out, 0); /* length of the header's extension */
}

void copy_row(struct buf *out, uint16_t fields)
{
	buf_put_u16(out, fields);
}

void copy_end(struct buf *out)
{
	buf_put_u16(out, UINT16_MAX);
}

void copy_null(struct buf *out)
{
	buf_put_u32(out, UINT32_MAX);
}

void copy_bool(struct buf *out, bool value)
{
	buf_put_u32(out, 1);
	buf_put_u8(out, value);
}

void copy_int2(struct buf *out, int16_t value)
{
	buf_put_u32(out, 2);
	buf_put_u16(out, (uint16_t)value);
}

void copy_int4(struct buf *out, int32_t value)
{
	buf_put_u32(out, 4);
	buf_put_u32(out, (uint32_t)value);
}

void copy_int8(struct buf *out, int64_t value)
{
	buf_put_u32(out, 8);
	buf_put_u64(out, (uint64_t)value);
}

void copy_text(struct buf *out, const char *text, size_t len)
{
	buf_put_u32(out, (uint32_t)len);
	buf_put(out, text, len);
}

void copy_time(struct buf *out, int64_t wall_us)
{
	copy_int8(out, wall_us - POSTGRES_EPOCH_US);
}

void copy_interval(struct buf *out, int64_t us)
{
	buf_put_u32(out, 16);
	buf_put_u64(out, (uint64_t)us);
	buf_put_u32(out, 0); /* days */
	buf_put_u32(out, 0); /* months */
}

/* The head of a one-dimensional array without nulls, its length to be patched at *length_at. */
static void array_start(struct buf *out, uint32_t element_oid, size_t count, size_t *length_at)
{
	*length_at = out->len;
	buf_put_u32(out, 0);
	buf_put_u32(out, count > 0); /* dimensions: an empty array has none */
	buf_put_u32(out, 0);         /* has nulls */
	buf_put_u32(out, element_oid);
	if (count == 0)
		return;
	buf_put_u32(out, (uint32_t)count);
	buf_put_u32(out, 1); /* lower bound */
}

static void array_end(struct buf *out, size_t length_at)
{
	buf_patch_u32(out, length_at, (uint32_t)(out->len - length_at - 4));
}

void copy_inet_array(struct buf *out, const struct address *addresses, size_t count)
{
	size_t length_at;

	array_start(out, OID_INET, count, &length_at);
	for (size_t i = 0; i < count; i++) {
		size_t len = address_len(&addresses[i]);

		buf_put_u32(out, (uint32_t)(INET_HEADER_LEN + len));
		buf_put_u8(out, addresses[i].family == 4 ? PGSQL_AF_INET : PGSQL_AF_INET6);
		buf_put_u8(out, (uint8_t)(8 * len)); /* bits: a host, no network */
		buf_put_u8(out, 0);                  /* is a cidr */
		buf_put_u8(out, (uint8_t)len);
		buf_put(out, addresses[i].bytes, len);
	}
	array_end(out, length_at);
}

void copy_text_array_start(struct buf *out, size_t count, size_t *length_at)
{
	array_start(out, OID_TEXT, count, length_at);
}

void copy_text_array_end(struct buf *out, size_t length_at)
{
	array_end(out, length_at);
}
