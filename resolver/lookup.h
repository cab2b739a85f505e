/* SPDX-License-Identifier: MIT */
/*
 * A lookup: one question to one server at one time, with the raw message it brought, or none.
 * It is what a segment records. struct answer is what we read out of it; it can be read again
 * at any time from the record, so it is never stored itself.
 */
#ifndef RESOLVER_LOOKUP_H
#define RESOLVER_LOOKUP_H

#include "resolver/address.h"
#include "resolver/name.h"

enum qtype { /* RFC 1035, 3.2.2 and RFC 3596; the values of the wire */
	QTYPE_A = 1,
	QTYPE_NS = 2,
	QTYPE_CNAME = 5,
	QTYPE_SOA = 6,
	QTYPE_PTR = 12,
	QTYPE_TXT = 16,
	QTYPE_AAAA = 28,
};

struct lookup {
	const uint8_t *qname; /* borrowed; a name in wire form, as asked */
	uint16_t qtype;
	struct server_address server;
	bool over_tcp;
	bool timed_out;        /* then there is no message */
	int64_t asked_wall_us; /* when the question left */
	int64_t asked_boot_us;
	uint32_t rtt_us;    /* from the question to the message or to the time-out */
	const uint8_t *msg; /* borrowed, NULL where timed out; the message as it came */
	size_t msg_len;
};

/* In PostgreSQL: the enum type outcome, with the same words (outcome_name). */
enum outcome {
	OUTCOME_ANSWERED,
	OUTCOME_NODATA,
	OUTCOME_NXDOMAIN,
	OUTCOME_SERVFAIL,
	OUTCOME_REFUSED,
	OUTCOME_OTHER_RCODE,
	OUTCOME_TRUNCATED, /* TC set and nothing usable for the question within */
	OUTCOME_MALFORMED, /* no reply to the question, or nothing usable in a broken one */
	OUTCOME_TIMEOUT,
};

/* What is odd in a message; the bits of observation.anomalies. RFC 9267 numbers in brackets. */
enum anomaly {
	ANOMALY_TRUNCATED = 1 << 0,      /* TC set */
	ANOMALY_QUESTION = 1 << 1,       /* no whole question, two, or no reply to ours */
	ANOMALY_QUESTION_CASE = 1 << 2,  /* our question in other case */
	ANOMALY_COMPRESSION = 1 << 3,    /* pointer not backwards, into the header, or one too
					    many [2.1, 2.2] */
	ANOMALY_LABEL = 1 << 4,          /* label type other than 00 and 11 [2.3] */
	ANOMALY_NAME_LENGTH = 1 << 5,    /* name over 255 octets, or without its end [3, 4] */
	ANOMALY_NAME_CHARACTER = 1 << 6, /* NUL, dot or blank inside a label [4] */
	ANOMALY_RDATA = 1 << 7,          /* RDLENGTH does not fit the type or the message [5] */
	ANOMALY_COUNT = 1 << 8,          /* fewer whole records than the header counts [6] */
	ANOMALY_TRAILING = 1 << 9,       /* bytes after the last record [6] */
	ANOMALY_TTL_RANGE = 1 << 10,     /* TTL over 2^31-1, taken as 0 (RFC 2181, 8) */
	ANOMALY_TTL_DIFFERS = 1 << 11,   /* TTLs differ within the RRset (RFC 2181, 5.2) */
	ANOMALY_CHAIN = 1 << 12,         /* CNAME loop, two CNAMEs at a name, or over the cap */
	ANOMALY_ORDER = 1 << 13,         /* a record stands before the CNAME that leads to it */
	ANOMALY_FOREIGN = 1 << 14,       /* answer records that do not answer: ignored */
	ANOMALY_CAP = 1 << 15,           /* more addresses or names than we keep */
	ANOMALY_CLASS = 1 << 16,         /* a class other than IN: the record is ignored */
	ANOMALY_DUPLICATE = 1 << 17,     /* the same record twice; kept once */
};

#define ANSWER_ADDRESSES_MAX 4096
#define ANSWER_NAMES_MAX     64
#define ANSWER_TEXTS_MAX     8
#define TEXT_MAX             255

/* The strings of a TXT record, joined; any octets. What is longer is cut (ANOMALY_CAP). */
struct text {
	uint8_t len;
	uint8_t octets[TEXT_MAX];
};

/*
 * What one lookup brought, as a plain value. About 90 kB: allocate one per thread and reuse it.
 * addresses: of A or AAAA records at the end of the CNAME chain, in the order of the message.
 * names: for A and AAAA the CNAME targets in chain order; for NS the nameservers; for PTR the
 * targets; for SOA the primary nameserver and the mailbox.
 */
struct answer {
	enum outcome outcome;
	uint16_t rcode;     /* 12 bits, with EDNS's upper eight (RFC 6891, 6.1.3) */
	uint16_t flags;     /* the header's second word as it came */
	uint32_t anomalies; /* enum anomaly */
	bool has_ttl;
	uint32_t ttl_min_s; /* over the RRset asked for; on a negative answer the SOA's rule */
	uint32_t ttl_max_s; /* (RFC 2308, 5) */
	bool has_soa;
	uint32_t soa_serial; /* of an SOA in the answer or the authority section */
	uint32_t soa_retry_s;
	size_t address_count;
	size_t name_count;
	size_t text_count;
	struct address addresses[ANSWER_ADDRESSES_MAX];
	struct name names[ANSWER_NAMES_MAX];
	struct text texts[ANSWER_TEXTS_MAX]; /* of TXT records, in the order of the message */
};

const char *outcome_name(enum outcome outcome);
const char *qtype_name(uint16_t qtype); /* "A", ...; "TYPE65" in a static buffer per thread */

/* Reads all that lookup's message tells. Never fails: what is broken is an outcome. */
void answer_read(const struct lookup *lookup, struct answer *out);

/* Did the domain's owner speak: an answer, NODATA or NXDOMAIN? Only then may intervals end. */
bool outcome_is_definite(enum outcome outcome);

#endif
