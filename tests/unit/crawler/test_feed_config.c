/* SPDX-License-Identifier: MIT */
/* feeds.ini: what a section comes to, what is refused, and that secrets stay secret. */
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
#include "crawler/feed_config.h"

static char dir[64];
static char ini[PATH_SIZE];
static char secret[PATH_SIZE];
static struct feed_configs configs;

static int make_dir(void **state)
{
	struct error err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/fluxtrack-feeds.XXXXXX");
	if (mkdtemp(dir) == NULL || path_join(ini, dir, "feeds.ini", &err) != FT_OK)
		return -1;
	return path_join(secret, dir, "secret", &err);
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(ini);
	unlink(secret);
	return rmdir(dir);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	struct error err = {0};

	assert_int_equal(file_replace(path, text, strlen(text), &err), FT_OK);
	assert_int_equal(chmod(path, mode), 0);
}

static void reads(const char *text)
{
	struct error err = {0};

	write_file(ini, text, 0644);
	if (feed_configs_read(&configs, ini, &err) != FT_OK)
		fail_msg("%s", err.text);
}

/* The error's end; before it stand the file and, where line is not 0, the line. */
static void refuses(const char *text, unsigned line, const char *reason)
{
	char expected[PATH_SIZE + 200];
	struct error err = {0};

	write_file(ini, text, 0644);
	assert_int_equal(feed_configs_read(&configs, ini, &err), FT_FAIL);
	if (line > 0)
		snprintf(expected, sizeof(expected), "%s, line %u: %s", ini, line, reason);
	else
		snprintf(expected, sizeof(expected), "%s: %s", ini, reason);
	assert_string_equal(err.text, expected);
}

static void a_section_is_a_feed(void **state)
{
	const struct feed_config *feed;

	(void)state;
	reads("[one]\nurl = https://a.example/x?y=1\n\n"
	      "[two.csv]\nurl = HTTP://b.example\nformat = hosts\nfamily = storm\n"
	      "tag = a=b\ntag = c=d\ninterval = 90s\nmax = 3K\nca = /etc/ca.pem\n"
	      "header = A: file:/x\nheader = B:env:Y\n");
	assert_int_equal(configs.count, 2);
	feed = feed_configs_find(&configs, "one");
	assert_string_equal(feed->url, "https://a.example/x?y=1");
	assert_string_equal(feed->format, "auto");
	assert_string_equal(feed->tags, "");
	assert_string_equal(feed->ca, "");
	assert_string_equal(feed->headers[0], "");
	assert_int_equal(feed->interval_s, 3600);
	assert_int_equal(feed->octets_max, 500 * 1024 * 1024);
	feed = feed_configs_find(&configs, "two.csv");
	assert_string_equal(feed->url, "HTTP://b.example");
	assert_string_equal(feed->format, "hosts");
	assert_string_equal(feed->tags, "family=storm a=b c=d");
	assert_string_equal(feed->ca, "/etc/ca.pem");
	assert_string_equal(feed->headers[0], "A: file:/x");
	assert_string_equal(feed->headers[1], "B:env:Y");
	assert_string_equal(feed->headers[2], "");
	assert_int_equal(feed->interval_s, 90);
	assert_int_equal(feed->octets_max, 3072);
	assert_null(feed_configs_find(&configs, "two"));
	reads("[g]\nurl = http://a\nmax = 64G\n");
	assert_true(configs.feeds[0].octets_max == UINT64_C(64) << 30);
	reads("");
	assert_int_equal(configs.count, 0);
}

static void a_name_is_that_of_a_file(void **state)
{
	static const char *const names[] = {"../x", "a/b", ".hidden", "a b", "a,b", "\xc3\xa9"};
	const char *reason = "a feed's name is of letters, digits and -_. alone";
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "[%s]\nurl = http://a\n", names[i]);
		refuses(text, 2, reason);
	}
	refuses("[a]\nurl = http://a\n[a]\nurl = http://b\n", 4,
		"there is a feed of that name above");
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
	(void)state;
	refuses("[a]\nurl = ftp://a\n", 2, "a URL begins with https:// or http://");
	refuses("[a]\nurl = http://a b\n", 2, "a URL is of ASCII, other octets as %XX");
	refuses("[a]\nurl = http://\xc3\xa9\n", 2, "a URL is of ASCII, other octets as %XX");
	refuses("[a]\nurl = http://u:p@a/\n", 2,
		"a password in a URL: send it as a header of feeds.ini");
	refuses("[a]\nuri = http://a\n", 2,
		"there are but url, format, family, tag, interval, header, max and ca");
	refuses("[a]\nformat = pdf\n", 2,
		"no such format; there are auto, plain, hosts, urlhaus, threatfox, feodo, "
		"openphish, bambenek, dgarchive, misp");
	refuses("[a]\nfamily = a b\n", 2,
		"'family=a b' is no tag; write KEY=VALUE without blanks");
	refuses("[a]\ntag = storm\n", 2, "'storm' is no tag; write KEY=VALUE without blanks");
	refuses("[a]\ninterval = 1\n", 2, "'1' is not a duration; write it like 90s, 10m, 24h");
	refuses("[a]\ninterval = 0s\n", 2, "the shortest interval is 1s");
	refuses("[a]\nformat = auto\n", 0, "[a] has no url");
}

