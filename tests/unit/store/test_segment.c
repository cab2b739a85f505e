/* SPDX-License-Identifier: MIT */
/* segment: what is put is got back; what is broken is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "store/segment.h"

#define NOON_US INT64_C(1207656000000000)

static const struct segment_header header = {
	.uuid = {1, 2, 3},
	.previous = {4, 5, 6},
	.collector = {7, 8, 9},
	.boot_id = {10, 11, 12},
	.sequence = UINT64_C(0x0102030405060708),
	.created_wall_us = NOON_US,
	.created_boot_us = 5,
	.vantage = "vienna 1",
};

static const struct lookup lookup = {
	.qname = (const uint8_t *)"\3a\0b\7example",
	.qtype = QTYPE_AAAA,
	.server = {.ip = {.family = 6, .bytes = {0x20, 1, 0xd, 0xb8, [15] = 1}}, .port = 5353},
	.over_tcp = true,
	.asked_wall_us = NOON_US + 1,
	.asked_boot_us = 77,
	.rtt_us = 1234,
	.msg = (const uint8_t *)"any octets \0 at all",
	.msg_len = 19,
};

static void start(struct buf *out)
{
	buf_init(out, 2 * SEGMENT_PAYLOAD_MAX);
}

/* Reads the one record in buf, which must be whole and of that type. */
static struct segment_record get_one(const struct buf *buf, enum record_type type)
{
	struct segment_record record;
	size_t used = 0;

	assert_true(buf_is_ok(buf));
	assert_int_equal(segment_get(buf->data, buf->len, &record, &used), SEGMENT_RECORD);
	assert_int_equal(used, buf->len);
	assert_int_equal(record.type, type);
	return record;
}

static void header_comes_back(void **state)
{
	struct segment_record record;
	struct buf buf;

	(void)state;
	start(&buf);
	segment_put_header(&buf, &header);
	record = get_one(&buf, RECORD_HEADER);
	assert_memory_equal(record.header.uuid, header.uuid, UUID_LEN);
	assert_memory_equal(record.header.previous, header.previous, SHA256_LEN);
	assert_memory_equal(record.header.collector, header.collector, UUID_LEN);
	assert_memory_equal(record.header.boot_id, header.boot_id, UUID_LEN);
	assert_true(record.header.sequence == header.sequence);
	assert_true(record.header.created_wall_us == NOON_US);
	assert_true(record.header.created_boot_us == 5);
	assert_string_equal(record.header.vantage, "vienna 1");
	buf_fini(&buf);
}

static void run_target_jump_and_seal_come_back(void **state)
{
	struct segment_run run = {.uuid = {42}, .started_wall_us = NOON_US, .version = "0.1.0"};
	struct segment_target target = {.name = (const uint8_t *)"\2ns\7example",
					.role = TARGET_NAMESERVER,
					.tags = "family=storm",
					.tags_len = 12};
	struct segment_jump jump = {.wall_us = NOON_US, .jumped_us = -3600000000};
	struct segment_record record;
	struct buf buf;

	(void)state;
	start(&buf);
	segment_put_run(&buf, &run);
	record = get_one(&buf, RECORD_RUN);
	assert_memory_equal(record.run.uuid, run.uuid, UUID_LEN);
	assert_true(record.run.started_wall_us == NOON_US);
	assert_string_equal(record.run.version, "0.1.0");
	buf_reset(&buf);
	segment_put_target(&buf, &target);
	record = get_one(&buf, RECORD_TARGET);
	assert_memory_equal(record.target.name, target.name, 12);
	assert_int_equal(record.target.role, TARGET_NAMESERVER);
	assert_int_equal(record.target.tags_len, 12);
	assert_memory_equal(record.target.tags, "family=storm", 12);
	buf_reset(&buf);
	segment_put_jump(&buf, &jump);
	record = get_one(&buf, RECORD_JUMP);
	assert_true(record.jump.wall_us == NOON_US);
	assert_true(record.jump.jumped_us == -3600000000);
	buf_reset(&buf);
	segment_put_seal(&buf, 70000);
	assert_true(get_one(&buf, RECORD_SEAL).seal.records == 70000);
	buf_fini(&buf);
}

