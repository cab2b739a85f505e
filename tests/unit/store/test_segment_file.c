/* SPDX-License-Identifier: MIT */
/* segment_file: a file is read whole or said to be broken; sealed ones are listed and archived.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "spool_home.h"

#define NOON_US INT64_C(1207656000000000)

static const struct segment_header header = {
	.sequence = 7, .created_wall_us = NOON_US, .vantage = "vienna"};

static const struct lookup lookup = {
	.qname = (const uint8_t *)"\7example",
	.qtype = QTYPE_A,
	.server = {.ip = {.family = 4, .bytes = {192, 0, 2, 1}}, .port = 53},
	.asked_wall_us = NOON_US,
	.msg = (const uint8_t *)"any octets",
	.msg_len = 10,
};

/* Magic, HEADER, a lookup, an unknown record, a lookup, SEAL. */
static void put_file(struct buf *buf)
{
	buf_init(buf, SEGMENT_PAYLOAD_MAX);
	buf_put(buf, SEGMENT_MAGIC, SEGMENT_MAGIC_LEN);
	segment_put_header(buf, &header);
	segment_put_lookup(buf, &lookup);
	buf_put(buf, "\0\0\0\0\0\0\0\0\143", 9);
	buf_patch_u32(buf, buf->len - 5, (uint32_t)crc32(0, (const uint8_t *)"\143", 1));
	segment_put_lookup(buf, &lookup);
	segment_put_seal(buf, 4);
}

/* Reads octets as a file to its end: 0 where all is well. */
static int read_file(const char *path, const uint8_t *data, size_t len, uint8_t *sha256)
{
	struct error err = {0};
	struct segment_record record;
	struct segment_file *file;
	uint32_t number;
	int result;

	file_write_all(path, data, len);
	file = segment_file_open(path, &err);
	if (file == NULL)
		return err.code;
	do {
		result = segment_file_next(file, &record, &number, &err);
	} while (result == 1);
	if (result == 0)
		segment_file_sha256(file, sha256);
	segment_file_close(file);
	return result;
}

static void a_file_is_read_in_order_with_numbers_and_its_sum(void **state)
{
	static const uint32_t numbers[] = {1, 3, 4};
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	char line[PATH_SIZE + 32];
	struct segment_record record;
	struct segment_file *file;
	struct error err = {0};
	uint8_t sha256[SHA256_LEN];
	uint32_t number;
	struct buf buf;
	FILE *pipe;

	(void)state;
	home_make(home);
	assert_int_equal(path_join(path, home, "a.seg", &err), FT_OK);
	put_file(&buf);
	file_write_all(path, buf.data, buf.len);
	file = segment_file_open(path, &err);
	assert_non_null(file);
	assert_true(segment_file_header(file)->sequence == header.sequence);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(segment_file_next(file, &record, &number, &err), 1);
		assert_int_equal(number, numbers[i]);
	}
	assert_int_equal(record.type, RECORD_SEAL);
	assert_int_equal(segment_file_next(file, &record, &number, &err), 0);
	segment_file_sha256(file, sha256);
	segment_file_close(file);
	snprintf(line, sizeof(line), "sha256sum %s", path); /* an implementation not ours */
	pipe = popen(line, "r");
	assert_non_null(pipe);
	for (size_t i = 0; i < SHA256_LEN; i++) {
		unsigned value;

		assert_int_equal(fscanf(pipe, "%2x", &value), 1);
		assert_int_equal(value, sha256[i]);
	}
	pclose(pipe);
	buf_fini(&buf);
	home_remove(home);
}

static void every_cut_and_every_flip_of_a_file_is_seen(void **state)
{
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	uint8_t sha256[SHA256_LEN];
	struct error err = {0};
	struct buf buf;

	(void)state;
	home_make(home);
	assert_int_equal(path_join(path, home, "a.seg", &err), FT_OK);
	put_file(&buf);
	assert_int_equal(read_file(path, buf.data, buf.len, sha256), 0);
	for (size_t len = 0; len < buf.len; len++)
		assert_int_equal(read_file(path, buf.data, len, sha256), FT_FAIL);
	for (size_t i = 0; i < buf.len; i++) {
		buf.data[i] ^= 0x41;
		assert_int_equal(read_file(path, buf.data, buf.len, sha256), FT_FAIL);
		buf.data[i] ^= 0x41;
	}
	buf_put_u8(&buf, 0);
	assert_int_equal(read_file(path, buf.data, buf.len, sha256), FT_FAIL);
	buf_fini(&buf);
	home_remove(home);
}

static void a_seal_that_counts_otherwise_is_seen(void **state)
{
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	uint8_t sha256[SHA256_LEN];
	struct error err = {0};
	struct buf buf;

	(void)state;
	home_make(home);
	assert_int_equal(path_join(path, home, "a.seg", &err), FT_OK);
	put_file(&buf);
	buf.len -= SEGMENT_SEAL_LEN;
	segment_put_seal(&buf, 3);
	assert_int_equal(read_file(path, buf.data, buf.len, sha256), FT_FAIL);
	buf_fini(&buf);
	home_remove(home);
}

static void sealed_segments_are_listed_and_archived_by_day(void **state)
{
	char home[PATH_SIZE];
	char path[PATH_SIZE];
	char **paths;
	size_t count;
	struct error err = {0};

	(void)state;
	home_make(home);
	assert_int_equal(path_join(path, home, "spool", &err), FT_OK);
	assert_int_equal(dir_make(path, 0755, &err), FT_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			path_join(path, home, i == 0 ? "spool/b.seg" : "spool/a.seg", &err),
			FT_OK);
		file_write_all(path, (const uint8_t *)"x", 1);
	}
	assert_int_equal(path_join(path, home, "spool/0.part", &err), FT_OK);
	file_write_all(path, (const uint8_t *)"x", 1);
	assert_int_equal(segment_list(home, &paths, &count, &err), FT_OK);
	assert_int_equal(count, 2);
	assert_non_null(strstr(paths[0], "a.seg"));
	assert_int_equal(segment_archive(home, paths[0], &header, &err), FT_OK);
	assert_int_equal(segment_archive(home, paths[0], &header, &err), FT_OK); /* is gone */
	assert_int_equal(home_count(home, "archive/2008-04-08", "a.seg"), 1);
	file_write_all(paths[0], (const uint8_t *)"y", 1); /* another of the same name */
	assert_int_equal(segment_archive(home, paths[0], &header, &err), FT_OK);
	assert_int_equal(home_count(home, "archive/2008-04-08", ".seg"), 2);
	assert_int_equal(home_count(home, "spool", ".seg"), 1);
	segment_list_free(paths, count);
	home_remove(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_in_order_with_numbers_and_its_sum),
		cmocka_unit_test(every_cut_and_every_flip_of_a_file_is_seen),
		cmocka_unit_test(a_seal_that_counts_otherwise_is_seen),
		cmocka_unit_test(sealed_segments_are_listed_and_archived_by_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
