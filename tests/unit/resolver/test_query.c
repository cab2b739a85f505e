/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "resolver/message.h"
#include "resolver/query.h"

static void a_query_is_as_the_rfcs_write_it(void **state)
{
	static const uint8_t qname[] = "\7example\3com";
	static const uint8_t expected[] =
		"\xbe\xef\x01\x00\0\1\0\0\0\0\0\1" /* RD; a question, an additional record */
		"\7example\3com\0\0\x1c\0\1"       /* AAAA, IN */
		"\0\0\x29\x04\xd0\0\0\0\0\0";      /* OPT, 1232 octets, version 0, no options */
	uint8_t query[QUERY_SIZE];

	(void)state;
	assert_int_equal(query_build(query, 0xbeef, qname, QTYPE_AAAA), sizeof(expected));
	assert_memory_equal(query, expected, sizeof(expected));
}

static void the_longest_name_fits(void **state)
{
	struct name qname;
	uint8_t query[QUERY_SIZE];
	struct message msg;
	struct record record;

	(void)state;
	memset(qname.wire, 'a', sizeof(qname.wire));
	for (size_t at = 0; at < 254; at += 2)
		qname.wire[at] = 1;
	qname.wire[254] = 0;
	assert_int_equal(query_build(query, 1, qname.wire, QTYPE_SOA), sizeof(query));
	assert_true(message_open(&msg, query, sizeof(query)));
	assert_memory_equal(msg.qname.wire, qname.wire, sizeof(qname.wire));
	assert_int_equal(msg.qtype, QTYPE_SOA);
	assert_true(message_next(&msg, &record));
	assert_int_equal(record.type, TYPE_OPT);
	assert_false(message_next(&msg, &record));
	assert_int_equal(msg.anomalies, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_is_as_the_rfcs_write_it),
		cmocka_unit_test(the_longest_name_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