static void a_size_is_a_number_and_its_unit(void **state)
{
	static const char *const bad[] = {"500", "M",   "-1M",  "0M",
					  "1MB", "1 M", "1.5M", "0x1M"};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[a]\nmax = %s\n", bad[i]);
		refuses(text, 2, "no size; write it like 500M");
	}
	refuses("[a]\nmax = 65G\n", 2, "a feed has 64G at most");
	refuses("[a]\nmax = 99999999999999999999K\n", 2, "a feed has 64G at most");
}

static void a_header_is_a_name_and_a_value(void **state)
{
	static const char *const bad[] = {"A", ": b", "A:", "A b: c", "A :b", "\xc3\xa9: b"};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[a]\nheader = %s\n", bad[i]);
		refuses(text, 2, "a header is written NAME: VALUE");
	}
	refuses("[a]\nheader=A: env:B\nheader=A: env:B\nheader=A: env:B\nheader=A: env:B\n"
		"header=A: env:B\n",
		6, "a feed has 4 headers at most");
}

static void a_value_in_the_file_wants_the_file_closed(void **state)
{
	static const char literal[] = "[a]\nurl = http://a\nheader = Auth-Key: s3cret\n";
	static const char named[] =
		"[a]\nurl = http://a\nheader = A: file:/x\nheader = B: env:Y\n";
	struct error err = {0};

	(void)state;
	write_file(ini, literal, 0644);
	assert_int_equal(feed_configs_read(&configs, ini, &err), FT_FAIL);
	assert_non_null(strstr(err.text, "a header's value stands in it: "));
	assert_non_null(strstr(err.text, "is open to everybody; run chmod 600 on it"));
	assert_null(strstr(err.text, "s3cret"));
	write_file(ini, literal, 0600);
	assert_int_equal(feed_configs_read(&configs, ini, &err), FT_OK);
	reads(named);
}

static void makes(const char *written, const char *expected)
{
	char header[FEED_HEADER_SIZE];
	struct error err = {0};

	if (feed_header_make(header, written, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_string_equal(header, expected);
}

static void makes_none(const char *written, const char *reason)
{
	char header[FEED_HEADER_SIZE];
	struct error err = {0};

	assert_int_equal(feed_header_make(header, written, &err), FT_FAIL);
	assert_non_null(strstr(err.text, reason));
}

static void a_secret_comes_from_a_file_or_the_environment(void **state)
{
	char written[PATH_SIZE + 32];

	(void)state;
	makes("A: b c", "A: b c");
	snprintf(written, sizeof(written), "Auth-Key: file:%s", secret);
	write_file(secret, "s3cret\r\nmore\n", 0600);
	makes(written, "Auth-Key: s3cret");
	write_file(secret, "s3cret\n", 0604);
	makes_none(written, "header Auth-Key: ");
	makes_none(written, "is open to everybody");
	unlink(secret);
	makes_none(written, "cannot open ");
	setenv("FEED_SECRET", "s3cret", 1);
	makes("A:env:FEED_SECRET", "A:s3cret");
	setenv("FEED_SECRET", "s3cret\r\nB: c", 1);
	makes_none("A: env:FEED_SECRET", "header A: its value is not of printable ASCII");
	unsetenv("FEED_SECRET");
	makes_none("A: env:FEED_SECRET", "header A: $FEED_SECRET is not set");
}

static void somebody_else_s_file_is_no_secret(void **state)
{
	char written[PATH_SIZE + 32];

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(written, sizeof(written), "A: file:%s", secret);
	write_file(secret, "s3cret\n", 0600);
	assert_int_equal(chown(secret, 12345, 0), 0);
	makes_none(written, "belongs to somebody else");
}

static void a_word_is_a_url_or_a_file(void **state)
{
	static char url[FETCH_URL_MAX + 64] = "http://a.example/";
	struct feed_config feed;
	struct error err = {0};

	(void)state;
	assert_int_equal(feed_config_from_word(&feed, "https://a.example/b/list.txt?k=1", &err),
			 FT_OK);
	assert_string_equal(feed.url, "https://a.example/b/list.txt?k=1");
	assert_string_equal(feed.name, "list.txt");
	assert_string_equal(feed.format, "auto");
	assert_int_equal(feed_config_from_word(&feed, "/a/b/my list", &err), FT_OK);
	assert_string_equal(feed.url, "");
	assert_string_equal(feed.name, "my_list");
	assert_int_equal(feed_config_from_word(&feed, "http://u:p4ss@a.example/", &err),
			 FT_USAGE);
	assert_null(strstr(err.text, "p4ss"));
	assert_int_equal(feed_config_from_word(&feed, "http://a.example/@b", &err), FT_OK);
	memset(url + 17, 'x', FETCH_URL_MAX - 17);
	assert_int_equal(feed_config_from_word(&feed, url, &err), FT_OK);
	url[FETCH_URL_MAX] = 'x';
	assert_int_equal(feed_config_from_word(&feed, url, &err), FT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_is_a_feed),
		cmocka_unit_test(a_name_is_that_of_a_file),
		cmocka_unit_test(what_is_wrong_is_told_with_its_line),
		cmocka_unit_test(a_size_is_a_number_and_its_unit),
		cmocka_unit_test(a_header_is_a_name_and_a_value),
		cmocka_unit_test(a_value_in_the_file_wants_the_file_closed),
		cmocka_unit_test(a_secret_comes_from_a_file_or_the_environment),
		cmocka_unit_test(somebody_else_s_file_is_no_secret),
		cmocka_unit_test(a_word_is_a_url_or_a_file),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
