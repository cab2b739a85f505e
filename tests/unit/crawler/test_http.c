/* SPDX-License-Identifier: MIT */
/* crawler/http: what hostile servers come to, and what limits hold whatever they do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/crawler/fetching.h"

#define CASES_MAX 80
#define LATE_US   1500000 /* that a busy machine may be late */

/* A case of the server's, asked by its name. */
struct hostile_case {
	struct fetch fetch;
	char name[40];
	enum fetch_outcome wanted;
};

static struct error err;

static size_t read_cases(struct hostile_case cases[CASES_MAX])
{
	FILE *list = popen("python3 " HOSTILE_HTTP " --list", "r");
	char word[20];
	size_t count = 0;

	assert_non_null(list);
	for (; count < CASES_MAX && fscanf(list, "%39s %19s", cases[count].name, word) == 2;
	     count++) {
		while (strcmp(outcome_words[cases[count].wanted], word) != 0)
			assert_true(cases[count].wanted++ < FETCH_VETOED);
	}
	assert_int_equal(pclose(list), 0);
	assert_in_range(count, 50, CASES_MAX - 1);
	return count;
}

static void start_case(struct hostile_case *hostile)
{
	char host[64];
	struct http_request request;

	snprintf(host, sizeof(host), "%s://%s.test",
		 strncmp(hostile->name, "tls-", 4) == 0 ? "https" : "http", hostile->name);
	request = request_to(&hostile->fetch, host, "");
	request.pin = &loopback;
	start(&request);
}

static void check_case(const struct hostile_case *hostile)
{
	const struct fetch *fetch = &hostile->fetch;
	const struct http_answer *answer = &fetch->answer;

	if (fetch->ends != 1 || answer->outcome != hostile->wanted)
		fail_msg("%s: %s, not %s: %s", hostile->name, outcome_words[answer->outcome],
			 outcome_words[hostile->wanted], fetch->why);
	assert_true(fetch->taken <= BODY_MAX);
	assert_int_equal(answer->body_len, fetch->taken);
	assert_true(answer->took_us <= TIMEOUT_MS * 1000 + LATE_US);
	assert_true(address_equal(&answer->server.ip, &loopback));
	assert_int_equal(answer->server.port, port);
	assert_int_equal(fetch->why[0] == '\0', answer->outcome == FETCH_ANSWERED);
	for (const char *at = fetch->why; *at != '\0'; at++)
		assert_in_range(*at, ' ', '~');
	if (strncmp(hostile->name, "status-", 7) == 0)
		assert_int_equal(answer->status, 0);
}

/* All at a time: none holds up another, none is asked twice, and no redirect is followed. */
static void no_server_breaks_a_limit(void **state)
{
	static struct hostile_case cases[CASES_MAX];
	unsigned before = connections("all");
	size_t count = read_cases(cases);

	(void)state;
	for (size_t i = 0; i < count; i++)
		start_case(&cases[i]);
	assert_int_equal(http_in_flight(http), count);
	loop_run(loop);
	for (size_t i = 0; i < count; i++)
		check_case(&cases[i]);
	assert_int_equal(connections("all") - before, count);
	assert_int_equal(connections("trap"), 0);
}

static void a_body_is_cut_at_its_limit_to_the_octet(void **state)
{
	static const char *const names[] = {"endless-body", "length-of-ten-gigabytes",
					    "gzip-transfer-bomb", "chunks-without-end"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct fetch *fetch = fetch_path(names[i]);

		assert_int_equal(fetch->answer.outcome, FETCH_CUT);
		assert_int_equal(fetch->taken, BODY_MAX);
		assert_int_equal(fetch->answer.status, 200);
	}
}

static void a_body_may_be_as_long_as_its_limit(void **state)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://127.0.0.1", "good");

	(void)state;
	request.body_max = 5;
	run(&fetch, &request);
	assert_int_equal(fetch.answer.outcome, FETCH_ANSWERED);
	assert_string_equal(fetch.body, "hello");
	request = request_to(&fetch, "http://127.0.0.1", "good");
	request.body_max = 4;
	run(&fetch, &request);
	assert_int_equal(fetch.answer.outcome, FETCH_CUT);
	assert_string_equal(fetch.body, "hell");
}

