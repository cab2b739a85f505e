/* SPDX-License-Identifier: MIT */
/* MISP feeds into the cache: which events are fetched, and that a manifest leads nowhere else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "feed_world.h"

#define UUID_A     "11111111-1111-4111-8111-111111111111"
#define UUID_B     "22222222-2222-4222-8222-222222222222"
#define JSON(text) "HTTP/1.1 200 OK\r\n\r\n" text
#define MANIFEST(a, b)                                                                         \
	JSON("{\"" UUID_A "\": {\"timestamp\": " a "}, \"" UUID_B "\": {\"timestamp\": " b "}" \
	     "}")

static void a_misp_feed_is_a_manifest_and_its_events(void **state)
{
	(void)state;
	begin("m", "/misp/manifest.json");
	fetch((const struct page[]){{"/misp/manifest.json", MANIFEST("\"100\"", "200")},
				    {"/misp/" UUID_A ".json", JSON("A1")},
				    {"/misp/" UUID_B ".json", JSON("B1")},
				    {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_string_equal(job.format, "misp");
	assert_int_equal(server.count, 3);
	assert_true(is_there("m.d/manifest.json"));
	holds("m.d/" UUID_A ".json", "A1");
	holds("m.d/" UUID_B ".json", "B1");
	import();
	/* One was changed. */
	fetch((const struct page[]){{"/misp/manifest.json", MANIFEST("100", "201")},
				    {"/misp/" UUID_B ".json", JSON("B2")},
				    {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_int_equal(server.count, 2);
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
	holds("m.d/" UUID_A ".json", "A1");
	holds("m.d/" UUID_B ".json", "B2");
	import();
	/* Nothing was. */
	fetch((const struct page[]){{"/misp/manifest.json", MANIFEST("100", "201")}, {0}});
	assert_int_equal(server.count, 1);
	assert_int_equal(job.state.body, FEED_BODY_IMPORTED);
	/* One was withdrawn. */
	fetch((const struct page[]){
		{"/misp/manifest.json", JSON("{\"" UUID_B "\": {\"timestamp\": 201}}")}, {0}});
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
	assert_false(is_there("m.d/" UUID_A ".json"));
	assert_true(is_there("m.d/" UUID_B ".json"));
}

static void events_that_cannot_be_fetched_are_fetched_the_next_time(void **state)
{
	const struct page failing[] = {
		{"/n/manifest.json", MANIFEST("100", "200")},
		{"/n/" UUID_A ".json", JSON("A1")},
		{"/n/" UUID_B ".json", "HTTP/1.1 500 Oh\r\nRetry-After: 20000\r\n\r\n"},
		{0}};

	(void)state;
	begin("n", "/n");
	snprintf(config.format, sizeof(config.format), "misp");
	fetch(failing);
	assert_int_equal(job.error.code, FT_AGAIN);
	assert_string_equal(job.error.text, "event " UUID_B ": the server answered 500");
	assert_int_equal(job.state.body, FEED_BODY_NONE);
	assert_true(is_due_in(20000));
	assert_false(is_there("n.d/manifest.json"));
	fetch((const struct page[]){{"/n/manifest.json", MANIFEST("100", "200")},
				    {"/n/" UUID_B ".json", JSON("B1")},
				    {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_int_equal(server.count, 2);
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
	holds("n.d/" UUID_A ".json", "A1");
	holds("n.d/" UUID_B ".json", "B1");
}

static void an_event_that_the_server_lacks_is_passed_over(void **state)
{
	(void)state;
	begin("o", "/o/manifest.json");
	fetch((const struct page[]){{"/o/manifest.json", MANIFEST("100", "200")},
				    {"/o/" UUID_A ".json", JSON("A1")},
				    {0}});
	assert_int_equal(job.error.code, FT_OK);
	assert_int_equal(job.state.body, FEED_BODY_WAITS);
	assert_true(is_there("o.d/" UUID_A ".json"));
	assert_false(is_there("o.d/" UUID_B ".json"));
}

static void a_manifest_leads_nowhere_else(void **state)
{
	static const char *const bad[] = {
		JSON("{\"../../x\": {\"timestamp\": 1}}"),
		JSON("{\"/etc/passwd\": {\"timestamp\": 1}}"),
		JSON("{\"" UUID_A "/\": {\"timestamp\": 1}}"),
		JSON("{\"" UUID_A "\": {}}"),
		JSON("{\"" UUID_A "\": {\"timestamp\": \"soon\"}}"),
		JSON("{\"" UUID_A "\": {\"timestamp\": -1}}"),
		JSON("{}"),
		JSON("[]"),
		JSON("nothing"),
	};

	(void)state;
	begin("p", "/p/manifest.json");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fetch((const struct page[]){{"/p/manifest.json", bad[i]}, {0}});
		assert_int_equal(job.error.code, FT_FAIL);
		assert_non_null(strstr(job.error.text, "manifest"));
		assert_int_equal(server.count, 1);
	}
	assert_false(is_there("p.d/manifest.json"));
	assert_false(is_there("p.d/manifest.json.part"));
}

static void what_is_too_much_is_refused(void **state)
{
	static const char large[] =
		JSON("..................................................................."
		     "...................................................................");
	static char many[1 << 20];
	size_t len = (size_t)snprintf(many, sizeof(many), JSON("{"));

	(void)state;
	begin("r", "/r/manifest.json");
	config.octets_max = 200; /* the manifest, or one of its events */
	fetch((const struct page[]){{"/r/manifest.json", MANIFEST("100", "200")},
				    {"/r/" UUID_A ".json", large},
				    {"/r/" UUID_B ".json", large},
				    {0}});
	assert_int_equal(job.error.code, FT_FAIL);
	assert_string_equal(job.error.text,
			    "its events are longer than allowed: raise max = in feeds.ini");
	for (unsigned i = 0; i < 10001; i++)
		len += (size_t)snprintf(
			many + len, sizeof(many) - len,
			"\"%08x-0000-4000-8000-000000000000\": {\"timestamp\": 1}%s", i,
			i < 10000 ? ", " : "}");
	config.octets_max = sizeof(many);
	fetch((const struct page[]){{"/r/manifest.json", many}, {0}});
	assert_int_equal(job.error.code, FT_FAIL);
	assert_string_equal(job.error.text, "the manifest: 10001 events: 10000 at most");
}

/* The manifest may be "not modified"; that says nothing of an event. */
static void an_event_is_asked_for_without_conditions(void **state)
{
	(void)state;
	begin("s", "/s/manifest.json");
	for (int i = 0; i < 2; i++) {
		fetch((const struct page[]){
			{"/s/manifest.json",
			 i == 0 ? "HTTP/1.1 200 OK\r\nETag: \"1\"\r\n\r\n{\"" UUID_A
				  "\": {\"timestamp\": 1}}"
				: JSON("{\"" UUID_A "\": {\"timestamp\": 2}}")},
			{"/s/" UUID_A ".json", JSON("A1")},
			{0}});
		assert_int_equal(job.error.code, FT_OK);
		import();
	}
	assert_true(asked(0, "If-None-Match: \"1\""));
	assert_true(asked(1, "GET /s/" UUID_A));
	assert_false(asked(1, "If-None-Match"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_misp_feed_is_a_manifest_and_its_events),
		cmocka_unit_test(events_that_cannot_be_fetched_are_fetched_the_next_time),
		cmocka_unit_test(an_event_that_the_server_lacks_is_passed_over),
		cmocka_unit_test(a_manifest_leads_nowhere_else),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(an_event_is_asked_for_without_conditions),
	};

	return cmocka_run_group_tests(tests, world_start, world_stop);
}
