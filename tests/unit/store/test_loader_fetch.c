/* SPDX-License-Identifier: MIT */
/* HTTP answers become rows, whatever octets they are made of, and loading stays idempotent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "index_home.h"
#include "store/loader.h"

#define NOON_US INT64_C(1207656000000000) /* 2008-04-08T12:00:00Z */

static struct name name;

static struct segment_fetch make_fetch(enum fetch_purpose purpose, const char *body)
{
	struct segment_fetch fetch = {
		.purpose = purpose,
		.status = 200,
		.name = name.wire,
		.server = {.ip = {.family = 4, .bytes = {127, 0, 0, 1}}, .port = 8080},
		.asked_wall_us = NOON_US,
		.took_us = 1500000,
		.url = "http://x/",
		.url_len = 9,
		.tags = "one two",
		.tags_len = 7,
		.head = (const uint8_t *)"HTTP/1.1 200\r\nA: \0\xff\\\r\n\r\n",
		.head_len = 24,
		.body = (const uint8_t *)body,
		.body_len = strlen(body),
	};

	if (purpose != FETCH_REGISTRATION)
		fetch.about = (struct address){.family = 4, .bytes = {192, 0, 2, 7}};
	return fetch;
}

/* A segment with that alone; the number tells segments apart. */
static void load(const struct segment_fetch *fetch, unsigned number)
{
	struct loader_totals totals = {0};
	struct error err = {0};
	struct buf out;

	segment_begin(&out, number);
	segment_put_fetch(&out, fetch);
	segment_write(&out, number, 3);
	if (loader_load_spool(&index_db, index_home, &totals, &err) != FT_OK)
		fail_msg("%s", err.text);
	assert_int_equal(totals.segments, 1);
}

static void named(const char *text)
{
	struct error err = {0};

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
}

static void has(const char *sql, const char *value)
{
	assert_string_equal(index_value(&index_db, sql), value);
}

static void a_page_is_its_names(void **state)
{
	struct segment_fetch fetch;

	(void)state;
	named("Lure.example");
	fetch = make_fetch(FETCH_PAGE, "abc");
	load(&fetch, 1);
	has("select d.name || ' ' || p.address || ' ' || port || ' ' || record from page p "
	    "join domain d on "
	    "d.id = p.domain_id",
	    "lure.example 192.0.2.7/32 8080 2");
	has("select asked_at at time zone 'UTC' || ' ' || took || ' ' || outcome || ' ' || "
	    "status from page",
	    "2008-04-08 12:00:00 00:00:01.5 answered 200");
	has("select head from page",
	    "HTTP/1.1 200\\013\\010A: \\000\\255\\\\\\013\\010\\013\\010");
	/* FIPS 180-2, B.1 */
	has("select encode(body_sha256, 'hex') from page",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	has("select body_octets || ' ' || signatures::text from page", "3 {one,two}");
	has("select roll_up_nodes()", "0");
	has("select string_agg(d.name, ' ') from due_name join domain d on d.id = domain_id",
	    "lure.example");
}

static void a_page_that_did_not_come(void **state)
{
	struct segment_fetch fetch;

	(void)state;
	named("lure.example");
	fetch = make_fetch(FETCH_PAGE, "");
	fetch.outcome = FETCH_VETOED;
	fetch.status = 0;
	fetch.server.ip.family = 0;
	fetch.head_len = 0;
	fetch.tags_len = 0;
	load(&fetch, 1);
	has("select outcome || ' ' || (status is null) || ' ' || (body_sha256 is null) || ' ' "
	    "|| "
	    "body_octets || signatures::text || head from page",
	    "vetoed true true 0{}");
}

static void what_rdap_tells_is_kept_where_it_is_json(void **state)
{
	static const char *const bodies[] = {
		"{\"handle\": \"X\"}", "[1]", "{\"a\": \"\\u0000\"}", "{\"a\": \"\xff\"}",
		"{\"a\": 1e999999}",   "{",
	};
	struct segment_fetch fetch;

	(void)state;
	named("registered.example");
	for (unsigned i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		fetch = make_fetch(FETCH_REGISTRATION, bodies[i]);
		load(&fetch, 1 + i);
	}
	has("select count(*) || ' ' || count(answer) from registration", "6 1");
	has("select name || ' ' || (answer ->> 'handle') from registration where answer is not "
	    "null",
	    "registered.example X");
	has("select count(*) from domain", "0");
}

static void deep_json_is_kept(void **state)
{
	static char body[5000];
	struct segment_fetch fetch;
	size_t depth = 2000;

	(void)state;
	named(".");
	memcpy(body, "{\"a\":", 5);
	memset(body + 5, '[', depth);
	memset(body + 5 + depth, ']', depth);
	body[5 + 2 * depth] = '}';
	fetch = make_fetch(FETCH_NETWORK, body);
	load(&fetch, 1);
	has("select host(address) || ' ' || (name is null) || ' ' || (answer is not null) from "
	    "registration",
	    "192.0.2.7 true true");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_page_is_its_names, index_reset_test),
		cmocka_unit_test_setup(a_page_that_did_not_come, index_reset_test),
		cmocka_unit_test_setup(what_rdap_tells_is_kept_where_it_is_json,
				       index_reset_test),
		cmocka_unit_test_setup(deep_json_is_kept, index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
