/* SPDX-License-Identifier: MIT */
/* One message and what is read out of it, for the tests of answers. */
#ifndef TESTS_UNIT_RESOLVER_READING_H
#define TESTS_UNIT_RESOLVER_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/unit/resolver/build.h"

#define QNAME "www.example.com"

enum { /* rcodes, RFC 1035, 4.1.1 */
	FORMERR = 1,
	SERVFAIL = 2,
	NXDOMAIN = 3,
	NOTIMP = 4,
	REFUSED = 5,
};

extern struct build build;
extern struct answer answer;

/* Reads a message as the reply to QNAME's qtype, into answer. */
enum outcome read_bytes(const uint8_t *bytes, size_t len, uint16_t qtype);
/* Reads build, with garbage in answer before. */
enum outcome read_built(uint16_t qtype);

void assert_address(size_t which, const char *expected);
void assert_name(size_t which, const char *expected);
void assert_ttl(uint32_t min_s, uint32_t max_s);

#endif
