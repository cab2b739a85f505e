/* SPDX-License-Identifier: MIT */
/* The three forms of a line, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "store/prefix_line.h"

static struct prefix_line line;

static const char *read_text(const char *text)
{
	static char copy[PREFIX_LINE_LONGEST + 1];

	assert_true(strlen(text) < sizeof(copy));
	memcpy(copy, text, strlen(text) + 1);
	return prefix_line_read(&line, copy);
}

/* "PREFIX PREFIX : ASN ASN DAY COUNTRY", or what is wrong. */
static void assert_reads(const char *text, const char *want)
{
	char network[ADDRESS_TEXT_SIZE];
	const char *wrong = read_text(text);
	struct buf got;

	buf_init(&got, 65536);
	for (size_t i = 0; i < line.prefix_count; i++) {
		address_to_text(network, &line.prefixes[i].network);
		buf_printf(&got, "%s/%u ", network, line.prefixes[i].length);
	}
	buf_printf(&got, ":");
	for (size_t i = 0; i < line.origin_count; i++)
		buf_printf(&got, " %u", line.origins[i]);
	buf_printf(&got, "%s%s", line.day[0] != '\0' ? " " : "", line.day);
	buf_printf(&got, "%s%s", line.country[0] != '\0' ? " " : "", line.country);
	assert_string_equal(wrong != NULL ? wrong : (char *)got.data, want);
	buf_fini(&got);
}

static void assert_bad(const char *text)
{
	if (read_text(text) == NULL)
		fail_msg("read: %s", text);
}

static void pyasn(void **state)
{
	(void)state;
	assert_reads("10.0.0.0/8\t64512", "10.0.0.0/8 : 64512");
	assert_reads("128.0.0.0/1 4294967295 2008-05-01",
		     "128.0.0.0/1 : 4294967295 2008-05-01");
	assert_reads("2001:DB8::/32  1 ", "2001:db8::/32 : 1");
	assert_reads("10.0.0.1/32\t1", "10.0.0.1/32 : 1");
	assert_reads("10.0.0.0/8\t0", "10.0.0.0/8 :");
	assert_bad("10.0.0.0/8");
	assert_bad("10.0.0.0/8 ");
	assert_bad("10.0.0.0/ 1");
	assert_bad("/8 1");
	assert_bad("10.0.0.0/33 1");
	assert_bad("10.0.0.0/-1 1");
	assert_bad("10.0.0.0/4294967304 1");
	assert_bad("10.0.0.0/18446744073709551624 1");
	assert_bad("10.0.0.0/8/8 1");
	assert_bad("10.0.0.1/31 1");
	assert_bad("::1/127 1");
	assert_bad("::/129 1");
	assert_bad("10.0.0/8 1");
	assert_bad("256.0.0.0/8 1");
	assert_bad("10.0.0.0/8 4294967296");
	assert_bad("10.0.0.0/8 99999999999999999999999");
	assert_bad("10.0.0.0/8 -1");
	assert_bad("10.0.0.0/8 AS1");
	assert_bad("10.0.0.0/8 1 2008-02-30");
	assert_bad("10.0.0.0/8 1 2008-05-01T00:00:00Z");
	assert_bad("10.0.0.0/8 1 2008-05-01 x");
}

static void caida(void **state)
{
	(void)state;
	assert_reads("1.0.0.0\t24\t13335", "1.0.0.0/24 : 13335");
	assert_reads("2001:db8::\t32\t1", "2001:db8::/32 : 1");
	assert_reads("1.0.0.0\t24\t3_1_2", "1.0.0.0/24 : 3 1 2");
	assert_reads("1.0.0.0\t24\t3,1", "1.0.0.0/24 : 3 1");
	assert_reads("1.0.0.0\t24\t{3,1}", "1.0.0.0/24 : 3 1");
	assert_reads("1.0.0.0\t24\t9_{3,1}_{4}", "1.0.0.0/24 : 9 3 1 4");
	assert_reads("1.0.0.0\t24\t0_7", "1.0.0.0/24 : 7");
	assert_bad("1.0.0.0\t24");
	assert_bad("1.0.0.0\t24\t");
	assert_bad("1.0.0.0\t33\t1");
	assert_bad("1.0.0.1\t24\t1");
	assert_bad("1.0.0.0\t24\t1\t2");
	assert_bad("1.0.0.0\t24\t_");
	assert_bad("1.0.0.0\t24\t1_");
	assert_bad("1.0.0.0\t24\t1__2");
	assert_bad("1.0.0.0\t24\t{}");
	assert_bad("1.0.0.0\t24\t{{1}}");
	assert_bad("1.0.0.0\t24\t1}2");
	assert_bad("1.0.0.0\t24\t1.2");
}

