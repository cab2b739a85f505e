/* SPDX-License-Identifier: MIT */
#include "store/feeds.h"

#include <stdlib.h>
#include <string.h>

#include "store/copy.h"

#define COPY_CHUNK (64 * 1024)

int feed_rows_begin(struct feed_rows *rows, struct db *db, struct error *err)
{
	rows->db = db;
	buf_init(&rows->out, 2 * COPY_CHUNK);
	copy_start(&rows->out);
	if (db_run(db,
		   "create temporary table feed_import (name text collate \"C\", "
		   "tags text collate \"C\") on commit drop",
		   err) != FT_OK)
		return err->code;
	return db_copy_start(db, "copy pg_temp.feed_import from stdin (format binary)", err);
}

static int send_rows(struct feed_rows *rows, struct error *err)
{
	if (!buf_is_ok(&rows->out))
		return error_set(err, FT_FAIL, "no memory to import a feed");
	if (db_copy_put(rows->db, rows->out.data, rows->out.len, err) != FT_OK)
		return err->code;
	buf_reset(&rows->out);
	return FT_OK;
}

int feed_rows_put(struct feed_rows *rows, const char *name, const char *tags, struct error *err)
{
	copy_row(&rows->out, 2);
	copy_text(&rows->out, name, strlen(name));
	copy_text(&rows->out, tags, strlen(tags));
	return rows->out.len < COPY_CHUNK ? FT_OK : send_rows(rows, err);
}

int feed_rows_end(struct feed_rows *rows, struct error *err)
{
	copy_end(&rows->out);
	if (send_rows(rows, err) != FT_OK)
		return err->code;
	return db_copy_end(rows->db, err);
}

void feed_rows_fini(struct feed_rows *rows)
{
	buf_fini(&rows->out);
}

static uint64_t count_of(const PGresult *result, int column)
{
	return strtoull(PQgetvalue(result, 0, column), NULL, 10);
}

int feed_rows_merge(struct db *db, const struct feed_file_facts *facts,
		    struct feed_merge *merge, struct error *err)
{
	const char *params[] = {facts->feed, facts->format, facts->refused,
				facts->may_shrink ? "true" : "false"};
	PGresult *result = db_query(
		db,
		"select m.* from (select coalesce(jsonb_object_agg(substr(r, strpos(r, ' ') + "
		"1), split_part(r, ' ', 1)::bigint), '{}') as refused from "
		"string_to_table(nullif($3, ''), ', ') r) s, "
		"import_targets($1, $2, s.refused, $4) m",
		4, params, err);

	if (result == NULL)
		return err->code;
	*merge = (struct feed_merge){
		.names = count_of(result, 0),
		.added = count_of(result, 1),
		.changed = count_of(result, 2),
		.gone = count_of(result, 3),
		.kept = count_of(result, 4),
	};
	PQclear(result);
	return FT_OK;
}

int feed_names_each(struct db *db, db_row_reader reader, void *ctx, struct error *err)
{
	int code = db_begin(db, err);

	/* In the order of the index: a million names just imported would be taken for a few. */
	if (code == FT_OK)
		code = db_run(db, "set local enable_sort = off", err);
	if (code == FT_OK)
		code = db_each(db,
			       "select t.name, t.tags, f.name from feed_target t join feed f "
			       "on f.id = t.feed_id where t.until is null "
			       "order by t.name, t.feed_id",
			       reader, ctx, err);
	db_rollback(db); /* nothing was written */
	return code;
}