static void lookup_comes_back(void **state)
{
	struct segment_record record;
	struct buf buf;

	(void)state;
	start(&buf);
	segment_put_lookup(&buf, &lookup);
	record = get_one(&buf, RECORD_LOOKUP);
	assert_memory_equal(record.lookup.qname, lookup.qname, 13);
	assert_int_equal(record.lookup.qtype, QTYPE_AAAA);
	assert_true(address_equal(&record.lookup.server.ip, &lookup.server.ip));
	assert_int_equal(record.lookup.server.port, 5353);
	assert_true(record.lookup.over_tcp);
	assert_false(record.lookup.timed_out);
	assert_true(record.lookup.asked_wall_us == NOON_US + 1);
	assert_true(record.lookup.asked_boot_us == 77);
	assert_int_equal(record.lookup.rtt_us, 1234);
	assert_int_equal(record.lookup.msg_len, 19);
	assert_memory_equal(record.lookup.msg, lookup.msg, 19);
	buf_fini(&buf);
}

static void lookups_without_octets_come_back(void **state)
{
	struct lookup silent = lookup;
	struct segment_record record;
	struct buf buf;

	(void)state;
	silent.server.ip = (struct address){.family = 4, .bytes = {192, 0, 2, 1}};
	silent.over_tcp = false;
	silent.timed_out = true;
	silent.msg = NULL;
	silent.msg_len = 0;
	start(&buf);
	segment_put_lookup(&buf, &silent);
	record = get_one(&buf, RECORD_LOOKUP);
	assert_true(record.lookup.timed_out);
	assert_false(record.lookup.over_tcp);
	assert_null(record.lookup.msg);
	assert_true(address_equal(&record.lookup.server.ip, &silent.server.ip));
	buf_reset(&buf);
	silent.timed_out = false; /* an empty datagram is an answer too */
	silent.msg = (const uint8_t *)"";
	segment_put_lookup(&buf, &silent);
	record = get_one(&buf, RECORD_LOOKUP);
	assert_false(record.lookup.timed_out);
	assert_non_null(record.lookup.msg);
	assert_int_equal(record.lookup.msg_len, 0);
	buf_fini(&buf);
}

static void the_longest_message_comes_back_and_no_longer_one_goes_in(void **state)
{
	uint8_t *msg = calloc(1, 65536);
	struct lookup long_one = lookup;
	struct buf buf;

	(void)state;
	assert_non_null(msg);
	long_one.msg = msg;
	long_one.msg_len = 65535;
	start(&buf);
	segment_put_lookup(&buf, &long_one);
	assert_int_equal(get_one(&buf, RECORD_LOOKUP).lookup.msg_len, 65535);
	long_one.msg_len = 65536;
	segment_put_lookup(&buf, &long_one);
	assert_false(buf_is_ok(&buf));
	buf_fini(&buf);
	free(msg);
}

static void nothing_goes_in_that_could_not_be_read_back(void **state)
{
	struct segment_target target = {.name = (const uint8_t *)"\1a", .tags = "a=\n"};
	struct lookup late = lookup;
	char tags[TAGS_MAX + 1];
	struct buf buf;

	(void)state;
	start(&buf);
	target.tags_len = 3;
	segment_put_target(&buf, &target);
	assert_false(buf_is_ok(&buf));
	buf_reset(&buf);
	memset(tags, 'a', sizeof(tags));
	target.tags = tags;
	target.tags_len = TAGS_MAX + 1;
	segment_put_target(&buf, &target);
	assert_false(buf_is_ok(&buf));
	buf_reset(&buf);
	target.tags_len = TAGS_MAX;
	segment_put_target(&buf, &target);
	assert_int_equal(get_one(&buf, RECORD_TARGET).target.tags_len, TAGS_MAX);
	buf_reset(&buf);
	late.asked_wall_us = -1;
	segment_put_lookup(&buf, &late);
	assert_false(buf_is_ok(&buf));
	buf_fini(&buf);
}

static void every_cut_of_a_record_is_short(void **state)
{
	struct segment_record record;
	struct buf buf;
	size_t used;

	(void)state;
	start(&buf);
	segment_put_lookup(&buf, &lookup);
	for (size_t len = 0; len < buf.len; len++)
		assert_int_equal(segment_get(buf.data, len, &record, &used), SEGMENT_SHORT);
	buf_fini(&buf);
}

