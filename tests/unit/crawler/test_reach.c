/* SPDX-License-Identifier: MIT */
/* crawler/reach: either side of each special range, and what an exception lets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

#include "crawler/reach.h"

static struct error err;

static struct address address_of(const char *text)
{
	struct address address = {.family = strchr(text, ':') != NULL ? 6 : 4};

	assert_int_equal(
		inet_pton(address.family == 6 ? AF_INET6 : AF_INET, text, address.bytes), 1);
	return address;
}

static void assert_held(const struct reach *reach, const char *text, bool held)
{
	struct address address = address_of(text);

	if (reach_holds(reach, &address) != held)
		fail_msg("%s is %s", text, held ? "vetoed" : "not vetoed");
}

/* The first and last of each range, with what lies before and behind it: "" where that is none,
 * or is special too. */
static void special_addresses_are_vetoed(void **state)
{
	static const char *const ranges[][4] = {
		{"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
		{"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
		{"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
		{"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
		{"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
		{"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
		{"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
		{"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
		{"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
		{"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},
		{"", "::", "::ffff:ffff", "::1:0:0"},
		{"::fffe:ffff:ffff", "::ffff:0:0", "::ffff:255.255.255.255", "::1:0:0:0"},
		{"64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff",
		 "64:ff9b::", "64:ff9b::255.255.255.255", "64:ff9b::1:0:0"},
		{"64:ff9b:0:ffff:ffff:ffff:ffff:ffff",
		 "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::"},
		{"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
		{"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"},
		{"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
		{"", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
		{"", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
	};
	const struct reach reach = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		for (size_t j = 0; j < 4; j++) {
			if (ranges[i][j][0] != '\0')
				assert_held(&reach, ranges[i][j], j == 0 || j == 3);
		}
	}
}

static void others_are_not(void **state)
{
	const struct reach reach = {0};

	(void)state;
	assert_held(&reach, "8.8.8.8", true);
	assert_held(&reach, "203.0.113.1", true);
	assert_held(&reach, "2a00:1450::1", true);
	/* No family has the octets of another's range. */
	assert_held(&reach, "a00:1::", true);
}

static void an_exception_lets_its_prefix_through(void **state)
{
	struct reach reach = {0};

	(void)state;
	assert_int_equal(reach_allow(&reach, "127.76.0.0/15", &err), FT_OK);
	assert_int_equal(reach_allow(&reach, "10.1.2.3", &err), FT_OK);
	assert_int_equal(reach_allow(&reach, "fd00::/8", &err), FT_OK);
	assert_int_equal(reach_allow(&reach, "::1", &err), FT_OK);
	assert_held(&reach, "127.75.255.255", false);
	assert_held(&reach, "127.76.0.0", true);
	assert_held(&reach, "127.77.255.255", true);
	assert_held(&reach, "127.78.0.0", false);
	assert_held(&reach, "10.1.2.3", true);
	assert_held(&reach, "10.1.2.2", false);
	assert_held(&reach, "fd12::1", true);
	assert_held(&reach, "fc12::1", false);
	assert_held(&reach, "::1", true);
	assert_held(&reach, "::2", false);
	assert_held(&reach, "8.8.8.8", true);
}

static void everything_may_be_allowed(void **state)
{
	struct reach reach = {0};

	(void)state;
	assert_int_equal(reach_allow(&reach, "0.0.0.0/0", &err), FT_OK);
	assert_held(&reach, "192.168.1.1", true);
	assert_held(&reach, "::1", false);
}

static void what_is_no_prefix_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"/",
		"/8",
		"127.0.0.0/",
		"0.0.0.0/",
		"127.0.0.0/33",
		"fd00::/129",
		"10/8",
		"10.0.0.0/8x",
		"10.0.0.0/-8",
		"10.0.0.0/ 8",
		"10.0.0.1/8",
		"host",
		"10.0.0.0 ",
		"127.0.0.1:80",
		"fd00::1/127",
		"10.0.0.0/99999999999999999999",
		"10.0.0.0/8/8",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc/8",
	};
	struct reach reach = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (reach_allow(&reach, texts[i], &err) != FT_USAGE)
			fail_msg("\"%s\" is taken", texts[i]);
	}
	assert_int_equal(reach.count, 0);
	assert_int_equal(reach_allow(&reach, "\033[31m", &err), FT_USAGE);
	assert_string_equal(err.text, "\"\\027[31m\" is no address or prefix");
}

static void so_many_and_no_more(void **state)
{
	struct reach reach = {0};

	(void)state;
	for (int i = 0; i < REACH_EXCEPTIONS_MAX; i++)
		assert_int_equal(reach_allow(&reach, "127.0.0.1", &err), FT_OK);
	assert_int_equal(reach_allow(&reach, "127.0.0.1", &err), FT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(special_addresses_are_vetoed),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(an_exception_lets_its_prefix_through),
		cmocka_unit_test(everything_may_be_allowed),
		cmocka_unit_test(what_is_no_prefix_is_refused),
		cmocka_unit_test(so_many_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
