/* SPDX-License-Identifier: MIT */
/*
 * The rows of feeds: the names of one file go into a temporary table by COPY while it is being
 * read, and are merged by one statement. All of it in the caller's transaction.
 */
#ifndef STORE_FEEDS_H
#define STORE_FEEDS_H

#include "store/db.h"

struct feed_rows {
	struct db *db;  /* borrowed */
	struct buf out; /* not sent yet */
};

/* Begins the COPY: until feed_rows_end() db is good for nothing else. Free it with fini. */
int feed_rows_begin(struct feed_rows *rows, struct db *db, struct error *err) MUST_CHECK;
/* name: lower case, no trailing dot; it may come again. Both are printable ASCII. */
int feed_rows_put(struct feed_rows *rows, const char *name, const char *tags,
		  struct error *err) MUST_CHECK;
int feed_rows_end(struct feed_rows *rows, struct error *err) MUST_CHECK;
void feed_rows_fini(struct feed_rows *rows);

/* Of the file; borrowed. */
struct feed_file_facts {
	const char *feed;
	const char *format;
	const char *refused; /* "12 address, 1 public suffix" */
	bool may_shrink;
};

struct feed_merge { /* see struct feed_totals */
	uint64_t names, added, changed, gone, kept;
};

/* Replaces what the feed said by the rows. */
int feed_rows_merge(struct db *db, const struct feed_file_facts *facts,
		    struct feed_merge *merge, struct error *err) MUST_CHECK;

/* Hands over (name, tags, feed) for every name that some feed names now, by name. */
int feed_names_each(struct db *db, db_row_reader reader, void *ctx,
		    struct error *err) MUST_CHECK;

#endif
