/* SPDX-License-Identifier: MIT */
/* Secrets in files: the first line, and whose file it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret_file.h"

#define ROOM 8 /* octets: six of a secret, and its line's end */

static char path[] = "/tmp/fluxtrack-secret.XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static int read_text(const char *text, size_t len, char out[ROOM], struct error *err)
{
	assert_int_equal(file_replace(path, text, len, err), FT_OK);
	assert_int_equal(chmod(path, 0600), 0);
	return secret_file_read(out, ROOM, path, err);
}

static void gives(const char *text, const char *expected)
{
	char secret[ROOM];
	struct error err = {0};

	assert_int_equal(read_text(text, strlen(text), secret, &err), FT_OK);
	assert_string_equal(secret, expected);
}

static void refuses(const char *text, size_t len, const char *reason)
{
	char secret[ROOM];
	char expected[100];
	struct error err = {0};

	snprintf(expected, sizeof(expected), "%s: %s", path, reason);
	assert_int_equal(read_text(text, len, secret, &err), FT_FAIL);
	assert_string_equal(err.text, expected);
}

static void the_first_line_is_it(void **state)
{
	(void)state;
	gives("abc", "abc");
	gives("abc\n", "abc");
	gives("abc\r\n", "abc");
	gives("abc\nmore than there is room for\n", "abc");
	gives("a b\r", "a b");
	gives("abcdef\r\n", "abcdef");
}

static void what_is_none_is_refused(void **state)
{
	(void)state;
	refuses("", 0, "its first line is empty");
	refuses("\nabc", 4, "its first line is empty");
	refuses("\r\nabc", 5, "its first line is empty");
	refuses("a\0c\n", 4, "a NUL in its first line");
	refuses("abcdefg", 7, "a secret has 6 octets at most");
	refuses("abcdefghijklmnop", 16, "a secret has 6 octets at most");
}

static void others_must_not_read_it(void **state)
{
	struct error err = {0};

	(void)state;
	for (mode_t bit = 1; bit <= 4; bit *= 2) {
		assert_int_equal(chmod(path, 0600 | bit), 0);
		assert_int_equal(secret_file_check(path, &err), FT_FAIL);
		assert_non_null(strstr(err.text, "is open to everybody; run chmod 600 on it"));
	}
	assert_int_equal(chmod(path, 0660), 0);
	assert_int_equal(secret_file_check(path, &err), FT_OK);
}

static void others_must_not_own_it(void **state)
{
	struct error err = {0};

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_int_equal(secret_file_check(path, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "belongs to somebody else"));
	assert_int_equal(chown(path, 0, 0), 0);
}

static void a_folder_is_no_file(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(secret_file_check("/", &err), FT_FAIL);
	assert_string_equal(err.text, "/ is a folder: name a file in it");
	assert_int_equal(secret_file_check("/nonexistent/a\tb", &err), FT_FAIL);
	assert_non_null(strstr(err.text, "cannot open /nonexistent/a\\009b: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_is_it),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(others_must_not_read_it),
		cmocka_unit_test(others_must_not_own_it),
		cmocka_unit_test(a_folder_is_no_file),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
