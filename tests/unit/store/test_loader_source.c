/* SPDX-License-Identifier: MIT */
/* What was told from another's file becomes rows that say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "index_home.h"
#include "store/loader.h"
#include "store/loader_source.h"
#include "tests/unit/resolver/build.h"

#define NOON_US INT64_C(1207656000000000) /* 2008-04-08T12:00:00Z */

static struct build build;

static const struct segment_source source = {
	.uuid = {9, 9}, .sha256 = {0xab, 0xcd}, .format = "massdns", .name = "a.json"};

/* A lookup of qname that got build for an answer. */
static void put_told(struct buf *out, const char *qname, uint64_t line, bool has_ttl)
{
	struct error err = {0};
	struct name name;
	struct segment_told told = {
		.line = line,
		.has_ttl = has_ttl,
		.lookup = {.qname = name.wire,
			   .qtype = QTYPE_A,
			   .server = {.ip = {.family = 4}},
			   .asked_wall_us = NOON_US,
			   .msg = build.data,
			   .msg_len = build.len},
	};

	memcpy(told.source, source.uuid, UUID_LEN);
	assert_int_equal(name_from_text(&name, qname, &err), FT_OK);
	segment_put_told(out, &told);
}

static struct loader_totals load(void)
{
	struct loader_totals totals = {0};
	struct error err = {0};

	if (loader_load_spool(&index_db, index_home, &totals, &err) != FT_OK)
		fail_msg("%s", err.text);
	return totals;
}

static void assert_value(const char *sql, const char *want)
{
	assert_string_equal(index_value(&index_db, sql), want);
}

static void rows_say_who_told_them(void **state)
{
	struct buf out;

	(void)state;
	segment_begin(&out, 1);
	segment_put_source(&out, &source);
	build_reply(&build, 0, "www.shop.example", QTYPE_A);
	build_alias(&build, "@12", 60, "shop.between.example");
	build_alias(&build, "shop.between.example", 60, "E12.Edge.CDN.co.uk");
	build_address(&build, "e12.edge.cdn.co.uk", 60, "192.0.2.1");
	put_told(&out, "www.shop.example", 7, true);
	put_told(&out, "www.shop.example", 8, false);
	segment_add_lookups(&out, 0, 1);
	segment_write(&out, 1, 6);
	assert_int_equal(load().rows, 3);
	assert_value(
		"select string_agg(format('%s %s %s %s', source_line, coalesce(ttl::text, "
		"'-'), "
		"addresses, chain_zone), ' | ' order by source_line) from observation o join "
		"source s on s.id = o.source_id where s.name = 'a.json' and s.format = "
		"'massdns' and s.sha256 = decode(rpad('abcd', 64, '0'), 'hex')",
		"7 60 {192.0.2.1} cdn.co.uk | 8 - {192.0.2.1} cdn.co.uk");
	assert_value(
		"select count(*) from observation where source_id is null and source_line is "
		"null and chain_zone is null and ttl = 300",
		"1");
	assert_value("select registered from domain where name = 'www.shop.example'",
		     "shop.example");
}

static void a_source_of_two_segments_is_one(void **state)
{
	struct buf out;
	char told[SOURCE_TOLD_SIZE];
	struct error err = {0};
	uint64_t line;

	(void)state;
	for (unsigned i = 1; i <= 2; i++) {
		segment_begin(&out, i);
		for (unsigned again = 0; again <= LOADER_SOURCES_MAX; again++)
			segment_put_source(&out, &source);
		build_reply(&build, 0, "x.example", QTYPE_A);
		put_told(&out, "x.example", i, true);
		segment_write(&out, i, 4 + LOADER_SOURCES_MAX);
	}
	assert_int_equal(loader_source_told(&index_db, source.sha256, told, &err), FT_OK);
	assert_string_equal(told, "");
	assert_int_equal(loader_source_line(&index_db, source.sha256, &line, &err), FT_OK);
	assert_int_equal(line, 0);
	assert_int_equal(load().rows, 2);
	assert_value("select count(*) from source", "1");
	assert_value("select count(distinct source_id) from observation", "1");
	assert_int_equal(loader_source_told(&index_db, source.sha256, told, &err), FT_OK);
	assert_non_null(strstr(told, "Z as a.json"));
	assert_int_equal(loader_source_line(&index_db, source.sha256, &line, &err), FT_OK);
	assert_int_equal(line, 2);
}

