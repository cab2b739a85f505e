/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the index share: a home in a temporary folder with a private PostgreSQL of
 * its own, started once a program, and synthetic segments in its spool.
 */
#ifndef TESTS_INDEX_HOME_H
#define TESTS_INDEX_HOME_H

#include "base/file.h"
#include "store/db.h"
#include "store/segment.h"

extern char index_home[PATH_SIZE];
extern char index_conninfo[2048];

/* Open from the first index_reset_test on; a test that breaks it closes it. */
extern struct db index_db;

/* For cmocka_run_group_tests: makes the home and starts its server; stops and removes them. */
int index_home_setup(void **state);
int index_home_teardown(void **state);

/* A folder under /tmp that the server's account may enter, and its removal with all in it. */
void temp_home(char home[PATH_SIZE]);
void temp_home_remove(const char *home);

void index_connect(struct db *db);
/* index_db's database as if new: the schema dropped and made again, spool and archive emptied.
 */
void index_reset(void);
/* The same as a cmocka setup. */
int index_reset_test(void **state);
/* The one value that sql gives, as text; it must not fail. */
const char *index_value(struct db *db, const char *sql);

/* The n-th of as many names as wanted. */
void test_name(struct name *out, unsigned n);
/* A reply with count A records to the lookup's question; its length. lookup->msg is set to it.
 */
void put_reply(struct buf *out, struct lookup *lookup, unsigned count, uint32_t ttl_s);

/* A segment begun with HEADER (uuid and sequence from number) and a RUN. */
void segment_begin(struct buf *out, unsigned number);
/* Adds count lookups of names first, first + 1, ... with 5 addresses each. */
void segment_add_lookups(struct buf *out, unsigned first, unsigned count);
/* Seals it, records being what it holds already, and writes it to HOME/spool. */
void segment_write(struct buf *out, unsigned number, uint64_t records);
/* The three in one. */
void make_segment(unsigned number, unsigned first, unsigned count);

#endif
