/* SPDX-License-Identifier: MIT */
/* Feeds into the cache: what is kept of an answer and what is not, what is asked the next time,
 * and that nothing that was there is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "feed_world.h"

#define OLD                                                                                    \
	"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: \"1\"\r\n"                              \
	"Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n\r\nold\n"
#define NEW          "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: \"2\"\r\n\r\nnew\n"
#define NOT_MODIFIED "HTTP/1.1 304 Same\r\n\r\n"
#define STATUS(text) "HTTP/1.1 " text "\r\nContent-Length: 0\r\n\r\n"

static void what_is_not_modified_is_not_fetched_again(void **state)
{
	(void)state;
	begin("a", "/a");
	fetch((const struct page[]){{"/a", OLD}, {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_true(asked(0, "User-Agent: fluxtrack/"));
	assert_false(asked(0, "If-"));
	assert_true(is_due_in(3600));
	holds("a", "old\n");
	import();
	fetch((const struct page[]){{"/a", NOT_MODIFIED}, {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_true(asked(0, "\r\nIf-None-Match: \"1\"\r\n"));
	assert_true(asked(0, "\r\nIf-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n"));
	assert_int_equal(job.state.body, FEED_BODY_IMPORTED);
	assert_string_equal(job.state.outcome, "not modified");
	holds("a", "old\n");
	fetch((const struct page[]){{"/a", NEW}, {0}});
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
	holds("a", "new\n");
	assert_false(is_there("a.part"));
	fetch((const struct page[]){{"/a", NOT_MODIFIED}, {0}});
	assert_true(asked(0, "\r\nIf-None-Match: \"2\"\r\n"));
	assert_false(asked(0, "If-Modified-Since"));
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
}

static void the_same_octets_are_nothing_new(void **state)
{
	(void)state;
	begin("b", "/b");
	fetch((const struct page[]){{"/b", NEW}, {0}});
	import();
	fetch((const struct page[]){{"/b", "HTTP/1.1 200 OK\r\n\r\nnew\n"}, {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_int_equal(job.state.body, FEED_BODY_IMPORTED);
	assert_string_equal(job.state.outcome, "the same as before");
	assert_string_equal(job.state.etag, "");
	assert_false(is_there("b.part"));
}

/* It was removed by somebody: nothing is asked about that is not there. */
static void a_body_that_is_gone_is_fetched_again(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	begin("c", "/c");
	fetch((const struct page[]){{"/c", OLD}, {0}});
	import();
	cached_path(path, "c");
	assert_int_equal(unlink(path), 0);
	fetch((const struct page[]){{"/c", OLD}, {0}});
	assert_false(asked(0, "If-"));
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
}

static void a_failure_changes_nothing_but_the_state(void **state)
{
	static const struct {
		const char *answer;
		int code;
		int64_t wait_s;
		const char *why;
	} cases[] = {
		{STATUS("500 Oh"), FT_AGAIN, 7200, "the server answered 500"},
		{STATUS("429 Slow\r\nRetry-After: 20000"), FT_AGAIN, 20000,
		 "the server answered 429"},
		{STATUS("503 Oh\r\nRetry-After: 99999999"), FT_AGAIN, 86400, "answered 503"},
		{STATUS("404 None"), FT_FAIL, 7200, "the server answered 404"},
		{STATUS("403 No"), FT_FAIL, 7200, "header in feeds.ini"},
		{STATUS("301 Moved\r\nLocation: http://127.0.0.1:1/x\\y"), FT_FAIL, 7200,
		 "it moved to http://127.0.0.1:1/x\\\\y: give that"},
		{STATUS("307 Moved\r\nLocation: http://127.0.0.1:1/\033[1m"), FT_FAIL, 7200,
		 "the server answered 307"},
		{STATUS("302 Moved"), FT_FAIL, 7200, "the server answered 302"},
		{"HTTP/1.1 206 Part\r\nContent-Length: 3\r\n\r\nnew", FT_FAIL, 7200,
		 "the server answered 206"},
		{STATUS("200 OK"), FT_FAIL, 7200, "an empty answer"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnew", FT_AGAIN, 7200, ""},
		{"HTTP/1.1 200 OK\r\n\r\n123456789", FT_FAIL, 7200, "longer than 8 octets"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789", FT_FAIL, 7200,
		 "longer than 8 octets"},
		{"no HTTP\r\n\r\n", FT_FAIL, 7200, ""},
	};
	const struct page *old = (const struct page[]){{"/d", OLD}, {0}};

	(void)state;
	begin("d", "/d");
	config.octets_max = 8;
	fetch(old);
	import();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fetch((const struct page[]){{"/d", cases[i].answer}, {0}});
		assert_int_equal(server.count, 1);
		if (job.error.code != cases[i].code)
			fail_msg("%zu: %s", i, job.error.text);
		if (strstr(job.error.text, cases[i].why) == NULL)
			fail_msg("%s", job.error.text);
		assert_true(is_due_in(cases[i].wait_s));
		assert_int_equal(job.state.failures, 1);
		assert_int_equal(job.state.body, FEED_BODY_IMPORTED);
		holds("d", "old\n");
		assert_false(is_there("d.part"));
		fetch((const struct page[]){{"/d", NOT_MODIFIED}, {0}});
		assert_true(asked(0, "If-None-Match: \"1\""));
		assert_int_equal(job.state.failures, 0);
	}
}

