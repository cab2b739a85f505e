/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "resolver/address.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void server_addresses_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		const char *written;
	} good[] = {
		{"192.0.2.1", "192.0.2.1:53"},
		{"192.0.2.1:5353", "192.0.2.1:5353"},
		{"192.0.2.1:65535", "192.0.2.1:65535"},
		{"2001:db8::1", "[2001:db8::1]:53"},
		{"[2001:db8::1]", "[2001:db8::1]:53"},
		{"[2001:DB8:0::1]:1", "[2001:db8::1]:1"},
		{"::ffff:192.0.2.1", "[::ffff:192.0.2.1]:53"},
		{"[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535",
		 "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"},
	};
	char text[SERVER_ADDRESS_TEXT_SIZE];
	struct server_address server;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(server_address_parse(&server, good[i].text, &err), FT_OK);
		server_address_to_text(text, &server);
		assert_string_equal(text, good[i].written);
	}
}

static void what_is_no_server_address_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		":53",
		"192.0.2",
		"192.0.2.256",
		"192.0.2.1:",
		"192.0.2.1:0",
		"192.0.2.1:65536",
		"192.0.2.1:4294967349",
		"192.0.2.1:+53",
		"192.0.2.1: 53",
		"192.0.2.1:53x",
		"192.0.2.1 ",
		"[192.0.2.1",
		"[2001:db8::1]53",
		"[2001:db8::1]:",
		"[]:53",
		"2001:db8::1::2",
		"fe80::1%eth0",
		"ns.example.com",
		"00000000000000000000000000000000000000000000000000001",
	};
	struct server_address server;
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(server_address_parse(&server, bad[i], &err), FT_USAGE);
}

static void a_refusal_names_the_text_escaped(void **state)
{
	struct server_address server;
	struct error err;

	(void)state;
	assert_int_equal(server_address_parse(&server, "\033[2J", &err), FT_USAGE);
	assert_non_null(strstr(err.text, "\"\\027[2J\""));
}

static void addresses_of_two_families_are_never_equal(void **state)
{
	struct address v4 = {.family = 4, .bytes = {32, 1, 13, 184}};
	struct address v6 = {.family = 6, .bytes = {32, 1, 13, 184}};
	struct address other = {.family = 6, .bytes = {32, 1, 13, 184, [15] = 1}};

	(void)state;
	assert_true(address_equal(&v4, &v4));
	assert_false(address_equal(&v4, &v6));
	assert_false(address_equal(&v6, &other));
	assert_int_equal(address_len(&v4), 4);
	assert_int_equal(address_len(&v6), 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(server_addresses_are_read_and_written),
		cmocka_unit_test(what_is_no_server_address_is_refused),
		cmocka_unit_test(a_refusal_names_the_text_escaped),
		cmocka_unit_test(addresses_of_two_families_are_never_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
