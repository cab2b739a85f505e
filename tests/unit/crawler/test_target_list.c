/* SPDX-License-Identifier: MIT */
/* Lists as files, as stdin, as words: good lines go on, bad ones are said, nothing is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crawler/target_list.h"

#define SAID_SIZE 8192

static struct target_set set;
static char path[] = "/tmp/fluxtrack-list.XXXXXX";
static char said[SAID_SIZE]; /* what went to stderr in the last read */

static int setup(void **state)
{
	(void)state;
	target_set_init(&set);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	target_set_fini(&set);
	return 0;
}

static void write_list(const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* Reads source with stderr going to said. */
static int read_source(const char *source, struct error *err)
{
	FILE *aside = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t len;
	int result;

	assert_non_null(aside);
	*err = (struct error){0};
	dup2(fileno(aside), STDERR_FILENO);
	result = target_list_read(&set, source, err);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(aside);
	len = fread(said, 1, sizeof(said) - 1, aside);
	said[len] = '\0';
	fclose(aside);
	return result;
}

static unsigned lines_said(void)
{
	unsigned lines = 0;

	for (const char *at = said; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	return lines;
}

static void good_lines_go_on_and_bad_ones_are_said(void **state)
{
	static const char text[] = "\xef\xbb\xbf# a list\r\n"
				   "a.example family=storm\r\n"
				   "192.0.2.1\r\n"
				   "\n"
				   "A.example. x=1\n"
				   "localhost\n"
				   "b.example"; /* no line end */
	char want[128];
	struct error err;

	(void)state;
	write_list(text, strlen(text));
	assert_int_equal(read_source(path, &err), FT_OK);
	assert_int_equal(set.count, 2);
	assert_string_equal(set.targets[0]->tags, "family=storm x=1");
	assert_int_equal(lines_said(), 2);
	snprintf(want, sizeof(want), "fluxtrack: %s:3: \"192.0.2.1\" is an address", path);
	assert_non_null(strstr(said, want));
	snprintf(want, sizeof(want), "fluxtrack: %s:6: \"localhost\"", path);
	assert_non_null(strstr(said, want));
}

static void beyond_twenty_rejections_only_the_count_is_said(void **state)
{
	FILE *file = fopen(path, "w");
	struct error err;

	(void)state;
	for (int i = 0; i < 500; i++)
		fprintf(file, "bad%d\n", i);
	fprintf(file, "good.example\n");
	fclose(file);
	assert_int_equal(read_source(path, &err), FT_OK);
	assert_int_equal(set.count, 1);
	assert_int_equal(lines_said(), 21);
	assert_non_null(strstr(said, "500 lines rejected"));
}

static void a_list_without_a_good_line_is_an_error(void **state)
{
	struct error err;

	(void)state;
	write_list("\x7f"
		   "ELF\x01\x00\x00garbage\n\xff\xff\n",
		   18);
	assert_int_equal(read_source(path, &err), FT_USAGE);
	assert_non_null(strstr(err.text, path));
	write_list("", 0);
	assert_int_equal(read_source(path, &err), FT_USAGE);
}

static void a_folder_or_missing_file_is_an_error(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(read_source("/tmp", &err), FT_USAGE);
	assert_non_null(strstr(err.text, "/tmp is a folder"));
	assert_int_equal(read_source("/nonexistent/list", &err), FT_USAGE);
	assert_non_null(strstr(err.text, "/nonexistent/list"));
	assert_int_equal(set.count, 0);
}

/* Nor may what stands behind it be cut off. */
static void a_path_does_nothing_to_a_terminal(void **state)
{
	char far[1024] = "/nonexistent/";
	struct error err;

	(void)state;
	assert_int_equal(read_source("/nonexistent/\x1b[2J", &err), FT_USAGE);
	assert_non_null(strstr(err.text, "/nonexistent/\\027[2J: No such file"));
	for (size_t at = strlen(far); at < sizeof(far) - 2; at += 2)
		memcpy(far + at, "x/", 2);
	assert_int_equal(read_source(far, &err), FT_USAGE);
	assert_non_null(strstr(err.text, ": No such file"));
}

static void a_word_that_is_no_file_is_a_name(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(read_source("Supersameas[.]com", &err), FT_OK);
	assert_int_equal(read_source("hxxp://boardhour[.]com/x", &err), FT_OK);
	assert_int_equal(set.count, 2);
	assert_int_equal(read_source("localhost", &err), FT_USAGE);
	assert_int_equal(read_source("", &err), FT_USAGE);
	assert_int_equal(set.count, 2);
}

/* A writer of len octets without a line end; returns the pipe's end to read. */
static int start_writer(size_t len)
{
	char chunk[65536];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	if (fork() != 0) {
		close(ends[1]);
		return ends[0];
	}
	close(ends[0]);
	memset(chunk, 'a', sizeof(chunk));
	for (; len > 0; len -= sizeof(chunk))
		if (write(ends[1], chunk, sizeof(chunk)) != (ssize_t)sizeof(chunk))
			_exit(1);
	if (write(ends[1], "\nb.example\n", 11) != 11)
		_exit(1);
	_exit(0);
}

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void a_line_of_a_gigabyte_is_refused_and_never_held(void **state)
{
	long before = peak_kib();
	int saved = dup(STDIN_FILENO);
	int fd = start_writer((size_t)1 << 30);
	struct error err;
	int status;

	(void)state;
	dup2(fd, STDIN_FILENO);
	close(fd);
	assert_int_equal(read_source("-", &err), FT_OK);
	dup2(saved, STDIN_FILENO);
	close(saved);
	wait(&status);
	assert_int_equal(set.count, 1);
	assert_non_null(strstr(said, "stdin:1: longer than 4096 octets"));
	assert_in_range(peak_kib() - before, 0, 4096);
}

static void the_list_we_ship_is_good(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(read_source(DOMAINS_TXT, &err), FT_OK);
	assert_string_equal(said, "");
	assert_int_equal(set.count, 160 + 39); /* Kraken's, and those of the literature */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_lines_go_on_and_bad_ones_are_said, setup,
						teardown),
		cmocka_unit_test_setup_teardown(beyond_twenty_rejections_only_the_count_is_said,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_list_without_a_good_line_is_an_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_folder_or_missing_file_is_an_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_path_does_nothing_to_a_terminal, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_word_that_is_no_file_is_a_name, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_line_of_a_gigabyte_is_refused_and_never_held,
						setup, teardown),
		cmocka_unit_test_setup_teardown(the_list_we_ship_is_good, setup, teardown),
	};
	int result;

	close(mkstemp(path));
	result = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return result;
}
