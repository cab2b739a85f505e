/* SPDX-License-Identifier: MIT */
/*
 * A byte buffer that grows up to a cap given at init and then refuses. A refusal sticks: check
 * buf_is_ok() once after a run of appends. The owner frees it with buf_fini().
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data; /* owned */
	size_t len;    /* bytes in use */
	size_t size;   /* bytes allocated */
	size_t max;    /* never more than this many */
	bool failed;   /* an append was refused: over max, or no memory */
};

void buf_init(struct buf *buf, size_t max);
void buf_fini(struct buf *buf);

/* Forgets the content and a refusal, keeps the memory. */
void buf_reset(struct buf *buf);
bool buf_is_ok(const struct buf *buf);

void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_put_u8(struct buf *buf, uint8_t value);
/* Big-endian, as the network, PostgreSQL's binary COPY and the segment format want it. */
void buf_put_u16(struct buf *buf, uint16_t value);
void buf_put_u32(struct buf *buf, uint32_t value);
void buf_put_u64(struct buf *buf, uint64_t value);
/* Writes over four bytes put before (a length that is known only now). */
void buf_patch_u32(struct buf *buf, size_t at, uint32_t value);
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3);

#endif
