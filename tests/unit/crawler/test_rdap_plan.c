/* SPDX-License-Identifier: MIT */
/* The queues of RDAP servers: one request at a time, a pause between, none left out; and where
 * a redirect may lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "crawler/rdap_plan.h"

static struct rdap_plan *plan;

static int begin(void **state)
{
	struct error err = {0};

	(void)state;
	plan = rdap_plan_new(&err);
	return plan == NULL ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	rdap_plan_free(plan);
	return 0;
}

static void add(const char *url)
{
	struct error err = {0};
	struct rdap_item *item = rdap_item_new(url, &err);

	assert_non_null(item);
	assert_int_equal(rdap_plan_add(plan, item, &err), FT_OK);
}

/* Takes the item of that URL, which becomes the caller's; NULL: none is to be had. */
static struct rdap_item *taken(int64_t now_us, const char *url)
{
	struct rdap_item *item = rdap_plan_take(plan, now_us);

	if (url == NULL) {
		assert_null(item);
		return NULL;
	}
	assert_non_null(item);
	assert_string_equal(item->url, url);
	return item;
}

static void answered(struct rdap_item *item, int64_t now_us, int64_t pause_us)
{
	rdap_plan_release(item->server, now_us, pause_us);
	rdap_item_free(item);
}

static void test_one_at_a_time(void **state)
{
	struct rdap_item *item;

	(void)state;
	add("https://a.example/domain/1");
	add("HTTPS://A.example/domain/2");
	assert_int_equal(rdap_plan_waiting(plan), 2);
	item = taken(0, "https://a.example/domain/1");
	taken(INT64_MAX, NULL);
	answered(item, 5, RDAP_PAUSE_US);
	taken(RDAP_PAUSE_US + 4, NULL);
	item = taken(RDAP_PAUSE_US + 5, "HTTPS://A.example/domain/2");
	assert_int_equal(rdap_plan_waiting(plan), 0);
	answered(item, RDAP_PAUSE_US + 6, RDAP_PAUSE_US);
	taken(INT64_MAX, NULL);
}

/* Port and scheme make another server, path and query do not. */
static void test_servers_in_turn(void **state)
{
	struct rdap_item *first, *second, *third;

	(void)state;
	add("https://a.example/1");
	add("https://a.example?2");
	add("http://a.example/3");
	add("https://a.example:8443/4");
	first = taken(0, "https://a.example:8443/4");
	second = taken(0, "http://a.example/3");
	third = taken(0, "https://a.example/1");
	taken(0, NULL);
	answered(third, 0, 0);
	third = taken(0, "https://a.example?2");
	answered(first, 0, 0);
	answered(second, 0, 0);
	answered(third, 0, 0);
}

/* A server with a long queue does not keep the others waiting. */
static void test_longest_ago_first(void **state)
{
	struct rdap_item *item;

	(void)state;
	add("https://a.example/1");
	add("https://b.example/2");
	add("https://b.example/3");
	item = taken(0, "https://b.example/2");
	answered(item, 0, 0);
	item = taken(0, "https://a.example/1");
	answered(item, 0, 0);
	item = taken(0, "https://b.example/3");
	answered(item, 0, 0);
}

/* A server that is closed is asked no more, whoever refers to it. */
static void test_close(void **state)
{
	struct rdap_item *item;

	(void)state;
	add("https://a.example/1");
	add("https://a.example/2");
	add("https://a.example/3");
	add("https://b.example/4");
	rdap_item_free(taken(0, "https://b.example/4"));
	item = taken(0, "https://a.example/1");
	add("https://b.example/5");
	rdap_plan_close(plan, item->server);
	assert_int_equal(rdap_plan_waiting(plan), 1);
	assert_int_equal(rdap_plan_left(plan), 3);
	add("https://A.example/6");
	assert_int_equal(rdap_plan_waiting(plan), 1);
	assert_int_equal(rdap_plan_left(plan), 4);
	answered(item, 0, 0);
	taken(INT64_MAX, NULL);
}

static void test_holds(void **state)
{
	(void)state;
	assert_false(rdap_plan_holds(plan, "https://a.example/1"));
	add("https://a.example/1");
	add("https://a.example/2");
	assert_true(rdap_plan_holds(plan, "https://a.example/2"));
	assert_false(rdap_plan_holds(plan, "https://a.example/3"));
	rdap_item_free(taken(0, "https://a.example/1"));
	assert_false(rdap_plan_holds(plan, "https://a.example/1"));
}

static void test_silence(void **state)
{
	struct rdap_item *item;

	(void)state;
	add("https://a.example/1");
	item = taken(0, "https://a.example/1");
	assert_int_equal(rdap_server_told(item->server, false), 1);
	assert_int_equal(rdap_server_told(item->server, false), 2);
	assert_int_equal(rdap_server_told(item->server, true), 0);
	assert_int_equal(rdap_server_told(item->server, false), 1);
	rdap_item_free(item);
}

static void test_redirects(void **state)
{
	static const char base[] = "https://a.example:8443/rdap/domain/x?y";
	static const struct {
		const char *reference;
		const char *url; /* NULL: not followed */
	} cases[] = {
		{"https://b.example/x", "https://b.example/x"},
		{"HTTPS://b.example:80/x?y=/z", "HTTPS://b.example:80/x?y=/z"},
		{"https://[::1]/x", "https://[::1]/x"},
		{"http://a.example:8443/x", NULL},
		{"/y/z", "https://a.example:8443/y/z"},
		{"/", "https://a.example:8443/"},
		{"//b.example/x", NULL},
		{"y/z", NULL},
		{"", NULL},
		{"file:///etc/passwd", NULL},
		{"ftp://b.example/x", NULL},
		{"gopher://b.example/x", NULL},
		{"https:/b.example", NULL},
		{"https://", NULL},
		{"https:///x", NULL},
		{"https://user@b.example/x", NULL},
		{"https://a.example:8443@b.example/", NULL},
		{"https://b.example\\@a.example/", NULL},
		{"https://b.example/a b", NULL},
		{"https://b.example/\r\nX: y", NULL},
		{"https://b.example/\xc3\xa9", NULL},
		{"https://b.example/@", "https://b.example/@"},
		{"https://b.example/0123456789012345678901234567890123456", NULL},
	};
	char url[48];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_url = rdap_url_resolve(url, sizeof(url), base, cases[i].reference);

		if (is_url != (cases[i].url != NULL))
			fail_msg("%s: %s", cases[i].reference, is_url ? url : "not followed");
		if (is_url)
			assert_string_equal(url, cases[i].url);
	}
	assert_true(
		rdap_url_resolve(url, sizeof(url), "http://a.example/", "HTTP://b.example/"));
	assert_true(
		rdap_url_resolve(url, sizeof(url), "http://a.example/", "https://b.example/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_at_a_time, begin, end),
		cmocka_unit_test_setup_teardown(test_servers_in_turn, begin, end),
		cmocka_unit_test_setup_teardown(test_longest_ago_first, begin, end),
		cmocka_unit_test_setup_teardown(test_close, begin, end),
		cmocka_unit_test_setup_teardown(test_holds, begin, end),
		cmocka_unit_test_setup_teardown(test_silence, begin, end),
		cmocka_unit_test(test_redirects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
