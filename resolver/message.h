/* SPDX-License-Identifier: MIT */
/*
 * A DNS message, read in place: no copy, no allocation, work bounded by the message's length. A
 * broken record ends the walk and leaves what came before it (salvage); each oddity sets its
 * anomaly bit. The checks are those of RFC 9267.
 */
#ifndef RESOLVER_MESSAGE_H
#define RESOLVER_MESSAGE_H

#include "resolver/lookup.h"
#include "resolver/wire.h"

enum section {
	SECTION_ANSWER,
	SECTION_AUTHORITY,
	SECTION_ADDITIONAL
};

struct message {
	struct wire wire; /* borrows the bytes */
	uint16_t id;
	uint16_t flags;
	uint16_t counts[4]; /* question, answer, authority, additional, as the header says */
	uint32_t anomalies;
	struct name qname; /* the first question's; the root where there is none */
	uint16_t qtype;
	uint16_t qclass;
	uint32_t seen; /* records given so far */
};

struct record {
	enum section section;
	struct name owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl_s; /* out of range: 0 */
	const uint8_t *rdata;
	size_t rdata_len;
	size_t rdata_at; /* offset in the message, for names inside the rdata */
};

/* Reads header and questions. False where not even these are whole. */
bool message_open(struct message *msg, const uint8_t *data, size_t len);
/* The next record, in order. False at the end and where the rest is broken. */
bool message_next(struct message *msg, struct record *record);
/* Starts the records anew. */
void message_rewind(struct message *msg);
/*
 * Reads the name at offset at (possibly compressed), that starts in rdata. Moves *at behind it.
 * False, with the anomaly noted, where it is broken.
 */
bool message_name(struct message *msg, size_t *at, struct name *out);

#endif