static void what_is_no_body_is_not_taken_for_one(void **state)
{
	(void)state;
	assert_string_equal(fetch_path("length-too-short")->body, "hello");
	assert_string_equal(fetch_path("length-beside-chunks")->body, "hello");
	assert_string_equal(fetch_path("length-too-long")->body, "hello");
	assert_string_equal(fetch_path("chunk-cut-off")->body, "hellohello");
	assert_string_equal(fetch_path("no-content-with-body")->body, "");
	assert_memory_equal(fetch_path("gzip-bomb")->body, "\x1f\x8b", 2);
}

static bool refuse_octets(void *ctx, const void *octets, size_t len)
{
	(void)ctx;
	(void)octets;
	(void)len;
	return false;
}

static void a_taker_may_have_enough(void **state)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://127.0.0.1", "good");

	(void)state;
	request.take = refuse_octets;
	run(&fetch, &request);
	assert_int_equal(fetch.answer.outcome, FETCH_CUT);
	assert_int_equal(fetch.answer.body_len, 0);
}

static void the_last_head_alone_speaks(void **state)
{
	struct fetch *fetch = fetch_path("early-hints");
	char value[20];

	(void)state;
	assert_int_equal(fetch->answer.status, 200);
	assert_true(http_header(value, sizeof(value), &fetch->answer, "SERVER"));
	assert_string_equal(value, "late");
	assert_false(http_header(value, sizeof(value), &fetch->answer, "X-Early"));
	assert_false(http_header(value, sizeof(value), &fetch->answer, "erver"));
	assert_true(http_header(value, 5, &fetch->answer, "transfer-encoding"));
	assert_string_equal(value, "chun");
	fetch = fetch_path("header-of-escapes");
	assert_false(http_header(value, sizeof(value), &fetch->answer, "Server"));
	fetch = fetch_path("bare-newlines");
	assert_true(http_header(value, sizeof(value), &fetch->answer, "Content-Length"));
	assert_string_equal(value, "5");
}

static void when_to_ask_again(void **state)
{
	struct fetch *fetch = fetch_path("retry-after-date");

	(void)state;
	assert_in_range(fetch->answer.retry_after_s, 7100, 7200);
	assert_int_equal(fetch_path("good")->answer.retry_after_s, 0);
	assert_true(fetch_path("retry-after-ages")->answer.retry_after_s >= 0);
}

/* Three requests in a row, each begun by the end of the one before, of a connection its own. */
static struct {
	struct http_request request;
	struct fetch fetch;
	unsigned ends;
} row;

static void begin_another(void *ctx, const struct http_answer *answer)
{
	(void)ctx;
	assert_int_equal(answer->outcome, FETCH_ANSWERED);
	assert_int_equal(http_in_flight(http), 0);
	if (++row.ends < 3)
		start(&row.request);
}

static void an_end_may_begin_another(void **state)
{
	unsigned before = connections("left-open");

	(void)state;
	row.request = request_to(&row.fetch, "http://127.0.0.1", "left-open");
	row.request.done = begin_another;
	start(&row.request);
	loop_run(loop);
	assert_int_equal(row.ends, 3);
	assert_int_equal(connections("left-open") - before, 3);
	assert_string_equal(row.fetch.body, "hellohellohello");
}

static void stop_soon(void *ctx)
{
	static unsigned turns;

	(void)ctx;
	http_turn(http);
	if (++turns == 10)
		loop_stop(loop);
}

/* In a loop and of an http of its own, which end with the request in flight. */
static void what_is_in_flight_may_be_left(void **state)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://127.0.0.1", "silent");
	struct loop *usual_loop = loop;
	struct http *usual_http = http;

	(void)state;
	loop = loop_new(stop_soon, NULL, &err);
	assert_non_null(loop);
	http = new_http(NULL);
	start(&request);
	loop_run(loop);
	assert_int_equal(http_in_flight(http), 1);
	http_free(http);
	loop_free(loop);
	loop = usual_loop;
	http = usual_http;
	assert_int_equal(fetch.ends, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_server_breaks_a_limit),
		cmocka_unit_test(a_body_is_cut_at_its_limit_to_the_octet),
		cmocka_unit_test(a_body_may_be_as_long_as_its_limit),
		cmocka_unit_test(what_is_no_body_is_not_taken_for_one),
		cmocka_unit_test(a_taker_may_have_enough),
		cmocka_unit_test(the_last_head_alone_speaks),
		cmocka_unit_test(when_to_ask_again),
		cmocka_unit_test(an_end_may_begin_another),
		cmocka_unit_test(what_is_in_flight_may_be_left),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