static void caida_with_many_origins(void **state)
{
	char text[PREFIX_LINE_LONGEST + 1];
	size_t len = (size_t)snprintf(text, sizeof(text), "1.0.0.0\t24\t4294967295");

	(void)state;
	for (int i = 1; i < ORIGINS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "_4294967295");
	assert_null(read_text(text));
	assert_int_equal(line.origin_count, ORIGINS_MAX);
	memcpy(text + len, "_1", 3);
	assert_bad(text);
}

static void iptoasn(void **state)
{
	(void)state;
	assert_reads("1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET - Cloudflare, Inc.",
		     "1.0.0.0/24 : 13335 US");
	assert_reads("1.0.1.0\t1.0.3.255\t1\tNone\tx", "1.0.1.0/24 1.0.2.0/23 : 1");
	assert_reads("10.0.0.1\t10.0.0.6\t1\tUS\tx",
		     "10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32 : 1 US");
	assert_reads("10.0.0.7\t10.0.0.7\t1\tUS\tx", "10.0.0.7/32 : 1 US");
	assert_reads("0.0.0.0\t127.255.255.255\t1\tUS\tx", "0.0.0.0/1 : 1 US");
	assert_reads("255.255.255.255\t255.255.255.255\t1\tUS\tx", "255.255.255.255/32 : 1 US");
	assert_reads("2001:db8::\t2001:db8:1:ffff:ffff:ffff:ffff:ffff\t1\tUS\tx",
		     "2001:db8::/47 : 1 US");
	assert_reads("0.0.0.0\t0.255.255.255\t0\tNone\tNot routed", "0.0.0.0/8 :");
	assert_bad("1.0.0.0\t1.0.0.255");
	assert_bad("1.0.0.0\t1.0.0.255\t13335");
	assert_bad("1.0.0.01.0.0.255\t13335\tUS\tx");
	assert_bad("1.0.0.255\t1.0.0.0\t1\tUS\tx");
	assert_bad("1.0.0.0\t1.0.0.256\t1\tUS\tx");
	assert_bad("1.0.0.0\t1.0.0.255.\t1\tUS\tx");
	assert_bad("1.0.0.0\t::1\t1\tUS\tx");
	assert_bad("::\t1.0.0.0\t1\tUS\tx");
	assert_bad("1.0.0.0\t1.0.0.255\t4294967296\tUS\tx");
	assert_bad("1.0.0.0\t1.0.0.255\tUS\t1\tx");
}

/* Of the country what is two letters; no word of the description in its place. */
static void iptoasn_with_odd_countries(void **state)
{
	static const char *const odd[] = {"None", "ZZ",  "zz", "us",       "Us",
					  "USA",  "US1", "U",  "U1",       "<b>",
					  "\\N",  "'",   "=1", "\xc3\x9c", "-"};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		snprintf(text, sizeof(text), "1.0.0.0\t1.0.0.255\t1\t%s\tx", odd[i]);
		assert_reads(text, "1.0.0.0/24 : 1");
	}
	assert_reads("1.0.0.0\t1.0.0.255\t1\tEU\tx", "1.0.0.0/24 : 1 EU");
	assert_reads("1.0.0.0\t1.0.0.255\t1_2\tDE\tx", "1.0.0.0/24 : 1 2 DE");
	assert_reads("1.0.0.0\t1.0.0.255\t1\t\tGO Daddy", "1.0.0.0/24 : 1");
	assert_reads("1.0.0.0 1.0.0.255 1 DE x", "1.0.0.0/24 : 1 DE");
	assert_reads("1.0.0.0/24 1 2008-05-01", "1.0.0.0/24 : 1 2008-05-01");
}

/* The range with most prefixes: all addresses but the first and the last. */
static void the_widest_range_is_in_bounds(void **state)
{
	(void)state;
	assert_null(read_text("::1\tffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe\t1\tUS\tx"));
	assert_int_equal(line.prefix_count, PREFIXES_MAX);
	assert_int_equal(line.prefixes[0].length, 128);
	assert_int_equal(line.prefixes[126].length, 2);
	assert_int_equal(line.prefixes[127].length, 2);
	assert_int_equal(line.prefixes[253].length, 128);
}

static void what_is_nothing_is_bad(void **state)
{
	(void)state;
	assert_bad("");
	assert_bad("   ");
	assert_bad("nonsense");
	assert_bad("three words here");
	assert_bad("0.0.0.0/0 7");
	assert_bad("::\t0\t7");
	assert_bad("0.0.0.0\t255.255.255.255\t7\tUS\tALL");
	assert_bad("\xff\xfe\t\x01\t\x02");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pyasn),
		cmocka_unit_test(caida),
		cmocka_unit_test(caida_with_many_origins),
		cmocka_unit_test(iptoasn),
		cmocka_unit_test(iptoasn_with_odd_countries),
		cmocka_unit_test(the_widest_range_is_in_bounds),
		cmocka_unit_test(what_is_nothing_is_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
