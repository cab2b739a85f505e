/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){.max = max};
}

void buf_fini(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

bool buf_is_ok(const struct buf *buf)
{
	return !buf->failed;
}

/* Makes room for len more bytes, or marks the buffer failed and returns false. */
static bool reserve(struct buf *buf, size_t len)
{
	size_t size = buf->size > 0 ? buf->size : 256;
	uint8_t *data;

	if (buf->failed || len > buf->max - buf->len) {
		buf->failed = true;
		return false;
	}
	if (buf->len + len <= buf->size)
		return true;
	while (size < buf->len + len)
		size *= 2;
	if (size > buf->max)
		size = buf->max;
	data = realloc(buf->data, size);
	if (data == NULL) {
		buf->failed = true;
		return false;
	}
	buf->data = data;
	buf->size = size;
	return true;
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !reserve(buf, len))
		return;
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
}

static void put_big_endian(struct buf *buf, uint64_t value, size_t bytes)
{
	if (!reserve(buf, bytes))
		return;
	for (size_t i = bytes; i > 0; i--)
		buf->data[buf->len++] = (uint8_t)(value >> (8 * (i - 1)));
}

void buf_put_u8(struct buf *buf, uint8_t value)
{
	put_big_endian(buf, value, 1);
}

void buf_put_u16(struct buf *buf, uint16_t value)
{
	put_big_endian(buf, value, 2);
}

void buf_put_u32(struct buf *buf, uint32_t value)
{
	put_big_endian(buf, value, 4);
}

void buf_put_u64(struct buf *buf, uint64_t value)
{
	put_big_endian(buf, value, 8);
}

void buf_patch_u32(struct buf *buf, size_t at, uint32_t value)
{
	if (buf->failed)
		return;
	for (size_t i = 0; i < 4; i++)
		buf->data[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	va_list again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	/* vsnprintf writes a NUL, which needs room but does not count. */
	if (len >= 0 && reserve(buf, (size_t)len + 1)) {
		vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, fmt, again);
		buf->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}
