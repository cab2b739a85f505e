/* SPDX-License-Identifier: MIT */
/* INI files: what entries come, and every fault with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/ini_file.h"

#define TOO_LONG "too long: a line has at most 199 octets"
#define SEEN     "a hidden or a control character in it: "

static char dir[64];
static char path[PATH_SIZE];
static struct buf got;

static int make_dir(void **state)
{
	struct error err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/fluxtrack-ini.XXXXXX");
	buf_init(&got, 1 << 20);
	return mkdtemp(dir) == NULL ? -1 : path_join(path, dir, "a.ini", &err);
}

static int remove_dir(void **state)
{
	(void)state;
	buf_fini(&got);
	unlink(path);
	return rmdir(dir);
}

/* Writes down what comes; the value "stop" is an error. */
static int take(void *ctx, const struct ini_entry *entry, struct error *err)
{
	assert_ptr_equal(ctx, &got);
	buf_printf(&got, "%u %s.%s=%s\n", entry->section_line, entry->section, entry->name,
		   entry->value);
	return strcmp(entry->value, "stop") == 0 ? error_set(err, FT_USAGE, "the end") : FT_OK;
}

static int read_octets(const char *text, size_t len, struct error *err)
{
	assert_int_equal(file_replace(path, text, len, err), FT_OK);
	buf_reset(&got);
	return ini_file_read(path, take, &got, err);
}

static void gives(const char *text, const char *expected)
{
	struct error err = {0};

	if (read_octets(text, strlen(text), &err) != FT_OK)
		fail_msg("%s", err.text);
	buf_put_u8(&got, '\0');
	assert_string_equal((char *)got.data, expected);
}

/* The error: the file, the line, then the reason and nothing more. */
static void refuses_octets(const char *text, size_t len, unsigned line, const char *reason)
{
	char expected[PATH_SIZE + 200];
	struct error err = {0};

	snprintf(expected, sizeof(expected), "%s, line %u: %s", path, line, reason);
	assert_int_not_equal(read_octets(text, len, &err), FT_OK);
	assert_string_equal(err.text, expected);
}

static void refuses(const char *text, unsigned line, const char *reason)
{
	refuses_octets(text, strlen(text), line, reason);
}

static void entries_come_in_order_with_their_section(void **state)
{
	(void)state;
	gives("# c\n\n; c\n[a]\nk = v\nk=w = x\r\n\n[b c]\nk : v ; comment\nl = u;v\n",
	      "4 a.k=v\n4 a.k=w = x\n8 b c.k=v\n8 b c.l=u;v\n");
	gives("[a]\nx = 1\n[a]\nx = 2", "1 a.x=1\n3 a.x=2\n");
	gives("\xef\xbb\xbf[a]\nx = \xc3\xa9 \xf0\x9f\x98\x80\n",
	      "1 a.x=\xc3\xa9 \xf0\x9f\x98\x80\n");
	gives("", "");
}

/* To inih an indented line would be more of the value before. */
static void blanks_at_the_ends_mean_nothing(void **state)
{
	(void)state;
	gives("  [a]\t\n\tx = 1 \n  y\t=\t2\t3\t\n", "1 a.x=1\n1 a.y=2 3\n");
}

static void what_is_no_entry_is_refused(void **state)
{
	(void)state;
	refuses("x = 1\n", 1, "this stands before the first [section]");
	refuses("[a]\nx = 1\nnothing\n[b]\nx = 1\n", 3, "neither [section] nor NAME = VALUE");
	refuses("[a]\nx =\n", 2, "nothing before or behind the =");
	refuses("[a]\nx = ; comment\n", 2, "nothing before or behind the =");
	refuses("[a]\n= 1\n", 2, "nothing before or behind the =");
	refuses("[a\nx = 1\n", 1, "no [section]");
	refuses("[]\nx = 1\n", 1, "no [section]");
	refuses("[a] x = 1\n", 1, "no [section]");
	refuses("[a]\nx = 1\n\n[b]\n\n[c]\nx = 1\n", 4, "a section with nothing in it");
	refuses("[a]\nx = 1\n[b]\n", 3, "a section with nothing in it");
	refuses("[a]\n\nx = stop\ny = 1\n", 3, "the end");
}

