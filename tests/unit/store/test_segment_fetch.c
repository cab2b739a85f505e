/* SPDX-License-Identifier: MIT */
/* segment: HTTP answers come back as they were put, and what breaks a limit does not go in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include <zlib.h>

#include "store/segment.h"

static uint8_t octets[FETCH_BODY_MAX + 1];

static const struct segment_fetch page = {
	.purpose = FETCH_PAGE,
	.outcome = FETCH_CUT,
	.status = 503,
	.name = (const uint8_t *)"\3a\0b\7example",
	.about = {.family = 4, .bytes = {192, 0, 2, 1}},
	.server = {.ip = {.family = 6, .bytes = {0x20, 1}}, .port = 8080},
	.asked_wall_us = INT64_C(0x0102030405060),
	.asked_boot_us = -7,
	.took_us = UINT32_MAX,
	.url = "http://a.example/",
	.url_len = 17,
	.tags = "one two",
	.tags_len = 7,
	.head = (const uint8_t *)"HTTP/1.1 503\0\r\n\r\n",
	.head_len = 17,
	.body = octets,
	.body_len = FETCH_BODY_MAX,
};

static struct buf buf;

static enum segment_status get(struct segment_record *out)
{
	size_t used = 0;
	enum segment_status status = segment_get(buf.data, buf.len, out, &used);

	if (status == SEGMENT_RECORD)
		assert_int_equal(used, buf.len);
	return status;
}

static int reset(void **state)
{
	(void)state;
	buf_reset(&buf);
	memset(octets, 0xfe, sizeof(octets));
	return 0;
}

static void the_longest_comes_back_whole(void **state)
{
	struct segment_record record;
	struct segment_fetch *got = &record.fetch;

	(void)state;
	segment_put_fetch(&buf, &page);
	assert_int_equal(get(&record), SEGMENT_RECORD);
	assert_int_equal(record.type, RECORD_FETCH);
	assert_int_equal(got->purpose, FETCH_PAGE);
	assert_int_equal(got->outcome, FETCH_CUT);
	assert_int_equal(got->status, 503);
	assert_memory_equal(got->name, page.name, 13);
	assert_true(address_equal(&got->about, &page.about));
	assert_true(address_equal(&got->server.ip, &page.server.ip));
	assert_int_equal(got->server.port, 8080);
	assert_true(got->asked_wall_us == page.asked_wall_us && got->asked_boot_us == -7);
	assert_int_equal(got->took_us, UINT32_MAX);
	assert_int_equal(got->url_len, 17);
	assert_memory_equal(got->url, "http://a.example/", 17);
	assert_int_equal(got->tags_len, 7);
	assert_memory_equal(got->tags, "one two", 7);
	assert_int_equal(got->head_len, 17);
	assert_memory_equal(got->head, page.head, 17);
	assert_int_equal(got->body_len, FETCH_BODY_MAX);
	assert_memory_equal(got->body, octets, FETCH_BODY_MAX);
}

static void nothing_came_of_a_registration(void **state)
{
	const struct segment_fetch none = {.purpose = FETCH_REGISTRATION,
					   .outcome = FETCH_REFUSED,
					   .name = (const uint8_t *)"\7example",
					   .url = "",
					   .tags = ""};
	struct segment_record record;

	(void)state;
	segment_put_fetch(&buf, &none);
	assert_int_equal(get(&record), SEGMENT_RECORD);
	assert_int_equal(record.fetch.about.family, 0);
	assert_int_equal(record.fetch.server.ip.family, 0);
	assert_int_equal(record.fetch.head_len + record.fetch.body_len, 0);
}

static void refuses(const struct segment_fetch *fetch)
{
	buf_reset(&buf);
	segment_put_fetch(&buf, fetch);
	assert_false(buf_is_ok(&buf));
	assert_int_equal(buf.len, 0);
}

static void what_breaks_a_limit_does_not_go_in(void **state)
{
	struct segment_fetch wrong = page;

	(void)state;
	wrong.body_len = FETCH_BODY_MAX + 1;
	refuses(&wrong);
	wrong = page;
	wrong.head = octets;
	wrong.head_len = FETCH_HEAD_MAX + 1;
	refuses(&wrong);
	wrong = page;
	wrong.outcome = FETCH_VETOED + 1;
	refuses(&wrong);
	wrong = page;
	wrong.about.family = 0; /* a page of no node */
	refuses(&wrong);
	wrong = page;
	wrong.purpose = FETCH_REGISTRATION; /* of an address */
	refuses(&wrong);
	wrong = page;
	wrong.url = "http://\xff";
	wrong.url_len = 8;
	refuses(&wrong);
}

/* The octets of type and payload as a record, as another program could write them. */
static enum segment_status get_altered(size_t at, uint8_t octet)
{
	struct segment_record record;

	buf.data[at] = octet;
	buf_patch_u32(&buf, 4, (uint32_t)crc32(0, buf.data + 8, (uInt)(buf.len - 8)));
	return get(&record);
}

static void what_breaks_a_limit_is_not_read(void **state)
{
	static const struct {
		size_t at;
		uint8_t octet;
	} wrong[] = {{9, FETCH_NETWORK + 1}, /* purpose */
		     {10, FETCH_VETOED + 1}, /* outcome */
		     {13, 64},               /* the name's first label */
		     {26, 4},                /* which addresses */
		     {26, 2},                /* a page of no node */
		     {27, 5}};               /* a family */

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		buf_reset(&buf);
		segment_put_fetch(&buf, &page);
		assert_int_equal(get_altered(0, buf.data[0]), SEGMENT_RECORD);
		assert_int_equal(get_altered(wrong[i].at, wrong[i].octet), SEGMENT_BROKEN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_longest_comes_back_whole, reset),
		cmocka_unit_test_setup(nothing_came_of_a_registration, reset),
		cmocka_unit_test_setup(what_breaks_a_limit_does_not_go_in, reset),
		cmocka_unit_test_setup(what_breaks_a_limit_is_not_read, reset),
	};
	int failed;

	buf_init(&buf, 2 * SEGMENT_PAYLOAD_MAX);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_fini(&buf);
	return failed;
}
