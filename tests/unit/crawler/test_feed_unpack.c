/* SPDX-License-Identifier: MIT */
/* What is packed is made one file within its limit, and nothing of it stays behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "crawler/feed_unpack.h"

static char folder[PATH_SIZE]; /* of the test; what is unpacked goes to folder/tmp */
static char path[PATH_SIZE];
static struct feed_file file;
static uint64_t octets_max;

static int setup(void **state)
{
	char tmp[PATH_SIZE];
	struct error err = {0};

	(void)state;
	octets_max = 50;
	snprintf(folder, sizeof(folder), "/tmp/fluxtrack-unpack.XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(path_join(tmp, folder, "tmp", &err), FT_OK);
	assert_int_equal(dir_make(tmp, 0700, &err), FT_OK);
	assert_int_equal(path_join(path, folder, "feed", &err), FT_OK);
	return setenv("TMPDIR", tmp, 1);
}

/* The folders are empty but for the feed, or they are not removed. */
static int teardown(void **state)
{
	(void)state;
	unlink(path);
	if (rmdir(getenv("TMPDIR")) != 0 || rmdir(folder) != 0)
		return -1;
	return 0;
}

static void write_plain(const void *bytes, size_t len)
{
	struct error err = {0};

	assert_int_equal(file_replace(path, bytes, len, &err), FT_OK);
}

static void write_gzip(const void *bytes, size_t len)
{
	gzFile gz = gzopen(path, "wb");

	assert_non_null(gz);
	assert_int_equal(gzwrite(gz, bytes, (unsigned)len), len);
	assert_int_equal(gzclose(gz), Z_OK);
}

static void add_entry(struct archive *archive, const char *name, const char *text)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, text != NULL ? AE_IFREG : AE_IFDIR);
	archive_entry_set_perm(entry, 0644);
	if (text != NULL)
		archive_entry_set_size(entry, (la_int64_t)strlen(text));
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	if (text != NULL)
		assert_int_equal(archive_write_data(archive, text, strlen(text)), strlen(text));
	archive_entry_free(entry);
}

/* A folder, then a file whose name leads out, then another; only the folder where text is NULL.
 */
static void write_zip(const char *text)
{
	struct archive *archive = archive_write_new();

	archive_write_set_format_zip(archive);
	assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
	add_entry(archive, "folder/", NULL);
	if (text != NULL) {
		add_entry(archive, "../../../evil", text);
		add_entry(archive, "second", "second\n");
	}
	assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
}

static void expect_content(const char *want)
{
	struct error err = {0};
	char got[100] = "";
	FILE *in;

	if (feed_unpack(&file, path, octets_max, &err) != FT_OK)
		fail_msg("%s", err.text);
	in = fopen(file.path, "r");
	assert_non_null(in);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, in), strlen(want));
	fclose(in);
	assert_string_equal(got, want);
	feed_unpack_end(&file);
}

static void expect_refusal(const char *reason)
{
	struct error err = {0};

	assert_int_equal(feed_unpack(&file, path, octets_max, &err), FT_FAIL);
	feed_unpack_end(&file);
	if (strstr(err.text, reason) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, reason);
}

static void a_plain_file_is_read_where_it_is(void **state)
{
	(void)state;
	write_plain("PK.example\n", 11);
	expect_content("PK.example\n");
	assert_string_equal(file.path, path);
}

static void gzip_and_zip_are_unpacked(void **state)
{
	(void)state;
	write_gzip("a.example\n", 10);
	expect_content("a.example\n");
	assert_string_not_equal(file.path, path);
	write_zip("b.example\n");
	expect_content("b.example\n");
}

static void no_more_than_the_limit_comes(void **state)
{
	static char zeros[1 << 20];
	char text[52];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[50] = '\0';
	write_gzip(text, 50);
	expect_content(text);
	write_gzip(text, 51);
	expect_refusal("more than the 50 octets");
	write_plain(text, 51);
	expect_refusal("more than the 50 octets");
	write_gzip(zeros, sizeof(zeros));
	expect_refusal("more than the 50 octets");
	text[50] = 'a';
	text[51] = '\0';
	write_zip(text);
	expect_refusal("more than the 50 octets");
}

/* Cuts the last octets off the feed. */
static void cut_feed(off_t octets)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - octets), 0);
}

static void what_is_cut_off_is_refused(void **state)
{
	static uint32_t noise[100000];

	(void)state;
	for (size_t i = 0; i < sizeof(noise) / sizeof(noise[0]); i++)
		noise[i] = (uint32_t)i * 2654435761u ^ (uint32_t)i << 7;
	octets_max = sizeof(noise);
	write_gzip(noise, sizeof(noise));
	cut_feed(10000);
	expect_refusal("cannot unpack");
	write_gzip(noise, 26);
	cut_feed(12);
	expect_refusal("cannot unpack");
	write_plain("PK\3\4 and no more", 15);
	expect_refusal("cannot unpack");
}

static void what_is_no_file_is_refused(void **state)
{
	char packed[100];
	FILE *in;
	size_t len;

	(void)state;
	write_gzip("a.example\n", 10);
	in = fopen(path, "r");
	assert_non_null(in);
	len = fread(packed, 1, sizeof(packed), in);
	fclose(in);
	write_gzip(packed, len);
	expect_refusal("packed twice");
	write_zip(NULL);
	expect_refusal("holds no file");
	unlink(path);
	expect_refusal("cannot open");
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_refusal("is no file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_plain_file_is_read_where_it_is, setup,
						teardown),
		cmocka_unit_test_setup_teardown(gzip_and_zip_are_unpacked, setup, teardown),
		cmocka_unit_test_setup_teardown(no_more_than_the_limit_comes, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_cut_off_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