static void what_nobody_told_is_broken(void **state)
{
	struct buf out;

	(void)state;
	segment_begin(&out, 1);
	build_reply(&build, 0, "x.example", QTYPE_A);
	put_told(&out, "x.example", 1, true);
	segment_write(&out, 1, 3);
	assert_int_equal(load().broken, 1);
	assert_value("select count(*) from observation", "0");
	assert_value("select count(*) from segment", "0");
}

/* A segment from another machine must not pass its rows off as told by a file of ours. */
static void a_known_uuid_with_another_hash_is_broken(void **state)
{
	struct segment_source other = source;
	struct buf out;

	(void)state;
	other.sha256[0] ^= 1;
	for (unsigned i = 1; i <= 2; i++) {
		segment_begin(&out, i);
		segment_put_source(&out, i == 1 ? &source : &other);
		build_reply(&build, 0, "x.example", QTYPE_A);
		put_told(&out, "x.example", i, true);
		segment_write(&out, i, 4);
	}
	assert_int_equal(load().broken, 1);
	assert_value("select count(*) from observation", "1");
	assert_value("select count(*) from source", "1");
}

static void too_many_sources_are_broken(void **state)
{
	struct segment_source other = source;
	struct buf out;

	(void)state;
	segment_begin(&out, 1);
	for (unsigned i = 0; i <= LOADER_SOURCES_MAX; i++) {
		other.uuid[5] = (uint8_t)i;
		segment_put_source(&out, &other);
	}
	segment_write(&out, 1, 3 + LOADER_SOURCES_MAX);
	assert_int_equal(load().broken, 1);
}

/* Of a name that was known before its registrable name was told, the next segment tells it. */
static void a_known_name_gets_its_registrable_name(void **state)
{
	(void)state;
	make_segment(1, 1, 1);
	load();
	assert_value(
		"with u as (update domain set registered = null returning 1) select count(*) "
		"from u",
		"1");
	make_segment(2, 1, 1);
	load();
	assert_value("select registered || ' ' || role from domain",
		     "name1.example nameserver");
}

/* Loads one PTR answer; gives what its row says of the line. */
static const char *line_of(const char *qname, const char *target)
{
	struct error err = {0};
	struct name name;
	struct lookup lookup = {.qname = name.wire,
				.qtype = QTYPE_PTR,
				.server = {.ip = {.family = 4}},
				.asked_wall_us = NOON_US};
	struct buf out;

	index_reset();
	assert_int_equal(name_from_text(&name, qname, &err), FT_OK);
	build_reply(&build, 0, qname, QTYPE_PTR);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_PTR, 60);
	build_name(&build, target);
	lookup.msg = build.data;
	lookup.msg_len = build.len;
	segment_begin(&out, 1);
	segment_put_lookup(&out, &lookup);
	segment_write(&out, 1, 3);
	assert_int_equal(load().rows, 1);
	return index_value(&index_db,
			   "select coalesce(is_dynamic::text, 'null') from observation");
}

static void names_of_addresses_tell_the_line(void **state)
{
	(void)state;
	assert_string_equal(line_of("52.18.10.91.in-addr.arpa", "P5B0A1234.example"), "true");
	assert_string_equal(line_of("53.18.10.91.in-addr.arpa", "p5b0a1234.example"), "null");
	assert_string_equal(line_of("52.18.10.91.in-addr.arpa", "MX1.example"), "false");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(rows_say_who_told_them, index_reset_test),
		cmocka_unit_test_setup(a_source_of_two_segments_is_one, index_reset_test),
		cmocka_unit_test_setup(what_nobody_told_is_broken, index_reset_test),
		cmocka_unit_test_setup(a_known_uuid_with_another_hash_is_broken,
				       index_reset_test),
		cmocka_unit_test_setup(too_many_sources_are_broken, index_reset_test),
		cmocka_unit_test_setup(a_known_name_gets_its_registrable_name,
				       index_reset_test),
		cmocka_unit_test_setup(names_of_addresses_tell_the_line, index_reset_test),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
