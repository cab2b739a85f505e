/* SPDX-License-Identifier: MIT */
#include "store/loader_rare.h"

#include <stdio.h>

#include "base/timefmt.h"
#include "store/copy.h"
#include "store/loader_hex.h"

#define RARE_MAX (16 * 1024 * 1024) /* bytes of runs and of jumps of a segment */

void loader_rare_init(struct loader_rare *rare)
{
	buf_init(&rare->runs, RARE_MAX);
	buf_init(&rare->jumps, RARE_MAX);
}

void loader_rare_fini(struct loader_rare *rare)
{
	buf_fini(&rare->runs);
	buf_fini(&rare->jumps);
}

void loader_rare_add_run(struct loader_rare *rare, const struct segment_run *run)
{
	buf_put(&rare->runs, run, sizeof(*run));
}

void loader_rare_add_jump(struct loader_rare *rare, const struct segment_jump *jump)
{
	buf_put(&rare->jumps, jump, sizeof(*jump));
}

bool loader_rare_is_ok(const struct loader_rare *rare)
{
	return buf_is_ok(&rare->runs) && buf_is_ok(&rare->jumps);
}

int loader_rare_write_runs(const struct loader_rare *rare, struct db *db, int16_t vantage_id,
			   struct error *err)
{
	const struct segment_run *runs =
		(const struct segment_run *)(const void *)rare->runs.data;
	size_t count = rare->runs.len / sizeof(*runs);

	for (size_t i = 0; i < count; i++) {
		char uuid[LOADER_HEX_SIZE];
		char vantage[8];
		char started[TIME_TEXT_SIZE];
		const char *params[] = {uuid, vantage, started, runs[i].version};
		PGresult *result;

		loader_hex(uuid, "", runs[i].uuid, UUID_LEN);
		snprintf(vantage, sizeof(vantage), "%d", vantage_id);
		time_format(started, runs[i].started_wall_us);
		result = db_query(db, "select run_begin($1, $2, $3, $4)", 4, params, err);
		if (result == NULL)
			return err->code;
		PQclear(result);
	}
	return FT_OK;
}

static void put_jumps(struct buf *rows, const struct loader_rare *rare, int32_t segment_id)
{
	const struct segment_jump *jumps =
		(const struct segment_jump *)(const void *)rare->jumps.data;
	size_t count = rare->jumps.len / sizeof(*jumps);

	copy_start(rows);
	for (size_t i = 0; i < count; i++) {
		copy_row(rows, 3);
		copy_int4(rows, segment_id);
		copy_time(rows, jumps[i].wall_us);
		copy_interval(rows, jumps[i].jumped_us);
	}
	copy_end(rows);
}

int loader_rare_write_jumps(const struct loader_rare *rare, struct db *db, int32_t segment_id,
			    struct error *err)
{
	struct buf rows;
	int code;

	if (rare->jumps.len == 0)
		return FT_OK;
	buf_init(&rows, 4 * RARE_MAX);
	put_jumps(&rows, rare, segment_id);
	if (!buf_is_ok(&rows))
		code = error_set(err, FT_AGAIN, "no memory for rows");
	else
		code = db_copy_start(
			db,
			"copy clock_jump (segment_id, noticed_at, jumped) from stdin "
			"(format binary)",
			err);
	if (code == FT_OK)
		code = db_copy_put(db, rows.data, rows.len, err);
	if (code == FT_OK)
		code = db_copy_end(db, err);
	buf_fini(&rows);
	return code;
}
