/* SPDX-License-Identifier: MIT */
/* store/copy: octet by octet, as PostgreSQL's manual of COPY and its *recv functions want them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "store/copy.h"

static struct buf out;

static int setup(void **state)
{
	(void)state;
	buf_init(&out, 1024);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_fini(&out);
	return 0;
}

/* bytes is a literal: its closing NUL does not count. */
#define assert_written(bytes)                                                                  \
	do {                                                                                   \
		assert_int_equal(out.len, sizeof(bytes) - 1);                                  \
		assert_memory_equal(out.data, bytes, sizeof(bytes) - 1);                       \
	} while (0)

static void a_file_has_signature_and_trailer(void **state)
{
	(void)state;
	copy_start(&out);
	copy_row(&out, 258);
	copy_end(&out);
	assert_written("PGCOPY\n\xff\r\n\0"
		       "\0\0\0\0\0\0\0\0"
		       "\1\2"
		       "\xff\xff");
}

static void numbers_are_big_endian_behind_their_length(void **state)
{
	(void)state;
	copy_int2(&out, -2);
	copy_int4(&out, INT32_MIN);
	copy_int8(&out, 258);
	copy_bool(&out, true);
	copy_null(&out);
	assert_written("\0\0\0\2\xff\xfe"
		       "\0\0\0\4\x80\0\0\0"
		       "\0\0\0\10\0\0\0\0\0\0\1\2"
		       "\0\0\0\1\1"
		       "\xff\xff\xff\xff");
}

static void times_count_microseconds_from_the_year_2000(void **state)
{
	(void)state;
	copy_time(&out, INT64_C(946684800000001));
	copy_time(&out, INT64_C(946684799999999));
	copy_interval(&out, -1);
	assert_written("\0\0\0\10\0\0\0\0\0\0\0\1"
		       "\0\0\0\10\xff\xff\xff\xff\xff\xff\xff\xff"
		       "\0\0\0\20\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0");
}

static void addresses_are_an_array_of_inet(void **state)
{
	const struct address addresses[] = {
		{.family = 4, .bytes = {192, 0, 2, 1}},
		{.family = 6, .bytes = {0x20, 1, 0xd, 0xb8, [15] = 9}},
	};

	(void)state;
	copy_inet_array(&out, addresses, 2);
	assert_written("\0\0\0\70" /* 5 * 4, then 4 + 8 and 4 + 20 */
		       "\0\0\0\1\0\0\0\0\0\0\3\145"
		       "\0\0\0\2\0\0\0\1"
		       "\0\0\0\10\2\40\0\4\300\0\2\1"
		       "\0\0\0\24\3\200\0\20\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\11");
}

static void an_empty_array_has_no_dimension(void **state)
{
	(void)state;
	copy_inet_array(&out, NULL, 0);
	assert_written("\0\0\0\14\0\0\0\0\0\0\0\0\0\0\3\145");
}

static void names_are_an_array_of_text(void **state)
{
	size_t length_at;

	(void)state;
	copy_text_array_start(&out, 2, &length_at);
	copy_text(&out, "a", 1);
	copy_text(&out, "", 0);
	copy_text_array_end(&out, length_at);
	assert_written("\0\0\0\35"
		       "\0\0\0\1\0\0\0\0\0\0\0\31"
		       "\0\0\0\2\0\0\0\1"
		       "\0\0\0\1a"
		       "\0\0\0\0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_has_signature_and_trailer, setup,
						teardown),
		cmocka_unit_test_setup_teardown(numbers_are_big_endian_behind_their_length,
						setup, teardown),
		cmocka_unit_test_setup_teardown(times_count_microseconds_from_the_year_2000,
						setup, teardown),
		cmocka_unit_test_setup_teardown(addresses_are_an_array_of_inet, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_empty_array_has_no_dimension, setup,
						teardown),
		cmocka_unit_test_setup_teardown(names_are_an_array_of_text, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
