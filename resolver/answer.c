/* SPDX-License-Identifier: MIT */
/*
 * Reads a struct answer out of a lookup's message, in two walks: the first collects the CNAMEs,
 * which may stand anywhere in the answer section, and the extended rcode; the second takes what
 * stands at the end of the chain. It allocates nothing and clears only what the message needs.
 */
#include "resolver/lookup.h"

#include <string.h>

#include "resolver/answer_text.h"
#include "resolver/chain.h"
#include "resolver/message.h"

enum rcode { /* RFC 1035, 4.1.1 */
	RCODE_NOERROR = 0,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5,
};

#define SOA_NUMBERS_LEN 20 /* serial, refresh, retry, expire, minimum */

/* Addresses already taken, by hash: places in answer.addresses plus one, 0 for a free slot. */
#define SEEN_SLOTS_MAX (2 * ANSWER_ADDRESSES_MAX)

struct seen {
	size_t mask; /* slots in use, a power of two, less one */
	uint16_t slots[SEEN_SLOTS_MAX];
};

struct soa {
	struct name primary;
	struct name mailbox;
	uint32_t serial;
	uint32_t retry_s;
	uint32_t negative_ttl_s; /* RFC 2308, 5 */
};

struct reading {
	const struct lookup *lookup; /* borrowed */
	struct answer *out;          /* borrowed */
	struct message msg;
	size_t taken;          /* records at the chain's end of the type asked for */
	size_t names_read;     /* names in such records, kept or not */
	bool is_broken;        /* something of the answer section could not be read */
	bool has_negative_ttl; /* an SOA came in the authority section */
	uint32_t negative_ttl_s;
	struct chain chain;
	struct seen seen;
};

static void note(struct reading *reading, enum anomaly anomaly)
{
	reading->out->anomalies |= anomaly;
}

static bool rdata_soa(struct message *msg, const struct record *record, struct soa *out)
{
	size_t end = record->rdata_at + record->rdata_len;
	size_t at = record->rdata_at;
	struct wire wire;
	uint32_t minimum_s;

	if (!message_name(msg, &at, &out->primary) || !message_name(msg, &at, &out->mailbox))
		return false;
	if (at + SOA_NUMBERS_LEN != end) {
		msg->anomalies |= ANOMALY_RDATA;
		return false;
	}
	wire_init(&wire, record->rdata + record->rdata_len - SOA_NUMBERS_LEN, SOA_NUMBERS_LEN);
	out->serial = wire_u32(&wire);
	wire_skip(&wire, 4); /* refresh */
	out->retry_s = wire_u32(&wire);
	wire_skip(&wire, 4); /* expire */
	minimum_s = wire_u32(&wire);
	out->negative_ttl_s = minimum_s < record->ttl_s ? minimum_s : record->ttl_s;
	return true;
}

/* Slots for twice the records there can be, so that clearing costs as little as the answer. */
static void seen_init(struct seen *seen, size_t records)
{
	size_t slots = 16;

	while (slots < SEEN_SLOTS_MAX && slots < 2 * records)
		slots *= 2;
	seen->mask = slots - 1;
	memset(seen->slots, 0, slots * sizeof(seen->slots[0]));
}

