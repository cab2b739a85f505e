/* SPDX-License-Identifier: MIT */
/* What is kept of a feed: that it comes back as it was, when the next fetch is due, and that
 * what a server sends does no harm in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crawler/feed_state.h"

#define NOW_US INT64_C(1700000000000000)
#define HOUR_S 3600

static char dir[64];
static char path[PATH_SIZE];
static const struct feed_config hourly = {
	.url = "http://a.example/key-s3cret", .format = "auto", .interval_s = HOUR_S};

static int make_dir(void **state)
{
	struct error err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/fluxtrack-state.XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : path_join(path, dir, "a.state", &err);
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void write_and_read(const struct feed_state *written, struct feed_state *read)
{
	struct error err = {0};

	assert_int_equal(feed_state_write(written, path, &err), FT_OK);
	if (feed_state_read(read, path, &err) != FT_OK)
		fail_msg("%s", err.text);
}

static void try_at(struct feed_state *state, int64_t ended_us, bool succeeded,
		   int64_t retry_after_s)
{
	const struct feed_try end = {.ended_us = ended_us,
				     .succeeded = succeeded,
				     .retry_after_s = retry_after_s,
				     .outcome = "so it ended"};

	feed_state_tried(state, &hourly, &end);
}

static int64_t wait_s(const struct feed_state *state)
{
	return (state->next_us - NOW_US) / 1000000;
}

static void it_comes_back_as_it_was(void **state)
{
	struct feed_state written = {.body = FEED_BODY_FAILED};
	struct feed_state read;
	struct error err = {0};

	(void)state;
	unlink(path);
	assert_int_equal(feed_state_read(&read, path, &err), FT_OK);
	assert_int_equal(read.body, FEED_BODY_NONE);
	assert_int_equal(read.next_us, 0);
	feed_state_keep_etag(&written, "W/\"a;#b\"");
	feed_state_keep_modified(&written, "Tue, 14 Nov 2023 22:13:20 GMT");
	feed_state_adopt(&written, &hourly);
	written.body = FEED_BODY_FAILED;
	memset(written.body_sha256, 'a', 64);
	try_at(&written, NOW_US - 1, true, 0);
	try_at(&written, NOW_US, false, 0);
	write_and_read(&written, &read);
	assert_string_equal(read.etag, "W/\"a;#b\"");
	assert_string_equal(read.modified, "Tue, 14 Nov 2023 22:13:20 GMT");
	assert_string_equal(read.outcome, "so it ended");
	assert_string_equal(read.url_sha256, written.url_sha256);
	assert_string_equal(read.how_sha256, written.how_sha256);
	assert_string_equal(read.body_sha256, written.body_sha256);
	assert_int_equal(read.body, FEED_BODY_FAILED);
	assert_int_equal(read.failures, 1);
	assert_true(read.succeeded_us == NOW_US - 1);
	assert_int_equal(wait_s(&read), 2 * HOUR_S);
}

static void no_url_stands_in_it(void **state)
{
	struct feed_state written = {.body = FEED_BODY_NONE};
	char text[4096] = "";
	FILE *file;

	(void)state;
	feed_state_adopt(&written, &hourly);
	write_and_read(&written, &written);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_null(strstr(text, "s3cret"));
}

static void what_is_no_state_is_an_error(void **state)
{
	static const char *const bad[] = {"[state]\nbody = eaten\n", "[state]\nfailures = -1\n",
					  "[state]\nnext = now\n", "nothing\n"};
	struct feed_state read;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(file_replace(path, bad[i], strlen(bad[i]), &err), FT_OK);
		assert_int_not_equal(feed_state_read(&read, path, &err), FT_OK);
	}
}

/* Each would end the line, the section or the request early. */
static void what_could_do_harm_is_not_kept(void **state)
{
	static const char *const tags[] = {"",           "abc",          "\"",
					   "\"a\" ;b\"", "\"\x01\"",     "\"\xc3\xa9\"",
					   "x\"a\"",     "\"a\"\r\nB: c"};
	static const char *const dates[] = {"", "; now", " Tue", "Tue\r\nB: c", "\"Tue\""};
	char longest[300];
	struct feed_state kept = {.etag = "\"old\"", .modified = "Mon"};

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[0] = '"';
	longest[sizeof(longest) - 2] = '"';
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		feed_state_keep_etag(&kept, "\"old\"");
		feed_state_keep_etag(&kept, tags[i]);
		assert_string_equal(kept.etag, "");
	}
	feed_state_keep_etag(&kept, longest);
	assert_string_equal(kept.etag, "");
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		feed_state_keep_modified(&kept, "Mon");
		feed_state_keep_modified(&kept, dates[i]);
		assert_string_equal(kept.modified, "");
	}
}

