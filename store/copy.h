/* SPDX-License-Identifier: MIT */
/*
 * Rows in PostgreSQL's binary COPY format, built in a buffer: the file header, rows of fields,
 * the trailer (a missing one would be accepted in silence, so db_copy_end is never called
 * before copy_end). Types: see the server's *send functions; times count from 2000-01-01.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/buf.h"
#include "resolver/address.h"

void copy_start(struct buf *out);
void copy_row(struct buf *out, uint16_t fields);
void copy_end(struct buf *out);

void copy_null(struct buf *out);
void copy_bool(struct buf *out, bool value);
void copy_int2(struct buf *out, int16_t value);
void copy_int4(struct buf *out, int32_t value);
void copy_int8(struct buf *out, int64_t value);
void copy_text(struct buf *out, const char *text, size_t len);
/* Of the years 1970 to 9999, as segments hold them. */
void copy_time(struct buf *out, int64_t wall_us);
/* An interval of so many microseconds. */
void copy_interval(struct buf *out, int64_t us);
void copy_inet_array(struct buf *out, const struct address *addresses, size_t count);
/* A text array: start, then count times copy_text. */
void copy_text_array_start(struct buf *out, size_t count, size_t *length_at);
void copy_text_array_end(struct buf *out, size_t length_at);

#endif
