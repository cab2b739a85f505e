/* SPDX-License-Identifier: MIT */
/* flight: which message replies to which question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "resolver/flight.h"
#include "resolver/lookup.h"
#include "resolver/message.h"

#define MANY 3000

static struct flight flight;

static struct asking *take(const char *text, uint16_t qtype)
{
	struct asking *asking;
	struct name name;
	struct error err;

	assert_int_equal(name_from_text(&name, text, &err), FT_OK);
	asking = flight_take(&flight, name.wire, qtype);
	assert_non_null(asking);
	return asking;
}

/* The query with QR set, its OPT record (11 octets) left out. */
static size_t reply_to(const struct asking *asking, uint8_t out[QUERY_SIZE])
{
	memcpy(out, asking->query, asking->query_len);
	out[2] |= FLAG_QR >> 8;
	out[11] = 0;
	return asking->query_len - 11;
}

static int clear(void **state)
{
	(void)state;
	flight_fini(&flight);
	return 0;
}

static void a_reply_finds_its_question(void **state)
{
	struct asking *a = take("a.example", QTYPE_A);
	struct asking *ns = take("a.example", QTYPE_NS);
	uint8_t reply[QUERY_SIZE];
	size_t len = reply_to(a, reply);

	(void)state;
	assert_ptr_equal(flight_match(&flight, reply, len), a);
	len = reply_to(ns, reply);
	assert_ptr_equal(flight_match(&flight, reply, len), ns);
	flight_put(&flight, ns);
	assert_null(flight_match(&flight, reply, len));
	flight_put(&flight, a);
}

static void case_does_not_matter(void **state)
{
	struct asking *asking = take("Case.Example", QTYPE_A);
	uint8_t reply[QUERY_SIZE];
	size_t len = reply_to(asking, reply);

	(void)state;
	name_lower(reply + 12);
	assert_memory_not_equal(reply + 12, asking->query + 12, 14);
	assert_ptr_equal(flight_match(&flight, reply, len), asking);
	flight_put(&flight, asking);
}

/* Any octet of id, count of questions or question changed; name, type and class are at the end.
 */
static void any_other_octet_is_another_question(void **state)
{
	static const size_t compared[] = {0, 1, 4, 5, 12, 13, 14, 15, 16, 17, 18, 19, 20};
	struct asking *asking = take("3.x", QTYPE_A);
	uint8_t reply[QUERY_SIZE];
	size_t len = reply_to(asking, reply);

	(void)state;
	assert_int_equal(len, 12 + 5 + 4);
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
		reply[compared[i]] ^= 2;
		assert_null(flight_match(&flight, reply, len));
		reply[compared[i]] ^= 2;
	}
	for (size_t cut = 0; cut < len; cut++)
		assert_null(flight_match(&flight, reply, cut));
	assert_ptr_equal(flight_match(&flight, reply, len), asking);
	flight_put(&flight, asking);
}

/* NOERROR and NXDOMAIN say something of a name, and so must say of which. */
static void a_failure_alone_needs_no_question(void **state)
{
	struct asking *asking = take("a.example", QTYPE_A);
	uint8_t reply[QUERY_SIZE];

	(void)state;
	reply_to(asking, reply);
	reply[5] = 0;
	for (uint8_t rcode = 0; rcode < 16; rcode++) {
		reply[3] = (uint8_t)(0x80 | rcode);
		assert_ptr_equal(flight_match(&flight, reply, 12),
				 rcode == 0 || rcode == 3 ? NULL : asking);
		assert_null(flight_match(&flight, reply, 11));
	}
	flight_put(&flight, asking);
}

static void no_two_in_flight_have_one_id(void **state)
{
	static struct asking *asked[MANY];
	static bool seen[UINT16_MAX + 1];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		asked[i] = take("a.example", QTYPE_A);
		assert_false(seen[asked[i]->id]);
		seen[asked[i]->id] = true;
	}
	for (size_t i = 0; i < MANY; i++)
		flight_put(&flight, asked[i]);
}

/* c-ares may have changed the ticket's id, its first two octets. */
static void a_ticket_stands_for_its_question(void **state)
{
	struct asking *asking = take("a.example", QTYPE_A);
	uint8_t ticket[TICKET_SIZE];
	uint8_t stamped[TICKET_SIZE];

	(void)state;
	memcpy(ticket, asking->ticket, TICKET_SIZE);
	ticket[0] ^= 0xff;
	assert_ptr_equal(flight_redeem(&flight, ticket), asking);
	ticket_stamp(stamped, asking);
	assert_memory_equal(stamped, ticket, 2);
	assert_true(stamped[2] & 0x80);
	assert_memory_equal(stamped + 4, ticket + 4, TICKET_SIZE - 4);
	flight_put(&flight, asking);
	assert_null(flight_redeem(&flight, ticket));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_reply_finds_its_question, clear),
		cmocka_unit_test_teardown(case_does_not_matter, clear),
		cmocka_unit_test_teardown(any_other_octet_is_another_question, clear),
		cmocka_unit_test_teardown(a_failure_alone_needs_no_question, clear),
		cmocka_unit_test_teardown(no_two_in_flight_have_one_id, clear),
		cmocka_unit_test_teardown(a_ticket_stands_for_its_question, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
