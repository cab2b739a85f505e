/* SPDX-License-Identifier: MIT */
#include "index_home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolver/query.h"
#include "store/cluster.h"
#include "store/migrate.h"

#define START_US INT64_C(1207656000000000) /* 2008-04-08T12:00:00Z */

char index_home[PATH_SIZE];
char index_conninfo[2048];
struct db index_db;

void temp_home(char home[PATH_SIZE])
{
	snprintf(home, PATH_SIZE, "/tmp/fluxtrack-index.XXXXXX");
	assert_non_null(mkdtemp(home));
	assert_int_equal(chmod(home, 0750), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void temp_home_remove(const char *home)
{
	assert_int_equal(nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

int index_home_setup(void **state)
{
	struct error err = {0};

	(void)state;
	temp_home(index_home);
	if (cluster_start(index_home, &err) != FT_OK ||
	    cluster_conninfo(index_home, index_conninfo, sizeof(index_conninfo), &err) !=
		    FT_OK) {
		print_error("%s\n", err.text);
		return -1;
	}
	return 0;
}

int index_home_teardown(void **state)
{
	struct error err = {0};

	(void)state;
	db_close(&index_db);
	if (cluster_stop(index_home, &err) != FT_OK)
		print_error("%s\n", err.text);
	temp_home_remove(index_home);
	return err.code;
}

void index_connect(struct db *db)
{
	struct error err = {0};

	if (db_connect(db, index_conninfo, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void empty_folder(const char *name)
{
	char path[PATH_SIZE];
	struct error err = {0};

	assert_int_equal(path_join(path, index_home, name, &err), FT_OK);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(dir_make(path, 0750, &err), FT_OK);
}

void index_reset(void)
{
	struct error err = {0};

	empty_folder("spool");
	empty_folder("archive");
	if (db_run(&index_db, "drop schema if exists fluxtrack cascade", &err) != FT_OK ||
	    migrate(&index_db, &err) != FT_OK)
		fail_msg("%s", err.text);
}

int index_reset_test(void **state)
{
	(void)state;
	if (index_db.conn == NULL)
		index_connect(&index_db);
	index_reset();
	return 0;
}

const char *index_value(struct db *db, const char *sql)
{
	static char value[65536];
	struct error err = {0};

	if (db_value(db, sql, 0, NULL, value, sizeof(value), &err) != FT_OK)
		fail_msg("%s: %s", sql, err.text);
	return value;
}

void test_name(struct name *out, unsigned n)
{
	struct error err = {0};
	char text[64];

	snprintf(text, sizeof(text), "Name%u.Example", n);
	assert_int_equal(name_from_text(out, text, &err), FT_OK);
}

void put_reply(struct buf *out, struct lookup *lookup, unsigned count, uint32_t ttl_s)
{
	uint8_t query[QUERY_SIZE];
	size_t question_len = name_len(lookup->qname) + 4;

	query_build(query, 7, lookup->qname, lookup->qtype);
	buf_reset(out);
	buf_put_u16(out, 7);
	buf_put_u16(out, 0x8180); /* a response, RD, RA */
	buf_put_u16(out, 1);
	buf_put_u16(out, (uint16_t)count);
	buf_put_u32(out, 0);
	buf_put(out, query + 12, question_len);
	for (unsigned i = 0; i < count; i++) {
		buf_put_u16(out, 0xc00c); /* the name of the question */
		buf_put_u16(out, QTYPE_A);
		buf_put_u16(out, 1); /* IN */
		buf_put_u32(out, ttl_s);
		buf_put_u16(out, 4);
		buf_put_u32(out, 0x51000000 + i * 65537 + (uint32_t)name_len(lookup->qname));
	}
	lookup->msg = out->data;
	lookup->msg_len = out->len;
}

void segment_begin(struct buf *out, unsigned number)
{
	struct segment_header header = {
		.uuid = {(uint8_t)(number >> 8), (uint8_t)number, 0xaa},
		.collector = {0xbb},
		.boot_id = {0xcc},
		.sequence = number,
		.created_wall_us = START_US + (int64_t)number * 1000000,
		.created_boot_us = 1000000,
		.vantage = "test",
	};
	struct segment_run run = {
		.uuid = {0xdd}, .started_wall_us = START_US, .version = "0.1.0"};

	buf_init(out, 256 * 1024 * 1024);
	buf_put(out, SEGMENT_MAGIC, SEGMENT_MAGIC_LEN);
	segment_put_header(out, &header);
	segment_put_run(out, &run);
}

void segment_add_lookups(struct buf *out, unsigned first, unsigned count)
{
	struct buf msg;

	buf_init(&msg, 65536);
	for (unsigned i = 0; i < count; i++) {
		struct name name;
		struct lookup lookup = {
			.qname = name.wire,
			.qtype = QTYPE_A,
			.server = {.ip = {.family = 4, .bytes = {127, 0, 0, 1}}, .port = 53},
			.asked_wall_us = START_US + (int64_t)(first + i) * 1000,
			.asked_boot_us = 1000000,
			.rtt_us = 1500,
		};

		test_name(&name, first + i);
		put_reply(&msg, &lookup, 5, 300);
		segment_put_lookup(out, &lookup);
	}
	buf_fini(&msg);
}

void segment_write(struct buf *out, unsigned number, uint64_t records)
{
	char path[2 * PATH_SIZE];
	struct error err = {0};

	segment_put_seal(out, records);
	assert_true(buf_is_ok(out));
	snprintf(path, sizeof(path), "%s/spool/20080408T120000Z-%08u.seg", index_home, number);
	assert_int_equal(file_replace(path, out->data, out->len, &err), FT_OK);
	buf_fini(out);
}

void make_segment(unsigned number, unsigned first, unsigned count)
{
	struct buf out;

	segment_begin(&out, number);
	segment_add_lookups(&out, first, count);
	segment_write(&out, number, 2 + count);
}
