/* SPDX-License-Identifier: MIT */
/* Lines as they stand in a file, whatever stands in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "store/line_file.h"

#define LONGEST 100

static char path[] = "/tmp/fluxtrack-lines.XXXXXX";

static void write_file(const void *bytes, size_t len, const char *mode)
{
	gzFile file = gzopen(path, mode);

	assert_non_null(file);
	assert_int_equal(gzwrite(file, bytes, (unsigned)len), len);
	assert_int_equal(gzclose(file), Z_OK);
}

/* "T": as it is. */
static void write_text(const char *text)
{
	write_file(text, strlen(text), "wT");
}

static struct line_file *open_lines(const char *name)
{
	struct error err = {0};
	struct line_file *file = line_file_open(name, LONGEST, &err);

	if (file == NULL)
		fail_msg("%s", err.text);
	return file;
}

static void assert_next(struct line_file *file, const char *bytes, size_t want)
{
	struct error err = {0};
	char *line;
	size_t len;

	assert_int_equal(line_file_next(file, &line, &len, &err), 1);
	assert_int_equal(len, want);
	assert_memory_equal(line, bytes, want);
	assert_int_equal(line[len], '\0');
	memset(line, 'x', len); /* it is ours to write to */
}

static void assert_ends(struct line_file *file, uint64_t bad)
{
	struct error err = {0};
	char *line;
	size_t len;

	assert_int_equal(line_file_next(file, &line, &len, &err), 0);
	assert_int_equal(line_file_next(file, &line, &len, &err), 0);
	assert_int_equal(line_file_bad_lines(file), bad);
	line_file_close(file);
}

static void assert_fails(struct line_file *file, uint64_t after)
{
	struct error err = {0};
	char *line;
	size_t len;
	uint64_t lines = 0;
	int code;

	while ((code = line_file_next(file, &line, &len, &err)) == 1)
		lines++;
	assert_int_equal(code, FT_FAIL);
	assert_non_null(strstr(err.text, "cannot read /tmp/"));
	assert_true(lines <= after);
	line_file_close(file);
}

static void line_ends_are_taken_off(void **state)
{
	struct line_file *file;

	(void)state;
	write_text("one\n\ntwo\r\n\r\nthree\r\r\nfour\rfive\nlast");
	file = open_lines(path);
	assert_next(file, "one", 3);
	assert_next(file, "", 0);
	assert_next(file, "two", 3);
	assert_next(file, "", 0);
	assert_next(file, "three\r", 6);
	assert_next(file, "four\rfive", 9);
	assert_next(file, "last", 4);
	assert_ends(file, 0);
}

static void an_empty_file_has_no_line(void **state)
{
	(void)state;
	write_text("");
	assert_ends(open_lines(path), 0);
}

static void a_nul_does_not_end_a_line(void **state)
{
	static const char bytes[] = "a\0b\n\0\nc";
	struct line_file *file;

	(void)state;
	write_file(bytes, sizeof(bytes) - 1, "wT");
	file = open_lines(path);
	assert_next(file, "a\0b", 3);
	assert_next(file, "\0", 1);
	assert_next(file, "c", 1);
	assert_ends(file, 0);
}

/* Whole lines of every length about the longest, with either line end. */
static void lines_are_long_enough_or_bad(void **state)
{
	char text[1000];
	struct line_file *file;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + LONGEST, "\n", 1);
	memcpy(text + 2 * LONGEST + 1, "\r\n", 2);
	memcpy(text + 3 * LONGEST + 4, "\nb\n", 4); /* one octet too long */
	write_text(text);
	file = open_lines(path);
	assert_next(file, text, LONGEST);
	assert_next(file, text + LONGEST + 1, LONGEST);
	assert_next(file, "b", 1);
	assert_ends(file, 1);
}

/* Lines longer than any buffer, in the middle and at the end, of every length about its size.
 */
static void endless_lines_are_one_bad_line_each(void **state)
{
	static char text[200010];

	(void)state;
	for (size_t len = 65536 + LONGEST - 2; len < 65536 + LONGEST + 6; len++) {
		struct line_file *file;

		memset(text, 'a', sizeof(text));
		memcpy(text + len, "\nb\n", 3);
		write_file(text, sizeof(text), "wT");
		file = open_lines(path);
		assert_next(file, "b", 1);
		assert_ends(file, 2);
		write_file(text, len, "wT");
		assert_ends(open_lines(path), 1);
	}
}

/* Lines that lie across every place where a buffer ends. */
static void many_lines_come_whole_and_in_order(void **state)
{
	static char text[1000000];
	char line[LONGEST];
	size_t len = 0;
	struct line_file *file;

	(void)state;
	for (int i = 0; i < 20000; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%0*d\n", i % 37 + 1,
					i);
	write_file(text, len, "w");
	file = open_lines(path);
	for (int i = 0; i < 20000; i++) {
		size_t want = (size_t)snprintf(line, sizeof(line), "%0*d", i % 37 + 1, i);

		assert_next(file, line, want);
	}
	assert_ends(file, 0);
}

static void standard_input_is_read_and_stays_open(void **state)
{
	int saved = dup(STDIN_FILENO);
	struct line_file *file;
	int fd;

	(void)state;
	write_file("zipped\n", 7, "w");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	file = open_lines("-");
	assert_next(file, "zipped", 6);
	assert_ends(file, 0);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(fd);
}

static void a_cut_gzip_file_is_no_shorter_file(void **state)
{
	char text[5000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 50 == 49 ? '\n' : (char)('a' + i * i % 23);
	write_file(text, sizeof(text), "w");
	assert_int_equal(truncate(path, 60), 0);
	assert_fails(open_lines(path), 99);
}

static void what_cannot_be_read_is_said(void **state)
{
	struct error err = {0};

	(void)state;
	assert_null(line_file_open("/nonexistent/x\n", LONGEST, &err));
	assert_string_equal(err.text,
			    "cannot open /nonexistent/x\\010: No such file or directory");
	assert_fails(open_lines("/tmp/"), 0);
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd >= 0 ? close(fd) : -1;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends_are_taken_off),
		cmocka_unit_test(an_empty_file_has_no_line),
		cmocka_unit_test(a_nul_does_not_end_a_line),
		cmocka_unit_test(lines_are_long_enough_or_bad),
		cmocka_unit_test(endless_lines_are_one_bad_line_each),
		cmocka_unit_test(many_lines_come_whole_and_in_order),
		cmocka_unit_test(standard_input_is_read_and_stays_open),
		cmocka_unit_test(a_cut_gzip_file_is_no_shorter_file),
		cmocka_unit_test(what_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
