/* SPDX-License-Identifier: MIT */
/* report/output: a file is there whole or not at all, and a device stays a device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/output.h"

static char dir[PATH_SIZE];
static char path[PATH_SIZE];
static struct error err;

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/fluxtrack-output.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	return path_join(path, dir, "out.csv", &err);
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir); /* fails where something is left in it */
}

static void holds(const char *file, const char *expected)
{
	char text[64] = {0};
	FILE *in = fopen(file, "r");

	assert_non_null(in);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, in), strlen(expected));
	fclose(in);
	assert_string_equal(text, expected);
}

static void put(const char *text)
{
	struct output output;

	assert_int_equal(output_open(&output, path, &err), FT_OK);
	fputs(text, output.file);
	assert_int_equal(output_commit(&output, &err), FT_OK);
}

static void a_file_appears_when_it_is_whole(void **state)
{
	struct output output;

	(void)state;
	put("old");
	assert_int_equal(output_open(&output, path, &err), FT_OK);
	fputs("new text", output.file);
	fflush(output.file);
	holds(path, "old");
	assert_int_equal(output_commit(&output, &err), FT_OK);
	holds(path, "new text");
}

static void an_abandoned_file_leaves_the_old_one(void **state)
{
	struct output output;

	(void)state;
	put("old");
	assert_int_equal(output_open(&output, path, &err), FT_OK);
	fputs("half", output.file);
	output_abandon(&output);
	holds(path, "old");
}

static void a_link_stays_a_link(void **state)
{
	char link[PATH_SIZE];
	char real[PATH_SIZE];
	struct output output;
	struct stat st;

	(void)state;
	put("old");
	memcpy(real, path, sizeof(real));
	assert_int_equal(path_join(link, dir, "link", &err), FT_OK);
	assert_int_equal(symlink(real, link), 0);
	assert_int_equal(output_open(&output, link, &err), FT_OK);
	fputs("new", output.file);
	assert_int_equal(output_commit(&output, &err), FT_OK);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	holds(real, "new");
	assert_int_equal(unlink(link), 0);
}

/* A pipe of our own: with the real /dev/null a mistake would cost the machine its device. */
static void a_pipe_is_written_to_and_never_replaced(void **state)
{
	char text[8] = {0};
	struct output output;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(output_open(&output, path, &err), FT_OK);
	fputs("told", output.file);
	assert_int_equal(output_commit(&output, &err), FT_OK);
	assert_int_equal(read(fd, text, sizeof(text)), 4);
	assert_string_equal(text, "told");
	close(fd);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

/* A limit on the length of files stands for a full disk. */
static void what_cannot_be_written_is_told_and_not_left(void **state)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct rlimit few = {.rlim_cur = 8};
	struct rlimit usual;
	struct output output;
	int result;

	(void)state;
	put("old");
	assert_int_equal(output_open(&output, path, &err), FT_OK);
	fputs("more than there is room for", output.file);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
	few.rlim_max = usual.rlim_max;
	sigaction(SIGXFSZ, &ignore, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
	result = output_commit(&output, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
	assert_int_equal(result, FT_FAIL);
	assert_non_null(strstr(err.text, "out.csv: File too large"));
	holds(path, "old");
}

static void what_cannot_be_made_is_told(void **state)
{
	struct output output;

	(void)state;
	assert_int_equal(output_open(&output, "/nonexistent/out.csv", &err), FT_FAIL);
	assert_non_null(strstr(err.text, "/nonexistent/out.csv"));
	assert_int_equal(output_open(&output, dir, &err), FT_FAIL);
	assert_non_null(strstr(err.text, dir));
}

static void a_dash_and_nothing_are_stdout(void **state)
{
	struct output output;

	(void)state;
	assert_int_equal(output_open(&output, "-", &err), FT_OK);
	assert_ptr_equal(output.file, stdout);
	assert_int_equal(output_open(&output, NULL, &err), FT_OK);
	assert_ptr_equal(output.file, stdout);
	assert_int_equal(output_commit(&output, &err), FT_OK);
}

#define WITH_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DIR(a_file_appears_when_it_is_whole),
		WITH_DIR(an_abandoned_file_leaves_the_old_one),
		WITH_DIR(a_link_stays_a_link),
		WITH_DIR(a_pipe_is_written_to_and_never_replaced),
		WITH_DIR(what_cannot_be_written_is_told_and_not_left),
		WITH_DIR(what_cannot_be_made_is_told),
		cmocka_unit_test(a_dash_and_nothing_are_stdout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