static void failures_double_the_wait_up_to_a_day(void **state)
{
	static const int64_t waits_h[] = {2, 4, 8, 16, 24, 24};
	struct feed_state tried = {.failures = 0};

	(void)state;
	for (size_t i = 0; i < sizeof(waits_h) / sizeof(waits_h[0]); i++) {
		try_at(&tried, NOW_US, false, 0);
		assert_int_equal(wait_s(&tried), waits_h[i] * HOUR_S);
		assert_int_equal(tried.failures, i + 1);
	}
	for (int i = 0; i < 1000; i++)
		try_at(&tried, NOW_US, false, 0);
	assert_int_equal(wait_s(&tried), 24 * HOUR_S);
	write_and_read(&tried, &tried);
	try_at(&tried, NOW_US, true, 0);
	assert_int_equal(wait_s(&tried), HOUR_S);
	assert_int_equal(tried.failures, 0);
}

static void a_server_may_ask_for_a_longer_wait_up_to_a_day(void **state)
{
	struct feed_state tried = {.failures = 0};

	(void)state;
	try_at(&tried, NOW_US, false, 10000);
	assert_int_equal(wait_s(&tried), 10000);
	try_at(&tried, NOW_US, false, 10000);
	assert_int_equal(wait_s(&tried), 4 * HOUR_S);
	try_at(&tried, NOW_US, false, INT64_MAX);
	assert_int_equal(wait_s(&tried), 24 * HOUR_S);
}

static void it_is_due_when_its_time_has_come(void **state)
{
	struct feed_state tried = {.failures = 0};
	const int64_t next_us = NOW_US + HOUR_S * INT64_C(1000000);

	(void)state;
	assert_true(feed_state_is_due(&tried, &hourly, NOW_US));
	try_at(&tried, NOW_US, true, 0);
	assert_false(feed_state_is_due(&tried, &hourly, next_us - 1));
	assert_true(feed_state_is_due(&tried, &hourly, next_us));
	/* The clock was set back by two days. */
	assert_true(feed_state_is_due(&tried, &hourly, NOW_US - INT64_C(172800000000)));
}

static void another_url_begins_anew(void **state)
{
	struct feed_config moved = hourly;
	struct feed_state kept = {.failures = 0};

	(void)state;
	assert_false(feed_state_adopt(&kept, &hourly));
	kept.body = FEED_BODY_IMPORTED;
	try_at(&kept, NOW_US, false, 0);
	assert_false(feed_state_adopt(&kept, &hourly));
	assert_int_equal(kept.body, FEED_BODY_IMPORTED);
	assert_int_equal(kept.failures, 1);
	moved.url[0] = 'H';
	assert_true(feed_state_adopt(&kept, &moved));
	assert_int_equal(kept.body, FEED_BODY_NONE);
	assert_int_equal(kept.failures, 0);
	assert_int_equal(kept.next_us, 0);
}

static void other_tags_import_the_body_again(void **state)
{
	struct feed_config other = hourly;
	struct feed_state kept = {.failures = 0};

	(void)state;
	feed_state_adopt(&kept, &hourly);
	snprintf(other.tags, sizeof(other.tags), "a=b");
	feed_state_adopt(&kept, &other);
	assert_int_equal(kept.body, FEED_BODY_NONE);
	kept.body = FEED_BODY_IMPORTED;
	feed_state_adopt(&kept, &other);
	assert_int_equal(kept.body, FEED_BODY_IMPORTED);
	feed_state_adopt(&kept, &hourly);
	assert_int_equal(kept.body, FEED_BODY_WAITS);
	kept.body = FEED_BODY_IMPORTED;
	snprintf(other.tags, sizeof(other.tags), "%s", "");
	snprintf(other.format, sizeof(other.format), "hosts");
	feed_state_adopt(&kept, &other);
	assert_int_equal(kept.body, FEED_BODY_WAITS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_back_as_it_was),
		cmocka_unit_test(no_url_stands_in_it),
		cmocka_unit_test(what_is_no_state_is_an_error),
		cmocka_unit_test(what_could_do_harm_is_not_kept),
		cmocka_unit_test(failures_double_the_wait_up_to_a_day),
		cmocka_unit_test(a_server_may_ask_for_a_longer_wait_up_to_a_day),
		cmocka_unit_test(it_is_due_when_its_time_has_come),
		cmocka_unit_test(another_url_begins_anew),
		cmocka_unit_test(other_tags_import_the_body_again),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