static void every_flipped_bit_of_a_record_is_seen(void **state)
{
	struct segment_record record;
	struct buf buf;
	size_t used;

	(void)state;
	start(&buf);
	segment_put_lookup(&buf, &lookup);
	for (size_t bit = 0; bit < 8 * buf.len; bit++) {
		enum segment_status status;

		buf.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		status = segment_get(buf.data, buf.len, &record, &used);
		assert_true(status == SEGMENT_BROKEN || status == SEGMENT_SHORT);
		buf.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	buf_fini(&buf);
}

/* A record with a good frame around any payload. */
static enum segment_status get_crafted(uint8_t type, const char *payload, size_t len)
{
	struct segment_record record;
	enum segment_status status;
	struct buf buf;
	size_t used;

	start(&buf);
	buf_put_u32(&buf, (uint32_t)len);
	buf_put_u32(&buf, 0);
	buf_put_u8(&buf, type);
	buf_put(&buf, payload, len);
	buf_patch_u32(&buf, 4, (uint32_t)crc32(0, buf.data + 8, (uInt)len + 1));
	status = segment_get(buf.data, buf.len, &record, &used);
	buf_fini(&buf);
	return status;
}

static void a_good_crc_does_not_excuse_a_bad_payload(void **state)
{
	static const struct {
		uint8_t type;
		const char *payload;
		size_t len;
		enum segment_status status;
	} cases[] = {
		{RECORD_TARGET, "\0\1a\0\0\1x", 7, SEGMENT_RECORD},
		{RECORD_TARGET, "\3\1a\0\0\1x", 7, SEGMENT_BROKEN},    /* no such role */
		{RECORD_TARGET, "\0\1a\0\0\2x", 7, SEGMENT_BROKEN},    /* tags too short */
		{RECORD_TARGET, "\0\1a\0\0\0x", 7, SEGMENT_BROKEN},    /* an octet too many */
		{RECORD_TARGET, "\0\1a\0\0\1\x80", 7, SEGMENT_BROKEN}, /* tags not ASCII */
		{RECORD_TARGET, "\0\100a\0\0\1x", 7, SEGMENT_BROKEN},  /* label type 01 */
		{RECORD_TARGET, "\0\300\0\0\0\1x", 7, SEGMENT_BROKEN}, /* a pointer */
		{RECORD_TARGET, "\0\77a", 3, SEGMENT_BROKEN},          /* a name past the end */
		{RECORD_JUMP,
		 "\377\0\0\0\0\0\0\0"
		 "12345678",
		 16, SEGMENT_BROKEN}, /* no time */
		{RECORD_SEAL, "1234567", 7, SEGMENT_BROKEN},
		{RECORD_SEAL, "", 0, SEGMENT_BROKEN},
		{0, "", 0, SEGMENT_SKIP},
		{99, "later versions", 14, SEGMENT_SKIP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(get_crafted(cases[i].type, cases[i].payload, cases[i].len),
				 cases[i].status);
}

static void a_name_of_256_octets_is_broken(void **state)
{
	char payload[2 + 256] = {0};

	(void)state;
	for (size_t i = 0; i < 4; i++) /* four labels of 62 and their lengths: 252 octets */
		payload[1 + 63 * i] = 62;
	payload[1 + 252] = 1; /* one octet, and the root: 255 */
	assert_int_equal(get_crafted(RECORD_TARGET, payload, 1 + 255 + 2), SEGMENT_RECORD);
	payload[1 + 252] = 2;
	assert_int_equal(get_crafted(RECORD_TARGET, payload, 1 + 256 + 1), SEGMENT_BROKEN);
}

static void a_length_over_the_cap_is_broken_at_once(void **state)
{
	struct segment_record record;
	size_t used;

	(void)state;
	assert_int_equal(segment_get((const uint8_t *)"\0\5\0\1\0\0\0\0\1", 9, &record, &used),
			 SEGMENT_BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_comes_back),
		cmocka_unit_test(run_target_jump_and_seal_come_back),
		cmocka_unit_test(lookup_comes_back),
		cmocka_unit_test(lookups_without_octets_come_back),
		cmocka_unit_test(the_longest_message_comes_back_and_no_longer_one_goes_in),
		cmocka_unit_test(nothing_goes_in_that_could_not_be_read_back),
		cmocka_unit_test(every_cut_of_a_record_is_short),
		cmocka_unit_test(every_flipped_bit_of_a_record_is_seen),
		cmocka_unit_test(a_good_crc_does_not_excuse_a_bad_payload),
		cmocka_unit_test(a_name_of_256_octets_is_broken),
		cmocka_unit_test(a_length_over_the_cap_is_broken_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
