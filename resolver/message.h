/* SPDX-License-Identifier: MIT */
/*
 * A DNS message, read in place: no copy, no allocation, work bounded by the message's length. A
 * broken record ends the walk and leaves what came before it (salvage); each oddity sets its
 * anomaly bit. The checks are those of RFC 9267.
 *
 * A compression pointer must lead backwards, before the run of labels it ends, and a name may
 * hold at most 127 of them, one for each label it has room for. So a name costs at most 255
 * octets and 127 jumps however many pointers are strung together, and a record at least 11
 * octets of message: the whole walk stays linear.
 */
#ifndef RESOLVER_MESSAGE_H
#define RESOLVER_MESSAGE_H

#include "resolver/lookup.h"
#include "resolver/wire.h"

#define CLASS_IN   1
#define TYPE_DNAME 39
#define TYPE_OPT   41 /* a pseudo-record: its class and TTL mean other things (RFC 6891) */
#define TYPE_RRSIG 46

#define FLAG_QR     0x8000
#define FLAG_OPCODE 0x7800
#define FLAG_TC     0x0200
#define FLAG_RCODE  0x000f

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
	size_t records_at; /* offset behind the questions */
	uint32_t seen;     /* records given so far */
};

struct record {
	enum section section;
	struct name owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl_s;       /* out of range: 0; as it came in an OPT */
	const uint8_t *rdata; /* borrowed from the message */
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
/* The same for an rdata that is one name and nothing else. */
bool message_rdata_name(struct message *msg, const struct record *record, struct name *out);

#endif
