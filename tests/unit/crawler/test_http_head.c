/* SPDX-License-Identifier: MIT */
/* crawler/http_head: which lines are a header of that name, whatever their octets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crawler/http_head.h"

#define STATUS "HTTP/1.1 200 OK\r\n"

/* All values of a header, joined by "|". */
static const char *values(const char *head, const char *name)
{
	static char joined[200];
	struct head_piece rest = {head, strlen(head)};
	struct head_piece value;
	size_t len = 0;

	joined[0] = '\0';
	while (head_next_value(&rest, name, &value))
		len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%.*s|",
					(int)value.len, value.at);
	return joined;
}

static void a_header_is_found_by_its_name(void **state)
{
	static const char head[] = STATUS "ETag: \"a b\"\r\nSERVER:nginx \t\r\n"
					  "X-Server: no\r\nServer : no\r\nserver:\t\r\n"
					  "Server: last\n\r\n";

	(void)state;
	assert_string_equal(values(head, "etag"), "\"a b\"|");
	assert_string_equal(values(head, "Server"), "nginx||last|");
	assert_string_equal(values(head, "Location"), "");
	assert_string_equal(values(head, "HTTP/1.1 200 OK"), "");
}

static void a_folded_line_is_none(void **state)
{
	(void)state;
	assert_string_equal(values(STATUS "X: a\r\n Server: b\r\n\tServer: c\r\n", "Server"),
			    "");
	assert_string_equal(values(STATUS "X: a\r\n b\r\n", "X"), "a|");
}

static void the_end_may_be_anywhere(void **state)
{
	static const char head[] = STATUS "Server: some\r\n\r\n";

	(void)state;
	for (size_t len = 0; len < sizeof(head); len++) {
		struct head_piece rest = {head, len};
		struct head_piece value;
		size_t at = strlen(STATUS "Server:");

		assert_int_equal(head_next_value(&rest, "Server", &value), len >= at);
		if (len >= at)
			assert_true(value.at + value.len <= head + len);
		assert_int_equal(rest.len, len > at + 7 ? len - at - 7 : 0);
	}
}

static bool differ(const char *head)
{
	return head_lengths_differ((struct head_piece){head, strlen(head)});
}

static void lengths_that_differ_are_seen(void **state)
{
	(void)state;
	assert_false(differ(STATUS));
	assert_false(differ(STATUS "Content-Length: 5\r\n"));
	assert_false(differ(STATUS "Content-Length: 5\r\ncontent-length:5 \r\n"));
	assert_true(differ(STATUS "Content-Length: 5\r\nContent-Length: 50\r\n"));
	assert_true(differ(STATUS "Content-Length: 5\r\nContent-Length: 6\r\n"));
	assert_true(differ(STATUS "Content-Length: 5\r\nContent-Length: 5\r\n"
				  "Content-Length:\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_found_by_its_name),
		cmocka_unit_test(a_folded_line_is_none),
		cmocka_unit_test(the_end_may_be_anywhere),
		cmocka_unit_test(lengths_that_differ_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
