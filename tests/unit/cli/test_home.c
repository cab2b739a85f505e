/* SPDX-License-Identifier: MIT */
/* cli/home: which folder, made how, locked once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/home.h"

static struct error err;

static void a_given_home_becomes_absolute(void **state)
{
	char home[PATH_SIZE];
	char expected[PATH_SIZE];
	char here[PATH_SIZE];

	(void)state;
	assert_int_equal(home_choose(home, "/srv/flux", &err), FT_OK);
	assert_string_equal(home, "/srv/flux");
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(path_join(expected, here, "flux", &err), FT_OK);
	assert_int_equal(home_choose(home, "flux", &err), FT_OK);
	assert_string_equal(home, expected);
}

static void the_default_home_follows_the_account(void **state)
{
	char home[PATH_SIZE];

	(void)state;
	if (geteuid() == 0) {
		assert_int_equal(home_choose(home, NULL, &err), FT_OK);
		assert_string_equal(home, "/var/lib/fluxtrack");
		return;
	}
	setenv("XDG_DATA_HOME", "/data", 1);
	assert_int_equal(home_choose(home, NULL, &err), FT_OK);
	assert_string_equal(home, "/data/fluxtrack");
	setenv("XDG_DATA_HOME", "relative", 1);
	setenv("HOME", "/home/user", 1);
	assert_int_equal(home_choose(home, NULL, &err), FT_OK);
	assert_string_equal(home, "/home/user/.local/share/fluxtrack");
	unsetenv("HOME");
	assert_int_equal(home_choose(home, NULL, &err), FT_USAGE);
}

static void a_home_is_made_closed_to_others_and_locked_once(void **state)
{
	char dir[] = "/tmp/fluxtrack-home.XXXXXX";
	char home[PATH_SIZE];
	char lock[PATH_SIZE];
	struct stat st;

	(void)state;
	umask(0);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(path_join(home, dir, "new", &err), FT_OK);
	assert_int_equal(home_check(home, &err), FT_FAIL);
	assert_non_null(strstr(err.text, home));
	assert_int_equal(home_make(home, &err), FT_OK);
	assert_int_equal(home_check(home, &err), FT_OK);
	assert_int_equal(stat(home, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0750);
	assert_int_equal(home_lock(home, &err), FT_OK);
	assert_int_equal(home_lock(home, &err), FT_AGAIN);
	assert_int_equal(path_join(lock, home, "lock", &err), FT_OK);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(rmdir(home), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void a_file_and_a_folder_of_others_are_no_home(void **state)
{
	(void)state;
	assert_int_equal(home_check("/dev/null", &err), FT_FAIL);
	assert_int_equal(home_check("/proc", &err), FT_FAIL);
	assert_int_equal(home_make("/dev/null", &err), FT_FAIL);
	assert_non_null(strstr(err.text, "/dev/null: Not a directory"));
	assert_int_equal(home_make("/dev/null/home", &err), FT_FAIL);
	assert_non_null(strstr(err.text, "/dev/null/home"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_given_home_becomes_absolute),
		cmocka_unit_test(the_default_home_follows_the_account),
		cmocka_unit_test(a_home_is_made_closed_to_others_and_locked_once),
		cmocka_unit_test(a_file_and_a_folder_of_others_are_no_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
