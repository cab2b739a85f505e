/* SPDX-License-Identifier: MIT */
/* The runs and clock jumps of one segment: kept while it is surveyed, written after that. */
#ifndef STORE_LOADER_RARE_H
#define STORE_LOADER_RARE_H

#include "store/db.h"
#include "store/segment.h"

struct loader_rare {
	struct buf runs;  /* struct segment_run, one after the other */
	struct buf jumps; /* struct segment_jump, likewise */
};

void loader_rare_init(struct loader_rare *rare);
void loader_rare_fini(struct loader_rare *rare);

void loader_rare_add_run(struct loader_rare *rare, const struct segment_run *run);
void loader_rare_add_jump(struct loader_rare *rare, const struct segment_jump *jump);
/* False once there were more of them than memory is given for. */
bool loader_rare_is_ok(const struct loader_rare *rare);

int loader_rare_write_runs(const struct loader_rare *rare, struct db *db, int16_t vantage_id,
			   struct error *err) MUST_CHECK;
int loader_rare_write_jumps(const struct loader_rare *rare, struct db *db, int32_t segment_id,
			    struct error *err) MUST_CHECK;

#endif