static void text_is_utf_8_that_is_seen(void **state)
{
	static const char *const bad[] = {"\xff",
					  "\x80",
					  "\xc3",
					  "\xc0\xaf",
					  "\xe0\x80\xaf",
					  "\xed\xa0\x80",
					  "\xc3\x28",
					  "\xf0\x80\x80\xaf",
					  "\xf4\x90\x80\x80",
					  "\xf8\x88\x80\x80\x80",
					  "\xf9\x80\x80\x80"};
	static const struct {
		const char *character;
		const char *point;
	} unseen[] = {
		{"\x01", "U+0001"},         {"a\rb", "U+000D"},
		{"\x1b[1m", "U+001B"},      {"\x7f", "U+007F"},
		{"\xc2\x85", "U+0085"},     {"\xe2\x80\xa8", "U+2028"},
		{"\xe2\x80\xae", "U+202E"}, {"\xe2\x81\xa6", "U+2066"},
		{"\xd8\x9c", "U+061C"},     {"\xe2\x80\x8b", "U+200B"},
		{"\xc2\xa0", "U+00A0"},     {"\xf4\x8f\xbf\xbf", "U+10FFFF"},
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[a]\nx = %s\n", bad[i]);
		refuses(text, 2, "not UTF-8");
	}
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
		char reason[64];

		snprintf(text, sizeof(text), "[a]\nx = 1%s2\n", unseen[i].character);
		snprintf(reason, sizeof(reason), SEEN "%s", unseen[i].point);
		refuses(text, 2, reason);
	}
	refuses_octets("[a]\nx = 1\0y\n", 12, 2, SEEN "U+0000");
	refuses_octets("[a]\nx = 1\0\0\n", 12, 2, SEEN "U+0000");
	refuses_octets("[a]\nx = 1\n\0", 11, 3, SEEN "U+0000");
	gives("[a]\nx = \xed\x9f\xbf\xef\xbf\xbd\xf0\x9f\x98\x80\n",
	      "1 a.x=\xed\x9f\xbf\xef\xbf\xbd\xf0\x9f\x98\x80\n");
}

static void lines_sections_and_files_have_a_most(void **state)
{
	static char text[300 * 1024];

	(void)state;
	snprintf(text, sizeof(text), "[a]\nx = %0195d\n", 1);
	assert_int_equal(strlen(text), 4 + 199 + 1);
	gives(text, (snprintf(text + 1024, 1024, "1 a.x=%0195d\n", 1), text + 1024));
	snprintf(text, sizeof(text), "[a]\nx = %0196d\n", 1);
	refuses(text, 2, TOO_LONG);
	snprintf(text, sizeof(text), "[%049d]\nx = 1\n", 1);
	gives(text, (snprintf(text + 1024, 1024, "1 %049d.x=1\n", 1), text + 1024));
	snprintf(text, sizeof(text), "[%050d]\nx = 1\n", 1);
	refuses(text, 1, "too long a section");
	memset(text, '#', sizeof(text) - 1);
	for (size_t i = 99; i < sizeof(text); i += 100)
		text[i] = '\n';
	refuses_octets(text, sizeof(text), 256 * 1024 / 100 + 1, "the file is too large");
}

/* What is longer than a file may be does not reach inih, and is the first fault all the same.
 */
static void the_longest_lines_are_not_passed_over(void **state)
{
	static char text[700 * 1024];
	int len = snprintf(text, sizeof(text), "[a]\nx = 1\ny = ");

	(void)state;
	memset(text + len, 'x', sizeof(text) - (size_t)len);
	refuses_octets(text, (size_t)len + 300000, 3, TOO_LONG);
	text[len + 300000] = '\n';
	refuses_octets(text, (size_t)len + 300001, 3, TOO_LONG);
	memcpy(text + len + 300001, "z = 1\n", 6);
	refuses_octets(text, (size_t)len + 300007, 3, TOO_LONG);
	refuses_octets(text, sizeof(text), 3, TOO_LONG);
}

static void blanks_count(void **state)
{
	static char text[256 * 1024 + 1];

	(void)state;
	memset(text, '\n', sizeof(text));
	refuses_octets(text, sizeof(text), sizeof(text), "the file is too large");
	text[sizeof(text) - 1] = '\0';
	gives(text, "");
	memset(text, ' ', sizeof(text));
	for (size_t i = 999; i < sizeof(text); i += 1000)
		text[i] = '\n';
	refuses_octets(text, sizeof(text), 256 * 1024 / 1000 + 1, "the file is too large");
}

static void what_cannot_be_read_is_said(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(ini_file_read("/nonexistent/a.ini", take, &got, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "cannot open /nonexistent/a.ini"));
	assert_int_equal(ini_file_read(dir, take, &got, &err), FT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_in_order_with_their_section),
		cmocka_unit_test(blanks_at_the_ends_mean_nothing),
		cmocka_unit_test(what_is_no_entry_is_refused),
		cmocka_unit_test(text_is_utf_8_that_is_seen),
		cmocka_unit_test(lines_sections_and_files_have_a_most),
		cmocka_unit_test(the_longest_lines_are_not_passed_over),
		cmocka_unit_test(blanks_count),
		cmocka_unit_test(what_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
