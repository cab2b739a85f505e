/* SPDX-License-Identifier: MIT */
/* import_file: lines of a made-up format go to the spool, each with its number in the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crawler/import_file.h"
#include "store/segment_file.h"

static char folder[64];
static char path[128]; /* of the file that is imported */
static struct import_file file;
static struct import_totals totals;
static uint64_t told_before;

/*
 * A line is a name that timed out; "?" is bad, "!" of another type, "+" writes to the file, ">"
 * is a name asked for that many days from now, "=" one that was told of at such a time again.
 */
static enum import_result read_name(void *state, char *line, size_t len,
				    struct import_line *out)
{
	(void)state;
	assert_int_equal(strlen(line), len);
	if (line[0] == '?')
		return import_bad(out, "a question mark");
	if (line[0] == '!')
		return IMPORT_OTHER;
	if (line[0] == '+') {
		const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
		return IMPORT_NOTHING;
	}
	out->lookup.timed_out = true;
	if (line[0] == '>' || line[0] == '=') {
		int64_t at_us = clock_wall_us(&clock_system) +
				strtol(line + 1, NULL, 10) * INT64_C(86400000000);

		if (line[0] == '>')
			out->lookup.asked_wall_us = at_us;
		else
			out->again_us = at_us;
		line = strchr(line, ' ') + 1;
	}
	return import_take_question(out, line, strstr(line, ".arpa") != NULL ? "PTR" : "A");
}

static const struct import_format names = {.name = "names", .read = read_name};

static void write_file(const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fputs(text, out) >= 0, 1);
	assert_int_equal(fclose(out), 0);
}

static int import(struct error *err)
{
	const struct spool_options options = {
		.home = folder, .vantage = "test", .clock = &clock_system};
	struct error closing = {0};
	struct spool *spool;
	int result;

	file = (struct import_file){
		.path = path, .format = &names, .tags = "family=x", .told_before = told_before};
	totals = (struct import_totals){0};
	if (import_file_describe(&file, err) != FT_OK)
		return err->code;
	spool = spool_open(&options, err);
	assert_non_null(spool);
	result = import_file_read(&file, spool, &totals, err);
	assert_int_equal(spool_close(spool, &closing), FT_OK);
	return result;
}

/* What the newest segment holds: "+name" for a target, "LINE name" for a lookup. */
static const char *recorded(void)
{
	static char out[4096];
	char text[NAME_TEXT_SIZE];
	char pattern[128];
	struct segment_record record;
	struct segment_file *segment;
	struct error err = {0};
	uint32_t number;
	size_t at = 0;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/spool/*.seg", folder);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	segment = segment_file_open(found.gl_pathv[found.gl_pathc - 1], &err);
	assert_non_null(segment);
	while (segment_file_next(segment, &record, &number, &err) == 1) {
		if (record.type == RECORD_TARGET) {
			name_to_text(text, record.target.name);
			at += (size_t)snprintf(out + at, sizeof(out) - at, "+%s|", text);
		} else if (record.type == RECORD_TOLD) {
			name_to_text(text, record.told.lookup.qname);
			at += (size_t)snprintf(out + at, sizeof(out) - at, "%d %s|",
					       (int)record.told.line, text);
		}
	}
	segment_file_close(segment);
	globfree(&found);
	return out;
}

static void lines_keep_their_numbers(void **state)
{
	static char text[600 * 1024];
	struct error err = {0};
	size_t len;

	(void)state;
	len = (size_t)snprintf(text, sizeof(text), "a.example\n\n?\n");
	memset(text + len, 'x', 300 * 1024); /* line 4: too long */
	len += 300 * 1024;
	snprintf(text + len, sizeof(text) - len,
		 "\n!\nb.example\r\n?\n1.2.0.192.in-addr.arpa\nc.example");
	write_file(text);
	assert_int_equal(import(&err), FT_OK);
	assert_string_equal(recorded(), "+a.example|1 a.example|+b.example|6 b.example|"
					"8 1.2.0.192.in-addr.arpa|+c.example|9 c.example|");
	assert_int_equal(totals.lines, 9);
	assert_int_equal(totals.lookups, 4);
	assert_int_equal(totals.bad, 3);
	assert_int_equal(totals.other, 1);
}