static size_t address_hash(const struct address *address)
{
	uint64_t half[2];

	memcpy(half, address->bytes, sizeof(half));
	return (size_t)((half[0] * 3 + half[1]) * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

/*
 * The slot of address, or the free one where it would stand. An owner who forges collisions
 * makes us compare what a list without a hash would: 8 million addresses at the cap.
 */
static uint16_t *seen_slot(struct reading *reading, const struct address *address)
{
	struct seen *seen = &reading->seen;
	size_t at = address_hash(address) & seen->mask;

	while (seen->slots[at] != 0 &&
	       !address_equal(&reading->out->addresses[seen->slots[at] - 1], address))
		at = (at + 1) & seen->mask;
	return &seen->slots[at];
}

static bool address_take(struct reading *reading, const struct record *record)
{
	struct answer *out = reading->out;
	struct address address = {.family = record->type == QTYPE_A ? 4 : 6};
	uint16_t *slot;

	if (record->rdata_len != address_len(&address)) {
		note(reading, ANOMALY_RDATA);
		return false;
	}
	memcpy(address.bytes, record->rdata, record->rdata_len);
	slot = seen_slot(reading, &address);
	if (*slot != 0) {
		note(reading, ANOMALY_DUPLICATE);
	} else if (out->address_count == ANSWER_ADDRESSES_MAX) {
		note(reading, ANOMALY_CAP);
	} else {
		out->addresses[out->address_count++] = address;
		*slot = (uint16_t)out->address_count;
	}
	return true;
}

/* Those beyond the cap are not even compared, so that comparing has a bound. */
static bool name_take(struct reading *reading, const struct record *record)
{
	struct answer *out = reading->out;
	struct name *name = &out->names[out->name_count];

	if (reading->names_read == ANSWER_NAMES_MAX) {
		note(reading, ANOMALY_CAP);
		return true;
	}
	if (!message_rdata_name(&reading->msg, record, name))
		return false;
	reading->names_read++;
	for (size_t i = 0; i < out->name_count; i++) {
		if (name_equal(out->names[i].wire, name->wire)) {
			note(reading, ANOMALY_DUPLICATE);
			return true;
		}
	}
	out->name_count++;
	return true;
}

/* The first SOA is taken: a zone has one (RFC 1035, 5.2). */
static bool soa_take(struct reading *reading, const struct record *record)
{
	struct answer *out = reading->out;
	struct soa soa;

	if (!rdata_soa(&reading->msg, record, &soa))
		return false;
	if (reading->taken > 0) {
		note(reading, ANOMALY_DUPLICATE);
		return true;
	}
	out->has_soa = true;
	out->soa_serial = soa.serial;
	out->soa_retry_s = soa.retry_s;
	out->names[0] = soa.primary;
	out->names[1] = soa.mailbox;
	out->name_count = 2;
	return true;
}

/* False where the rdata is broken, with the anomaly noted. */
static bool rdata_take(struct reading *reading, const struct record *record)
{
	switch (record->type) {
	case QTYPE_A:
	case QTYPE_AAAA:
		return address_take(reading, record);
	case QTYPE_NS:
	case QTYPE_CNAME:
	case QTYPE_PTR:
		return name_take(reading, record);
	case QTYPE_TXT:
		return answer_text_take(reading->out, record);
	case QTYPE_SOA:
		return soa_take(reading, record);
	default:
		return true;
	}
}

static void ttl_take(struct reading *reading, uint32_t ttl_s)
{
	struct answer *out = reading->out;

	if (!out->has_ttl) {
		out->has_ttl = true;
		out->ttl_min_s = ttl_s;
		out->ttl_max_s = ttl_s;
		return;
	}
	if (ttl_s != out->ttl_max_s)
		note(reading, ANOMALY_TTL_DIFFERS);
	if (ttl_s < out->ttl_min_s)
		out->ttl_min_s = ttl_s;
	if (ttl_s > out->ttl_max_s)
		out->ttl_max_s = ttl_s;
}

/* DNAMEs explain the CNAMEs made from them, signatures come along: neither is foreign. */
static bool is_companion(uint16_t type)
{
	return type == QTYPE_CNAME || type == TYPE_DNAME || type == TYPE_RRSIG;
}

static void answer_take(struct reading *reading, const struct record *record)
{
	if (record->type != reading->lookup->qtype || reading->out->rcode != RCODE_NOERROR ||
	    !name_equal(record->owner.wire, reading->chain.end)) {
		if (!is_companion(record->type))
			note(reading, ANOMALY_FOREIGN);
		return;
	}
	if (!rdata_take(reading, record)) {
		reading->is_broken = true;
		return;
	}
	if (reading->msg.seen < reading->chain.end_place)
		note(reading, ANOMALY_ORDER);
	ttl_take(reading, record->ttl_s);
	reading->taken++;
}

/* The SOA that comes with a negative answer; only of a zone the name lies in. */
static void authority_take(struct reading *reading, const struct record *record)
{
	struct answer *out = reading->out;
	struct soa soa;

	if (record->type != QTYPE_SOA || out->has_soa ||
	    !name_is_under(reading->chain.end, record->owner.wire) ||
	    !rdata_soa(&reading->msg, record, &soa))
		return;
	out->has_soa = true;
	out->soa_serial = soa.serial;
	out->soa_retry_s = soa.retry_s;
	reading->has_negative_ttl = true;
	reading->negative_ttl_s = soa.negative_ttl_s;
}

/* A CNAME that leads on; one that was asked for is an answer itself. */
static bool is_link(const struct reading *reading, const struct record *record)
{
	return record->section == SECTION_ANSWER && record->type == QTYPE_CNAME &&
	       record->class == CLASS_IN && reading->lookup->qtype != QTYPE_CNAME;
}

static void walk_for_chain(struct reading *reading)
{
	struct answer *out = reading->out;
	struct message *msg = &reading->msg;
	uint16_t qtype = reading->lookup->qtype;
	struct record record;
	size_t length;

	while (message_next(msg, &record)) {
		if (is_link(reading, &record))
			chain_put(&reading->chain, msg, &record);
		else if (record.section == SECTION_ADDITIONAL && record.type == TYPE_OPT)
			out->rcode |= (uint16_t)(record.ttl_s >> 24 << 4);
	}
	length = chain_follow(&reading->chain, reading->lookup->qname, out->names);
	if (qtype == QTYPE_A || qtype == QTYPE_AAAA)
		out->name_count = length;
	out->anomalies |= reading->chain.anomalies;
	reading->is_broken = reading->chain.is_broken || msg->seen < msg->counts[1];
}

static void walk_for_records(struct reading *reading)
{
	struct record record;

	seen_init(&reading->seen, reading->msg.seen);
	message_rewind(&reading->msg);
	while (message_next(&reading->msg, &record) && record.section != SECTION_ADDITIONAL) {
		if (record.class != CLASS_IN)
			continue;
		if (record.section == SECTION_ANSWER)
			answer_take(reading, &record);
		else
			authority_take(reading, &record);
	}
}

/* Is it a reply, and to our question? A failing server may leave the question out. */
static bool is_reply(struct reading *reading)
{
	const struct lookup *lookup = reading->lookup;
	const struct message *msg = &reading->msg;
	uint16_t rcode = msg->flags & FLAG_RCODE;

	if (!(msg->flags & FLAG_QR) || (msg->flags & FLAG_OPCODE))
		return false;
	if (msg->counts[0] == 0)
		return rcode != RCODE_NOERROR && rcode != RCODE_NXDOMAIN;
	if (msg->qtype != lookup->qtype || msg->qclass != CLASS_IN ||
	    !name_equal(msg->qname.wire, lookup->qname))
		return false;
	if (memcmp(msg->qname.wire, lookup->qname, name_len(lookup->qname)) != 0)
		note(reading, ANOMALY_QUESTION_CASE);
	return true;
}

/* An answer section that we could not read to its end is no proof of NODATA. */
static enum outcome outcome_of(const struct reading *reading)
{
	switch (reading->out->rcode) {
	case RCODE_NOERROR:
		break;
	case RCODE_NXDOMAIN:
		return OUTCOME_NXDOMAIN;
	case RCODE_SERVFAIL:
		return OUTCOME_SERVFAIL;
	case RCODE_REFUSED:
		return OUTCOME_REFUSED;
	default:
		return OUTCOME_OTHER_RCODE;
	}
	if (reading->taken > 0)
		return OUTCOME_ANSWERED;
	if (reading->msg.flags & FLAG_TC)
		return OUTCOME_TRUNCATED;
	return reading->is_broken ? OUTCOME_MALFORMED : OUTCOME_NODATA;
}

static enum outcome message_read(struct reading *reading)
{
	struct answer *out = reading->out;
	struct message *msg = &reading->msg;
	bool is_whole = message_open(msg, reading->lookup->msg, reading->lookup->msg_len);
	enum outcome outcome;

	out->flags = msg->flags;
	out->rcode = msg->flags & FLAG_RCODE;
	if (!is_whole || !is_reply(reading)) {
		note(reading, ANOMALY_QUESTION);
		return OUTCOME_MALFORMED;
	}
	walk_for_chain(reading);
	walk_for_records(reading);
	outcome = outcome_of(reading);
	if (reading->has_negative_ttl &&
	    (outcome == OUTCOME_NODATA || outcome == OUTCOME_NXDOMAIN))
		ttl_take(reading, reading->negative_ttl_s);
	return outcome;
}

void answer_read(const struct lookup *lookup, struct answer *out)
{
	struct reading reading; /* 51 kB: set up member by member, never cleared */

	/* All but the addresses and names, which the counts delimit. */
	memset(out, 0, offsetof(struct answer, addresses));
	if (lookup->timed_out) {
		out->outcome = OUTCOME_TIMEOUT;
		return;
	}
	reading.lookup = lookup;
	reading.out = out;
	reading.taken = 0;
	reading.names_read = 0;
	reading.is_broken = false;
	reading.has_negative_ttl = false;
	chain_init(&reading.chain);
	out->outcome = message_read(&reading);
	out->anomalies |= reading.msg.anomalies;
}
