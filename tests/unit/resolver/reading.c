/* SPDX-License-Identifier: MIT */
#include "tests/unit/resolver/reading.h"

#include <string.h>

struct build build;
struct answer answer;

enum outcome read_bytes(const uint8_t *bytes, size_t len, uint16_t qtype)
{
	static const uint8_t qname[] = "\3www\7example\3com";
	const struct lookup lookup = {
		.qname = qname,
		.qtype = qtype,
		.msg = bytes,
		.msg_len = len,
	};

	answer_read(&lookup, &answer);
	return answer.outcome;
}

enum outcome read_built(uint16_t qtype)
{
	memset(&answer, 0xa5, sizeof(answer)); /* what was in it must not matter */
	return read_bytes(build.data, build.len, qtype);
}

void assert_address(size_t which, const char *expected)
{
	char text[ADDRESS_TEXT_SIZE];

	assert_true(which < answer.address_count);
	address_to_text(text, &answer.addresses[which]);
	assert_string_equal(text, expected);
}

void assert_name(size_t which, const char *expected)
{
	char text[NAME_TEXT_SIZE];

	assert_true(which < answer.name_count);
	name_to_text(text, answer.names[which].wire);
	assert_string_equal(text, expected);
}

void assert_ttl(uint32_t min_s, uint32_t max_s)
{
	assert_true(answer.has_ttl);
	assert_int_equal(answer.ttl_min_s, min_s);
	assert_int_equal(answer.ttl_max_s, max_s);
}
