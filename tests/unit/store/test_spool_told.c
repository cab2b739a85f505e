/* SPDX-License-Identifier: MIT */
/* spool: what is told from another's file stands behind its source, in every segment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "spool_home.h"

#define SECOND_US INT64_C(1000000)

static const struct segment_source source = {
	.uuid = {1, 2, 3}, .sha256 = {4, 5}, .format = "cof", .name = "feed.json"};

static void append_told(struct spool *spool, uint64_t line)
{
	const struct segment_told told = {.line = line,
					  .lookup = {.qname = (const uint8_t *)"\1x\7example",
						     .qtype = QTYPE_A,
						     .server = {.ip = {.family = 4}},
						     .asked_wall_us = SECOND_US,
						     .timed_out = true}};

	spool_append_told(spool, &told);
}

static void commit_ok(struct spool *spool)
{
	struct error err = {0};

	assert_int_equal(spool_commit(spool, &err), FT_OK);
}

/* The types of the records of a home's only sealed segment, a digit each. */
static void read_types(const char *home, const char *suffix, char out[32])
{
	struct segment_record record;
	struct segment_file *file;
	struct error err = {0};
	char path[PATH_SIZE];
	uint32_t number;
	size_t at = 0;

	home_only_file(path, home, "spool", suffix);
	file = segment_file_open(path, &err);
	assert_non_null(file);
	while (segment_file_next(file, &record, &number, &err) == 1) {
		out[at++] = (char)('0' + (int)record.type);
		if (record.type == RECORD_TOLD)
			assert_memory_equal(record.told.source, source.uuid, UUID_LEN);
		if (record.type == RECORD_SOURCE)
			assert_string_equal(record.source.name, source.name);
	}
	out[at] = '\0';
	segment_file_close(file);
}

static void each_segment_names_the_source_once(void **state)
{
	char home[PATH_SIZE];
	struct error err = {0};
	struct spool *spool;
	char types[32];

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	spool_set_source(spool, &source);
	append_told(spool, 1);
	append_told(spool, 2);
	commit_ok(spool);
	time_passes(11 * SECOND_US); /* the segment is sealed for its age */
	commit_ok(spool);
	append_told(spool, 3);
	assert_int_equal(spool_close(spool, &err), FT_OK);
	read_types(home, "0001.seg", types);
	assert_string_equal(types, "7886");
	read_types(home, "0002.seg", types);
	assert_string_equal(types, "786");
	home_remove(home);
}

static void a_source_that_cannot_be_read_back_tells_nothing(void **state)
{
	struct segment_source odd = source;
	char home[PATH_SIZE];
	struct error err = {0};
	struct spool *spool;

	(void)state;
	home_make(home);
	spool = home_open_spool(home, 0);
	odd.name[0] = '\n';
	spool_set_source(spool, &odd);
	append_told(spool, 1);
	assert_int_equal(spool_commit(spool, &err), FT_FAIL);
	assert_int_equal(spool_close(spool, &err), FT_OK);
	assert_int_equal(home_count(home, "spool", ".seg"), 0);
	home_remove(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_segment_names_the_source_once),
		cmocka_unit_test(a_source_that_cannot_be_read_back_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
