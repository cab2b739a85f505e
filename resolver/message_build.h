/* SPDX-License-Identifier: MIT */
/*
 * A reply made up from what another tool says was in it: the question and records of the answer
 * and authority sections, uncompressed. It is read back by the same code as one that came from
 * a server. Never sent.
 */
#ifndef RESOLVER_MESSAGE_BUILD_H
#define RESOLVER_MESSAGE_BUILD_H

#include "base/buf.h"
#include "resolver/message.h"

#define MESSAGE_BUILD_MAX UINT16_MAX

struct message_build {
	struct buf out; /* owned: the message; its sticky failure says that it grew too long */
	uint16_t counts[3]; /* records so far, by enum section */
};

void message_build_init(struct message_build *build);
void message_build_fini(struct message_build *build);

/* Forgets what was built and starts anew, with QR and these flags (the rcode among them). */
void message_build_start(struct message_build *build, uint16_t flags, const uint8_t *qname,
			 uint16_t qtype);
/*
 * Adds a record of class IN, its rdata as tools print it (RFC 1035, 5.1): an address; a name
 * for NS, CNAME and PTR; the seven words of an SOA; strings for TXT. Records of other types are
 * left out. False, and nothing added, where text is no such rdata.
 */
bool message_build_record(struct message_build *build, const struct record *head,
			  const char *text);

#endif
