/* SPDX-License-Identifier: MIT */
/*
 * Builds replies for tests, good ones and broken ones. What is put after build_record() is the
 * record's rdata, and its RDLENGTH grows with it until build_end() or the next record. What
 * does not fit or is no name or address ends the test: it is the test's mistake.
 */
#ifndef TESTS_UNIT_RESOLVER_BUILD_H
#define TESTS_UNIT_RESOLVER_BUILD_H

#include "resolver/message.h"

#define BUILD_QNAME_AT 12 /* where the first question's name stands */

struct build {
	size_t len;
	size_t rdlength_at; /* of the record that is open; 0 where none is */
	uint8_t data[UINT16_MAX];
};

/* A header with QR, RD and RA, and flags (with the rcode) besides; all counts 0. */
void build_start(struct build *build, uint16_t flags);
/* The same with one question. */
void build_reply(struct build *build, uint16_t flags, const char *qname, uint16_t qtype);
void build_question(struct build *build, const char *qname, uint16_t qtype);
/* A record of class IN. An owner of NULL: its octets have been put, after build_end(). */
void build_record(struct build *build, enum section section, const char *owner, uint16_t type,
		  uint32_t ttl_s);
void build_end(struct build *build);
/* Overwrites a count of the header: 0 for questions, 1 for answers, and so on. */
void build_count(struct build *build, size_t which, uint16_t count);

void build_u8(struct build *build, uint8_t value);
void build_u16(struct build *build, uint16_t value);
void build_u32(struct build *build, uint32_t value);
void build_bytes(struct build *build, const void *bytes, size_t len);
/* Presentation form; "@12" at its end is a compression pointer to offset 12: "www.@12". */
void build_name(struct build *build, const char *text);

/* Whole records of the answer section; an address with a colon makes an AAAA. */
void build_address(struct build *build, const char *owner, uint32_t ttl_s, const char *address);
void build_alias(struct build *build, const char *owner, uint32_t ttl_s, const char *target);
void build_ns(struct build *build, const char *owner, uint32_t ttl_s, const char *target);
/* Primary ns.OWNER, mailbox hostmaster.OWNER, serial 2008040801, retry 900. */
void build_soa(struct build *build, enum section section, const char *owner, uint32_t ttl_s,
	       uint32_t minimum_s);
/* With the upper eight bits of the rcode (RFC 6891, 6.1.3). */
void build_opt(struct build *build, uint8_t rcode_high);

#endif