static void a_name_is_told_once_in_a_row(void **state)
{
	struct error err = {0};

	(void)state;
	write_file("a.example\nA.example\nb.example\na.example\n");
	assert_int_equal(import(&err), FT_OK);
	assert_string_equal(recorded(),
			    "+a.example|1 a.example|2 A.example|+b.example|3 b.example|"
			    "+a.example|4 a.example|");
}

static void lines_told_before_are_passed_over(void **state)
{
	struct error err = {0};

	(void)state;
	write_file("a.example\n?\nb.example\n?\nc.example\n");
	told_before = 3;
	assert_int_equal(import(&err), FT_OK);
	assert_string_equal(recorded(), "+c.example|5 c.example|");
	assert_int_equal(totals.lookups, 1);
	assert_int_equal(totals.bad, 1);
	told_before = 5;
	assert_int_equal(import(&err), FT_OK);
	assert_int_equal(totals.lookups, 0);
	told_before = 0;
}

static void what_is_to_come_nobody_saw(void **state)
{
	struct error err = {0};

	(void)state;
	write_file(">-1 a.example\n>0 b.example\n>2 c.example\n=2 d.example\n");
	assert_int_equal(import(&err), FT_OK);
	assert_string_equal(recorded(), "+a.example|1 a.example|+b.example|2 b.example|");
	assert_int_equal(totals.bad, 2);
}

static void nothing_good_is_an_error(void **state)
{
	struct error err = {0};

	(void)state;
	write_file("?\n!\n");
	assert_int_equal(import(&err), FT_FAIL);
	assert_non_null(strstr(err.text, "no line that tells of a lookup"));
	write_file("");
	assert_int_equal(import(&err), FT_FAIL);
}

static void a_file_that_changes_is_said(void **state)
{
	struct error err = {0};

	(void)state;
	write_file("a.example\n+\nb.example\n");
	assert_int_equal(import(&err), FT_FAIL);
	assert_non_null(strstr(err.text, "was written to while it was read"));
	assert_int_equal(totals.lookups, 2);
}

static void the_source_is_described(void **state)
{
	/* sha256sum of "abc": FIPS 180-2, appendix B.1 */
	static const uint8_t abc[SHA256_LEN] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
						0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
						0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
						0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
	struct error err = {0};
	char kept[sizeof(path)];

	(void)state;
	memcpy(kept, path, sizeof(path));
	snprintf(path, sizeof(path), "%s/a\nb", folder);
	write_file("abc");
	assert_int_equal(import(&err), FT_OK);
	assert_memory_equal(file.source.sha256, abc, SHA256_LEN);
	assert_string_equal(file.source.name, "a\\010b");
	assert_string_equal(file.source.format, "names");
	memcpy(path, folder, sizeof(folder));
	assert_int_equal(import(&err), FT_FAIL);
	assert_non_null(strstr(err.text, "no regular file"));
	memcpy(path, kept, sizeof(path));
}

static int set_up(void **state)
{
	char spool[96];

	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/fluxtrack-import.XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(spool, sizeof(spool), "%s/spool", folder);
	assert_int_equal(mkdir(spool, 0750), 0);
	snprintf(path, sizeof(path), "%s/names", folder);
	return 0;
}

static void remove_all(const char *pattern)
{
	char full[128];
	glob_t found;

	snprintf(full, sizeof(full), "%s/%s", folder, pattern);
	if (glob(full, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			remove(found.gl_pathv[i]);
	globfree(&found);
}

static int tear_down(void **state)
{
	(void)state;
	remove_all("spool/*/*");
	remove_all("spool/*");
	remove_all("*");
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_keep_their_numbers),
		cmocka_unit_test(a_name_is_told_once_in_a_row),
		cmocka_unit_test(lines_told_before_are_passed_over),
		cmocka_unit_test(what_is_to_come_nobody_saw),
		cmocka_unit_test(nothing_good_is_an_error),
		cmocka_unit_test(a_file_that_changes_is_said),
		cmocka_unit_test(the_source_is_described),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
