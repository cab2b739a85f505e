/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "resolver/wire.h"

static const uint8_t OCTETS[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void numbers_are_big_endian(void **state)
{
	struct wire wire;

	(void)state;
	wire_init(&wire, OCTETS, sizeof(OCTETS));
	assert_int_equal(wire_u8(&wire), 0x01);
	assert_int_equal(wire_u16(&wire), 0x0203);
	assert_int_equal(wire_u32(&wire), 0x04050607);
	assert_int_equal(wire_u64(&wire), 0x08090a0b0c0d0e0f);
	assert_int_equal(wire_left(&wire), 0);
	assert_true(wire_is_ok(&wire));
}

static void bytes_are_given_in_place(void **state)
{
	struct wire wire;

	(void)state;
	wire_init(&wire, OCTETS, sizeof(OCTETS));
	wire_skip(&wire, 3);
	assert_ptr_equal(wire_bytes(&wire, 12), OCTETS + 3);
	assert_non_null(wire_bytes(&wire, 0));
	assert_true(wire_is_ok(&wire));
}

static void the_first_octet_too_many_fails_for_good(void **state)
{
	struct wire wire;

	(void)state;
	wire_init(&wire, OCTETS, 3);
	assert_int_equal(wire_u32(&wire), 0);
	assert_false(wire_is_ok(&wire));
	assert_int_equal(wire_u8(&wire), 0); /* though three octets are left */
	assert_null(wire_bytes(&wire, 0));
	assert_int_equal(wire_u16(&wire), 0);
	assert_int_equal(wire_u64(&wire), 0);
	assert_int_equal(wire_left(&wire), 3);
}

static void a_length_near_the_end_of_memory_does_not_wrap(void **state)
{
	struct wire wire;

	(void)state;
	wire_init(&wire, OCTETS, sizeof(OCTETS));
	wire_skip(&wire, 1);
	assert_null(wire_bytes(&wire, SIZE_MAX));
	assert_false(wire_is_ok(&wire));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(bytes_are_given_in_place),
		cmocka_unit_test(the_first_octet_too_many_fails_for_good),
		cmocka_unit_test(a_length_near_the_end_of_memory_does_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
