/* SPDX-License-Identifier: MIT */
/* report/site_folder: whole or not at all, and nobody else's folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/site_folder.h"

static char dir[PATH_SIZE];
static char path[PATH_SIZE]; /* of the site in dir */
static struct site_folder folder;
static struct error err;

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/fluxtrack-site.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	return path_join(path, dir, "site", &err);
}

/* Fails where something is left beside the site. */
static int remove_dir(void **state)
{
	static const char *const files[] = {"site/page", "site/other",
					    "site/fluxtrack-site.txt", "site"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char file[PATH_SIZE];

		if (path_join(file, dir, files[i], &err) != FT_OK)
			return -1;
		remove(file);
	}
	return rmdir(dir);
}

static void put(const char *in, const char *name)
{
	char file[PATH_SIZE];
	FILE *out;

	assert_int_equal(path_join(file, in, name, &err), FT_OK);
	out = fopen(file, "w");
	assert_non_null(out);
	fclose(out);
}

static bool is_there(const char *in, const char *name)
{
	char file[PATH_SIZE];

	assert_int_equal(path_join(file, in, name, &err), FT_OK);
	return access(file, F_OK) == 0;
}

static void write_site(const char *name)
{
	assert_int_equal(site_folder_open(&folder, path, &err), FT_OK);
	put(folder.aside, name);
	assert_int_equal(site_folder_commit(&folder, &err), FT_OK);
}

static void a_site_takes_the_place_of_the_one_before(void **state)
{
	(void)state;
	write_site("page");
	assert_int_equal(site_folder_open(&folder, path, &err), FT_OK);
	put(folder.aside, "other");
	assert_true(is_there(path, "page"));
	assert_int_equal(site_folder_commit(&folder, &err), FT_OK);
	assert_true(is_there(path, "other"));
	assert_false(is_there(path, "page"));
	assert_false(is_there(dir, "site.old"));
	assert_false(is_there(dir, "site.new"));
}

static void an_abandoned_one_leaves_the_old_one(void **state)
{
	(void)state;
	write_site("page");
	assert_int_equal(site_folder_open(&folder, path, &err), FT_OK);
	put(folder.aside, "other");
	site_folder_abandon(&folder);
	assert_true(is_there(path, "page"));
	assert_false(is_there(dir, "site.new"));
}

static void what_is_not_ours_stays(void **state)
{
	(void)state;
	assert_int_equal(mkdir(path, 0755), 0);
	put(path, "page");
	assert_int_equal(site_folder_open(&folder, path, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "no site of fluxtrack"));
	assert_true(is_there(path, "page"));
	assert_false(is_there(dir, "site.new"));
}

static void a_file_stays(void **state)
{
	(void)state;
	put(dir, "site");
	assert_int_equal(site_folder_open(&folder, path, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "is no folder"));
	assert_true(is_there(dir, "site"));
}

static void an_empty_folder_is_filled(void **state)
{
	(void)state;
	assert_int_equal(mkdir(path, 0755), 0);
	write_site("page");
	assert_true(is_there(path, "page"));
}

/* One that was killed while it wrote, and one while it removed the site of before. */
static void what_was_cut_short_is_cleared(void **state)
{
	char aside[PATH_SIZE];
	char old[PATH_SIZE];

	(void)state;
	write_site("page");
	assert_int_equal(path_join(aside, dir, "site.new", &err), FT_OK);
	assert_int_equal(path_join(old, dir, "site.old", &err), FT_OK);
	assert_int_equal(mkdir(aside, 0755) | mkdir(old, 0755), 0);
	put(aside, "fluxtrack-site.txt");
	put(aside, "half");
	put(old, "fluxtrack-site.txt");
	write_site("other");
	assert_true(is_there(path, "other"));
	assert_false(is_there(path, "half"));
	assert_false(is_there(dir, "site.old"));
}

static void two_do_not_write_one_site(void **state)
{
	struct site_folder second;

	(void)state;
	assert_int_equal(site_folder_open(&folder, path, &err), FT_OK);
	put(folder.aside, "page");
	assert_int_equal(site_folder_open(&second, path, &err), FT_AGAIN);
	assert_int_equal(site_folder_commit(&folder, &err), FT_OK);
	assert_true(is_there(path, "page"));
}

static void slashes_and_links_lead_to_the_folder(void **state)
{
	char with_slash[PATH_SIZE];
	char link[PATH_SIZE];
	struct stat st;

	(void)state;
	assert_int_equal(path_join(with_slash, path, "", &err), FT_OK);
	assert_int_equal(site_folder_open(&folder, with_slash, &err), FT_OK);
	assert_int_equal(site_folder_commit(&folder, &err), FT_OK);
	assert_int_equal(path_join(link, dir, "link", &err), FT_OK);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(site_folder_open(&folder, link, &err), FT_OK);
	put(folder.aside, "page");
	assert_int_equal(site_folder_commit(&folder, &err), FT_OK);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_true(is_there(path, "page"));
	assert_int_equal(unlink(link), 0);
}

#define WITH_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DIR(a_site_takes_the_place_of_the_one_before),
		WITH_DIR(an_abandoned_one_leaves_the_old_one),
		WITH_DIR(what_is_not_ours_stays),
		WITH_DIR(a_file_stays),
		WITH_DIR(an_empty_folder_is_filled),
		WITH_DIR(what_was_cut_short_is_cleared),
		WITH_DIR(two_do_not_write_one_site),
		WITH_DIR(slashes_and_links_lead_to_the_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
