/* SPDX-License-Identifier: MIT */
/* base: escaping, the capped buffer, times, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/timefmt.h"

static void escape_keeps_plain_text_and_escapes_the_rest(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(escape_text(out, sizeof(out), "a b\\\n\x00\xff~", 8), 18);
	assert_string_equal(out, "a b\\\\\\010\\000\\255~");
}

static void escape_never_cuts_inside_an_escape(void **state)
{
	char out[6];

	(void)state;
	assert_int_equal(escape_text(out, sizeof(out), "ab\x01\x01", 4), 2);
	assert_string_equal(out, "ab");
}

static void a_word_is_shown_escaped_and_cut(void **state)
{
	char word[100];
	char shown[WORD_SHOWN_SIZE];

	(void)state;
	memset(word, '\xff', 60);
	word[60] = '\0';
	escape_word(shown, word);
	assert_int_equal(strlen(shown), 4 * 60);
	assert_string_equal(shown + 4 * 59, "\\255");
	word[60] = 'x';
	word[61] = '\0';
	escape_word(shown, word);
	assert_int_equal(strlen(shown), 4 * 60 + 3);
	assert_string_equal(shown + 4 * 59, "\\255...");
}

static void of_a_long_path_its_end_is_shown(void **state)
{
	char path[300] = "/home/of/an/analyst/with/many/folders/fluxtrack/home/reporter.ini";
	char shown[WORD_SHOWN_SIZE];

	(void)state;
	escape_path(shown, path);
	assert_string_equal(shown, path);
	memset(path, 'a', sizeof(path));
	memcpy(path + sizeof(path) - 6, "\n.ini", 6);
	escape_path(shown, path);
	assert_int_equal(strlen(shown), 3 + 200 + 3);
	assert_memory_equal(shown, "...aaa", 6);
	assert_string_equal(shown + strlen(shown) - 9, "a\\010.ini");
}

static void buf_refuses_beyond_its_cap_and_stays_refused(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	buf_put(&buf, "12345678", 8);
	buf_put_u16(&buf, 0x3930);
	assert_true(buf_is_ok(&buf));
	assert_memory_equal(buf.data, "1234567890", 10);
	buf_put_u8(&buf, 'x');
	assert_false(buf_is_ok(&buf));
	assert_int_equal(buf.len, 10);
	buf_reset(&buf);
	buf_put_u8(&buf, 'x');
	assert_true(buf_is_ok(&buf));
	buf_fini(&buf);
}

static void buf_writes_big_endian_and_patches(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_put_u32(&buf, 0);
	buf_put_u64(&buf, 0x0102030405060708);
	buf_patch_u32(&buf, 0, 0xa1b2c3d4);
	assert_memory_equal(buf.data, "\xa1\xb2\xc3\xd4\x01\x02\x03\x04\x05\x06\x07\x08", 12);
	buf_fini(&buf);
}

static void times_read_and_write_rfc3339(void **state)
{
	char text[TIME_TEXT_SIZE];
	struct error err = {0};
	int64_t us;

	(void)state;
	assert_int_equal(time_parse("2008-04-08T12:00:00.25Z", &us, &err), FT_OK);
	assert_int_equal(us, INT64_C(1207656000250000));
	time_format(text, us);
	assert_string_equal(text, "2008-04-08T12:00:00.250000Z");
	assert_int_equal(time_parse("2008-04-08T14:00:00+02:00", &us, &err), FT_OK);
	assert_int_equal(us, INT64_C(1207656000000000));
	assert_int_equal(time_parse("2008-04-08", &us, &err), FT_OK);
	assert_int_equal(us, INT64_C(1207612800000000));
	assert_int_equal(time_parse("2008-02-29T01:30:00-02:30", &us, &err), FT_OK);
	assert_int_equal(us, INT64_C(1204257600000000)); /* 04:00 in UTC */
	assert_int_equal(time_parse("2016-12-31T23:59:60Z", &us, &err), FT_OK);
	assert_int_equal(us, INT64_C(1483228800000000)); /* a leap second is the next one's */
	assert_int_equal(time_parse("1970-01-01", &us, &err), FT_OK);
	assert_int_equal(us, 0);
	time_format(text, -1);
	assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
}

