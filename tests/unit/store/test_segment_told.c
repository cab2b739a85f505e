/* SPDX-License-Identifier: MIT */
/* segment: sources, and what is told from them, come back as they were put. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include <zlib.h>

#include "store/segment.h"

static const struct segment_source source = {
	.uuid = {1, 2, 3}, .sha256 = {4, [31] = 5}, .format = "massdns", .name = "a b.json.gz"};

static const struct segment_told told = {
	.source = {1, 2, 3},
	.line = UINT64_C(0x0102030405060708),
	.has_ttl = true,
	.lookup = {.qname = (const uint8_t *)"\3a\0b\7example",
		   .qtype = QTYPE_AAAA,
		   .server = {.ip = {.family = 6, .bytes = {0x20, 1}}, .port = 5353},
		   .asked_wall_us = 1,
		   .rtt_us = 1234,
		   .msg = (const uint8_t *)"made up",
		   .msg_len = 7},
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

static void a_source_comes_back(void **state)
{
	struct segment_record record;

	(void)state;
	segment_put_source(&buf, &source);
	assert_int_equal(get(&record), SEGMENT_RECORD);
	assert_int_equal(record.type, RECORD_SOURCE);
	assert_memory_equal(record.source.uuid, source.uuid, UUID_LEN);
	assert_memory_equal(record.source.sha256, source.sha256, SHA256_LEN);
	assert_string_equal(record.source.format, "massdns");
	assert_string_equal(record.source.name, "a b.json.gz");
}

static void a_told_lookup_comes_back(void **state)
{
	struct segment_record record;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct segment_told one = told;

		one.has_ttl = i == 1;
		buf_reset(&buf);
		segment_put_told(&buf, &one);
		assert_int_equal(get(&record), SEGMENT_RECORD);
		assert_int_equal(record.type, RECORD_TOLD);
		assert_memory_equal(record.told.source, told.source, UUID_LEN);
		assert_true(record.told.line == told.line);
		assert_int_equal(record.told.has_ttl, one.has_ttl);
		assert_memory_equal(record.told.lookup.qname, told.lookup.qname, 13);
		assert_int_equal(record.told.lookup.qtype, QTYPE_AAAA);
		assert_int_equal(record.told.lookup.server.port, 5353);
		assert_int_equal(record.told.lookup.rtt_us, 1234);
		assert_int_equal(record.told.lookup.msg_len, 7);
		assert_memory_equal(record.told.lookup.msg, "made up", 7);
	}
}

static void lines_count_from_one(void **state)
{
	static const uint64_t lines[] = {0, UINT64_C(1) << 63, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct segment_told one = told;

		one.line = lines[i];
		segment_put_told(&buf, &one);
		assert_false(buf_is_ok(&buf));
		buf_reset(&buf);
	}
}

static void a_name_that_is_not_printable_does_not_go_in(void **state)
{
	struct segment_source one = source;

	(void)state;
	one.name[1] = '\n';
	segment_put_source(&buf, &one);
	assert_false(buf_is_ok(&buf));
}

/* Sets the octet at of the record in buf, counted from its payload, and gives it a good CRC. */
static enum segment_status get_with(size_t at, uint8_t value)
{
	struct segment_record record;
	uint8_t kept = buf.data[SEGMENT_FRAME_LEN + at];
	enum segment_status status;

	buf.data[SEGMENT_FRAME_LEN + at] = value;
	buf_patch_u32(&buf, 4, (uint32_t)crc32(0, buf.data + 8, (uInt)buf.len - 8));
	status = get(&record);
	buf.data[SEGMENT_FRAME_LEN + at] = kept;
	return status;
}

static void a_good_crc_does_not_excuse_a_bad_payload(void **state)
{
	const size_t line = UUID_LEN;
	const size_t flags = UUID_LEN + 8;
	const size_t format_len = UUID_LEN + SHA256_LEN + 1;

	(void)state;
	segment_put_told(&buf, &told);
	assert_int_equal(get_with(flags, 0), SEGMENT_RECORD);
	assert_int_equal(get_with(flags, 2), SEGMENT_BROKEN);
	assert_int_equal(get_with(line, 0x7f), SEGMENT_RECORD);
	assert_int_equal(get_with(line, 0x80), SEGMENT_BROKEN);
	memset(buf.data + SEGMENT_FRAME_LEN + line, 0, 8);
	assert_int_equal(get_with(line + 7, 1), SEGMENT_RECORD);
	assert_int_equal(get_with(line + 7, 0), SEGMENT_BROKEN);
	buf_reset(&buf);
	segment_put_source(&buf, &source);
	assert_int_equal(get_with(format_len, 7), SEGMENT_RECORD);
	assert_int_equal(get_with(format_len, 16), SEGMENT_BROKEN);
	assert_int_equal(get_with(format_len + 1, 0), SEGMENT_BROKEN);
}

static int set_up(void **state)
{
	(void)state;
	buf_init(&buf, 2 * SEGMENT_PAYLOAD_MAX);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_fini(&buf);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_source_comes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_told_lookup_comes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_count_from_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_name_that_is_not_printable_does_not_go_in,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_good_crc_does_not_excuse_a_bad_payload,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
