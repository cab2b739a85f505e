/* SPDX-License-Identifier: MIT */
/* Who opted out: entries of both kinds, no file, and lines that are not understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crawler/opt_out.h"

static char home[64];
static char path[PATH_SIZE];

static int make_home(void **state)
{
	struct error err;

	(void)state;
	snprintf(home, sizeof(home), "/tmp/fluxtrack-opt-out.XXXXXX");
	return mkdtemp(home) == NULL ? -1 : path_join(path, home, "opt-out.txt", &err);
}

static int remove_home(void **state)
{
	(void)state;
	return rmdir(home);
}

/* NULL: no file. */
static int read_octets(struct opt_out *out, const char *text, size_t len, struct error *err)
{
	int code;

	if (text != NULL)
		assert_int_equal(file_replace(path, text, len, err), FT_OK);
	code = opt_out_read(out, home, err);
	unlink(path);
	return code;
}

static void gives(const char *text, const char *names, const char *prefixes)
{
	struct error err = {0};
	struct opt_out out;

	if (read_octets(&out, text, text != NULL ? strlen(text) : 0, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_string_equal((char *)out.names.data, names);
	assert_string_equal((char *)out.prefixes.data, prefixes);
	opt_out_fini(&out);
}

static void test_entries(void **state)
{
	(void)state;
	gives(NULL, "", "");
	gives("", "", "");
	gives("# who wrote to us\n\n", "", "");
	gives("a.example\n*.B.Example. ; on the phone\r\nc[.]example",
	      "a.example b.example "
	      "c.example",
	      "");
	gives("192.0.2.1\n198.51.100.0/24\na.example\n2001:db8::/32\n", "a.example",
	      "192.0.2.1/32 198.51.100.0/24 2001:db8::/32");
}

static void refuses(const char *text, size_t len, const char *line)
{
	struct error err = {0};
	struct opt_out out;

	assert_int_equal(read_octets(&out, text, len, &err), FT_FAIL);
	assert_memory_equal(err.text, path, strlen(path));
	if (strncmp(err.text + strlen(path), line, strlen(line)) != 0)
		fail_msg("%s", err.text);
	opt_out_fini(&out);
}

/* Nothing is passed over: what is not understood is no leave to ask. */
static void test_lines_that_are_none(void **state)
{
	static char longest[5000];

	(void)state;
	refuses("a.example\nexample\n", 18, ", line 2: ");
	refuses("300.1.1.1\n", 10, ", line 1: ");
	refuses("0.0.0.0/0\n", 10, ", line 1: ");
	refuses("a.example\n\n192.0.2.1/24\n", 24, ", line 3: ");
	refuses("a.exam\0ple\n", 11, ", line 1: ");
	memset(longest, 'a', sizeof(longest));
	refuses(longest, sizeof(longest), ", line 1: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_lines_that_are_none),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