static void what_was_never_there_is_not_unmodified(void **state)
{
	(void)state;
	begin("e", "/e");
	fetch((const struct page[]){{"/e", NOT_MODIFIED}, {0}});
	assert_int_equal(job.error.code, FT_FAIL);
	assert_int_equal(job.state.body, FEED_BODY_NONE);
	assert_false(is_there("e"));
}

static void a_server_that_is_away_may_come_back(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	(void)state;
	/* A port that is taken, and where nobody listens. */
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	begin("f", "/f");
	snprintf(config.url, sizeof(config.url), "http://127.0.0.1:%u/", ntohs(at.sin_port));
	fetch((const struct page[]){{0}});
	close(fd);
	assert_int_equal(job.error.code, FT_AGAIN);
	assert_int_equal(job.state.failures, 1);
}

static void a_header_is_sent_and_kept_nowhere(void **state)
{
	char text[4096] = "";
	char path[PATH_SIZE];
	FILE *file;

	(void)state;
	setenv("FEED_SECRET", "s3cret", 1);
	begin("g", "/g");
	snprintf(config.headers[0], sizeof(config.headers[0]), "Auth-Key: env:FEED_SECRET");
	snprintf(config.headers[1], sizeof(config.headers[1]), "Accept: text/csv");
	fetch((const struct page[]){{"/g", OLD}, {0}});
	assert_true(asked(0, "\r\nAuth-Key: s3cret\r\n"));
	assert_true(asked(0, "\r\nAccept: text/csv\r\n"));
	cached_path(path, "g.state");
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_null(strstr(text, "s3cret"));
	unsetenv("FEED_SECRET");
	fetch((const struct page[]){{"/g", OLD}, {0}});
	assert_int_equal(server.count, 0);
	assert_string_equal(job.error.text, "header Auth-Key: $FEED_SECRET is not set");
}

static void several_are_fetched_and_one_that_fails_stops_none(void **state)
{
	static struct feed_config configs[3];
	struct feed_job jobs[3];
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		begin((const char *const[]){"x", "y", "z"}[i],
		      (const char *const[]){"/x", "/y", "/z"}[i]);
		configs[i] = config;
		assert_int_equal(feed_job_open(&jobs[i], &configs[i], cache, &err), FT_OK);
		jobs[i].is_wanted = i != 2;
	}
	server.pages = (const struct page[]){{"/y", NEW}, {"/z", NEW}, {0}};
	assert_int_equal(feed_fetch(jobs, 3, &err), FT_OK);
	assert_int_equal(jobs[0].error.code, FT_FAIL);
	assert_int_equal(jobs[1].error.code, FT_OK);
	assert_int_equal(jobs[1].state.body, FEED_BODY_WAITS);
	assert_int_equal(jobs[2].state.body, FEED_BODY_NONE);
	assert_true(is_there("x.state"));
	assert_false(is_there("z.state"));
	holds("y", "new\n");
}

static void a_state_that_cannot_be_read_is_as_none(void **state)
{
	struct error err = {0};
	char path[PATH_SIZE];

	(void)state;
	begin("q", "/q");
	fetch((const struct page[]){{"/q", OLD}, {0}});
	cached_path(path, "q.state");
	assert_int_equal(file_replace(path, "\xff", 1, &err), FT_OK);
	fetch((const struct page[]){{"/q", OLD}, {0}});
	assert_false(asked(0, "If-"));
	assert_int_equal(job.error.code, FT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_modified_is_not_fetched_again),
		cmocka_unit_test(the_same_octets_are_nothing_new),
		cmocka_unit_test(a_body_that_is_gone_is_fetched_again),
		cmocka_unit_test(a_failure_changes_nothing_but_the_state),
		cmocka_unit_test(what_was_never_there_is_not_unmodified),
		cmocka_unit_test(a_server_that_is_away_may_come_back),
		cmocka_unit_test(a_header_is_sent_and_kept_nowhere),
		cmocka_unit_test(several_are_fetched_and_one_that_fails_stops_none),
		cmocka_unit_test(a_state_that_cannot_be_read_is_as_none),
	};

	return cmocka_run_group_tests(tests, world_start, world_stop);
}
