/* SPDX-License-Identifier: MIT */
/* crawler/http_transfer: what a request says, where it goes, and where it never does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/crawler/fetching.h"

static struct error err;

static void no_address_that_is_vetoed_gets_a_connection(void **state)
{
	static const char *const hosts[] = {"http://127.0.0.1",
					    "http://localhost",
					    "http://[::1]",
					    "http://0.0.0.0",
					    "http://0x7f.1",
					    "http://2130706433",
					    "https://[::ffff:127.0.0.1]",
					    "http://good.test"};
	unsigned before = connections("all");
	const struct reach reach = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		static struct fetch fetch;
		struct http_request request = request_to(&fetch, hosts[i], "good");

		request.reach = &reach;
		if (strcmp(hosts[i], "http://good.test") == 0) /* has no address else */
			request.pin = &loopback;
		run(&fetch, &request);
		assert_int_equal(fetch.answer.outcome, FETCH_VETOED);
		assert_string_equal(fetch.why, "its address may not be contacted");
		assert_int_equal(fetch.answer.server.ip.family, 0);
	}
	assert_int_equal(connections("all"), before);
}

static void what_is_allowed_is_reached(void **state)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://127.0.0.1", "good");
	struct reach reach = {0};

	(void)state;
	assert_int_equal(reach_allow(&reach, "127.0.0.0/8", &err), FT_OK);
	request.reach = &reach;
	run(&fetch, &request);
	assert_int_equal(fetch.answer.outcome, FETCH_ANSWERED);
}

/* Whatever the URL says, an address too; and two at a time for one name. */
static void a_pin_is_where_it_goes(void **state)
{
	static const struct address pins[] = {
		{4, {127, 0, 0, 1}}, {4, {127, 0, 0, 2}}, {6, {[15] = 1}}};
	static const char *const hosts[] = {"http://good.test", "http://192.0.2.1",
					    "http://[2001:db8::1]"};
	static struct fetch fetches[9];

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		struct http_request request = request_to(&fetches[i], hosts[i / 3], "good");

		request.pin = &pins[i % 3];
		start(&request);
	}
	loop_run(loop);
	for (size_t i = 0; i < 9; i++) {
		assert_int_equal(fetches[i].answer.outcome,
				 i % 3 == 0 ? FETCH_ANSWERED : FETCH_REFUSED);
		assert_int_equal(fetches[i].answer.server.ip.family, i % 3 == 0 ? 4 : 0);
	}
}

static void nothing_else_is_sent(void **state)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://some.test", "request/a/../b");
	char wanted[512];

	(void)state;
	snprintf(wanted, sizeof(wanted),
		 "GET /request/a/../b HTTP/1.1\r\nHost: some.test:%u\r\nUser-Agent: test/1\r\n"
		 "Accept: text/html\r\nX-Key: a b\r\n\r\n",
		 port);
	request.pin = &loopback;
	request.headers = (const char *const[]){"Accept: text/html", "X-Key: a b", NULL};
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	run(&fetch, &request);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_string_equal(fetch.body, wanted);
}

static void no_other_url_is_taken(void **state)
{
	static const char *const urls[] = {"",
					   "ftp://127.0.0.1/",
					   "file:///etc/passwd",
					   "gopher://127.0.0.1/",
					   "http://user@127.0.0.1/",
					   "http://user:key@127.0.0.1/",
					   "http://a b/",
					   "http://"};
	static char longest[FETCH_URL_MAX + 2] = "http://127.0.0.1/";
	struct http_request request = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		request.url = urls[i];
		assert_int_equal(http_start(http, &request, &err), FT_USAGE);
		assert_null(strstr(err.text, "key"));
	}
	memset(longest + strlen(longest), 'x', sizeof(longest) - 1 - strlen(longest));
	request.url = longest;
	assert_int_equal(http_start(http, &request, &err), FT_USAGE);
	request.url = "http://127.0.0.1/";
	request.headers = (const char *const[]){"X-Key: a\r\nX-Other: b", NULL};
	assert_int_equal(http_start(http, &request, &err), FT_USAGE);
	assert_int_equal(http_in_flight(http), 0);
}

static void nobody_there_is_an_outcome(void **state)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://127.0.0.2", "");

	(void)state;
	run(&fetch, &request);
	assert_int_equal(fetch.answer.outcome, FETCH_REFUSED);
	assert_int_equal(fetch.answer.status, 0);
	assert_int_equal(fetch.answer.server.ip.family, 0);
}

static enum fetch_outcome outcome_of_tls(const char *host)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, host, "good");

	request.pin = &loopback;
	run(&fetch, &request);
	return fetch.answer.outcome;
}

static void a_certificate_must_hold(void **state)
{
	char path[] = "/tmp/test_http_XXXXXX";
	int fd = mkstemp(path);
	struct fetch *fetch = fetch_path("certificate");

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, fetch->body, fetch->taken), fetch->taken);
	close(fd);
	assert_int_equal(outcome_of_tls("https://hostile.test"), FETCH_TLS);
	http_free(http);
	http = new_http(path);
	assert_int_equal(outcome_of_tls("https://hostile.test"), FETCH_ANSWERED);
	assert_int_equal(outcome_of_tls("https://good.test"), FETCH_TLS);
	unlink(path);
	http_free(http);
	http = new_http(NULL);
}

static void certificates_must_be_there(void **state)
{
	const struct http_options options = {loop, "test/1", "/nonexistent\033"};

	(void)state;
	assert_null(http_new(&options, &err));
	assert_int_equal(err.code, FT_USAGE);
	assert_non_null(strstr(err.text, "/nonexistent\\027: No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_address_that_is_vetoed_gets_a_connection),
		cmocka_unit_test(what_is_allowed_is_reached),
		cmocka_unit_test(a_pin_is_where_it_goes),
		cmocka_unit_test(nothing_else_is_sent),
		cmocka_unit_test(no_other_url_is_taken),
		cmocka_unit_test(nobody_there_is_an_outcome),
		cmocka_unit_test(a_certificate_must_hold),
		cmocka_unit_test(certificates_must_be_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
