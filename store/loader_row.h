/* SPDX-License-Identifier: MIT */
/* A lookup as a row of observation, in binary COPY. The raw message stays in its segment. */
#ifndef STORE_LOADER_ROW_H
#define STORE_LOADER_ROW_H

#include "base/buf.h"
#include "resolver/lookup.h"
#include "store/line_class.h"

/* For COPY: the columns that loader_row_put() writes, in its order. */
extern const char loader_row_copy[];

/* What a row takes from the database and from the lookup's place in its segment. */
struct loader_row {
	int32_t segment_id;
	int32_t record; /* its number in the segment */
	int32_t domain_id;
	int32_t server_id;
	int16_t vantage_id;
	int32_t source_id;        /* 0: a lookup of our own */
	int64_t source_line;      /* of a told one */
	bool has_ttl;             /* else the message's TTLs mean nothing */
	struct line_class *lines; /* borrowed */
};

/* scratch is overwritten: the answer that is read out of the message. */
void loader_row_put(struct buf *out, const struct loader_row *row, const struct lookup *lookup,
		    struct answer *scratch);

#endif
