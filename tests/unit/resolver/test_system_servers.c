/* SPDX-License-Identifier: MIT */
/* system_servers: the nameserver lines of resolv.conf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolver/resolver.h"

static void the_systems_servers_are_read(void **state)
{
	static const char TEXT[] = "# nameserver 192.0.2.9\n"
				   "search example.com\n"
				   "nameserver 192.0.2.1\n"
				   "nameserver192.0.2.8\n"
				   "nameserver fe80::1%eth0\n"
				   "nameserver\t2001:db8::53\t# second\r\n"
				   "nameserver 192.0.2.3\n";
	char path[] = "/tmp/fluxtrack-resolver.XXXXXX";
	int fd = mkstemp(path);
	struct server_address found[3];
	char text[SERVER_ADDRESS_TEXT_SIZE];
	struct error err;

	(void)state;
	assert_int_equal(write(fd, TEXT, sizeof(TEXT) - 1), sizeof(TEXT) - 1);
	assert_int_equal(resolver_read_servers(path, found, 3, &err), 3);
	server_address_to_text(text, &found[0]);
	assert_string_equal(text, "192.0.2.1:53");
	server_address_to_text(text, &found[1]);
	assert_string_equal(text, "[2001:db8::53]:53");
	assert_int_equal(resolver_read_servers(path, found, 2, &err), 2);
	assert_int_equal(ftruncate(fd, 10), 0);
	assert_int_equal(resolver_read_servers(path, found, 3, &err), 0);
	assert_non_null(strstr(err.text, "--resolver"));
	close(fd);
	unlink(path);
	assert_int_equal(resolver_read_servers(path, found, 3, &err), 0);
	assert_non_null(strstr(err.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_systems_servers_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