static void times_refuse_garbage(void **state)
{
	static const char *const bad[] = {"",
					  "yesterday",
					  "2008-04-08x",
					  "2008-04-08T12:00",
					  "2008-04-08T12:00:00Zx",
					  "2008-04-08T12:00:00~02:00",
					  "2008-04-08T12:00:00+-1:30",
					  "2008-04-08T12:00:00+02:99",
					  "2008-04-08T12:00:00+2:30",
					  "2008-02-30",
					  "2007-02-29T12:00:00Z"};
	struct error err;
	int64_t us;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(time_parse(bad[i], &us, &err), FT_USAGE);
}

static void durations_have_a_number_and_a_unit(void **state)
{
	static const char *const bad[] = {"",     "10",   "m",        "-5m",
					  "10 m", "10mm", "9999999d", "1.5h"};
	struct error err;
	int64_t seconds;

	(void)state;
	assert_int_equal(duration_parse("90s", &seconds, &err), FT_OK);
	assert_int_equal(seconds, 90);
	assert_int_equal(duration_parse("24h", &seconds, &err), FT_OK);
	assert_int_equal(seconds, 86400);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(duration_parse(bad[i], &seconds, &err), FT_USAGE);
	assert_int_equal(duration_parse("\033[31m", &seconds, &err), FT_USAGE);
	assert_string_equal(err.text, "'\\027[31m' is not a duration; write it like 90s, "
				      "10m, 24h");
}

static void errors_map_to_exit_codes_and_take_a_prefix(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(error_set(&err, FT_AGAIN, "disk %d", 7), FT_AGAIN);
	assert_int_equal(error_prefix(&err, "spool"), FT_AGAIN);
	assert_string_equal(err.text, "spool: disk 7");
	assert_int_equal(error_exit_code(FT_OK), 0);
	assert_int_equal(error_exit_code(FT_FAIL), 1);
	assert_int_equal(error_exit_code(FT_USAGE), 2);
	assert_int_equal(error_exit_code(FT_AGAIN), 75);
}

static void a_lock_is_held_once(void **state)
{
	char dir[] = "/tmp/fluxtrack-base.XXXXXX";
	char path[PATH_SIZE];
	struct error err = {0};
	int first;
	int second;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(path_join(path, dir, "lock", &err), FT_OK);
	assert_int_equal(file_lock(path, &first, &err), FT_OK);
	assert_int_equal(file_lock(path, &second, &err), FT_AGAIN);
	assert_non_null(strstr(err.text, path));
	close(first);
	assert_int_equal(file_lock(path, &second, &err), FT_OK);
	close(second);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void a_file_is_replaced_wholly(void **state)
{
	char dir[] = "/tmp/fluxtrack-base.XXXXXX";
	char sub[PATH_SIZE];
	char path[PATH_SIZE];
	char text[8] = {0};
	struct error err = {0};
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(path_join(sub, dir, "a/b", &err), FT_OK);
	assert_int_equal(dir_make(sub, 0755, &err), FT_OK);
	assert_int_equal(dir_make(sub, 0755, &err), FT_OK);
	assert_int_equal(path_join(path, sub, "f", &err), FT_OK);
	assert_int_equal(file_replace(path, "one", 3, &err), FT_OK);
	assert_int_equal(file_replace(path, "two!", 4, &err), FT_OK);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text), file), 4);
	fclose(file);
	assert_string_equal(text, "two!");
	assert_int_equal(file_replace("/nonexistent/f", "x", 1, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "/nonexistent/f"));
	unlink(path);
	rmdir(sub);
	sub[strlen(sub) - 2] = '\0';
	rmdir(sub);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape_keeps_plain_text_and_escapes_the_rest),
		cmocka_unit_test(escape_never_cuts_inside_an_escape),
		cmocka_unit_test(a_word_is_shown_escaped_and_cut),
		cmocka_unit_test(of_a_long_path_its_end_is_shown),
		cmocka_unit_test(buf_refuses_beyond_its_cap_and_stays_refused),
		cmocka_unit_test(buf_writes_big_endian_and_patches),
		cmocka_unit_test(times_read_and_write_rfc3339),
		cmocka_unit_test(times_refuse_garbage),
		cmocka_unit_test(durations_have_a_number_and_a_unit),
		cmocka_unit_test(errors_map_to_exit_codes_and_take_a_prefix),
		cmocka_unit_test(a_lock_is_held_once),
		cmocka_unit_test(a_file_is_replaced_wholly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
