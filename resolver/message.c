/* SPDX-License-Identifier: MIT */
#include "resolver/message.h"

#include <string.h>

#define HEADER_LEN   12
#define POINTERS_MAX 127
#define TTL_MAX      INT32_MAX

#define LABEL_KIND    0xc0 /* the two bits that tell labels from pointers */
#define LABEL_POINTER 0xc0

/* Where a name stands while it is read. */
struct name_reader {
	struct wire wire;
	struct name *out;
	size_t len;        /* octets in out */
	size_t run_at;     /* where the present run of labels begins: pointers lead before it */
	size_t end;        /* behind the first pointer, where the name ends in its own place */
	unsigned pointers; /* followed so far */
	uint32_t anomalies;
};

static bool name_refuse(struct name_reader *reader, enum anomaly anomaly)
{
	reader->anomalies |= anomaly;
	return false;
}

/* Copies a label of len octets, the root label too. */
static bool label_take(struct name_reader *reader, uint8_t len)
{
	const uint8_t *label = wire_bytes(&reader->wire, len);
	uint8_t *out = reader->out->wire + reader->len;
	bool odd = false;

	if (label == NULL || reader->len + 1U + len > NAME_WIRE_MAX)
		return name_refuse(reader, ANOMALY_NAME_LENGTH);
	*out++ = len;
	for (size_t i = 0; i < len; i++) {
		odd |= label[i] == '\0' || label[i] == '.' || label[i] == ' ';
		out[i] = label[i];
	}
	if (odd)
		reader->anomalies |= ANOMALY_NAME_CHARACTER;
	reader->len += 1U + len;
	return true;
}

/* Jumps where the pointer leads. RFC 9267, 2: backwards, behind the header, not for ever. */
static bool pointer_follow(struct name_reader *reader, uint8_t high)
{
	size_t target = (size_t)(high & ~LABEL_KIND) << 8 | wire_u8(&reader->wire);

	if (!wire_is_ok(&reader->wire))
		return name_refuse(reader, ANOMALY_NAME_LENGTH);
	if (target < HEADER_LEN || target >= reader->run_at || reader->pointers == POINTERS_MAX)
		return name_refuse(reader, ANOMALY_COMPRESSION);
	if (reader->pointers++ == 0)
		reader->end = reader->wire.at;
	reader->run_at = target;
	reader->wire.at = target;
	return true;
}

/* Reads the name at wire and moves wire behind it. */
static bool name_read(struct message *msg, struct wire *wire, struct name *out)
{
	struct name_reader reader = {.wire = *wire, .out = out, .run_at = wire->at};
	bool whole;
	uint8_t first;

	do {
		first = wire_u8(&reader.wire);
		if ((first & LABEL_KIND) == LABEL_POINTER)
			whole = pointer_follow(&reader, first);
		else if ((first & LABEL_KIND) == 0)
			whole = label_take(&reader, first);
		else
			whole = name_refuse(&reader, ANOMALY_LABEL);
	} while (whole && first != 0);
	msg->anomalies |= reader.anomalies;
	wire->at = reader.pointers > 0 ? reader.end : reader.wire.at;
	return whole;
}

bool message_name(struct message *msg, size_t *at, struct name *out)
{
	struct wire wire = msg->wire;
	bool whole;

	wire.at = *at;
	whole = name_read(msg, &wire, out);
	*at = wire.at;
	return whole;
}

bool message_rdata_name(struct message *msg, const struct record *record, struct name *out)
{
	size_t at = record->rdata_at;

	if (!message_name(msg, &at, out))
		return false;
	if (at != record->rdata_at + record->rdata_len)
		msg->anomalies |= ANOMALY_RDATA;
	return at == record->rdata_at + record->rdata_len;
}

/* Reads one question; the first is kept, the others are only passed. */
static bool question_read(struct message *msg, bool is_first)
{
	struct name other;

	if (!name_read(msg, &msg->wire, is_first ? &msg->qname : &other))
		return false;
	if (!is_first) {
		wire_skip(&msg->wire, 4);
		return wire_is_ok(&msg->wire);
	}
	msg->qtype = wire_u16(&msg->wire);
	msg->qclass = wire_u16(&msg->wire);
	return wire_is_ok(&msg->wire);
}

static void header_read(struct message *msg, const uint8_t *data, size_t len)
{
	wire_init(&msg->wire, data, len);
	msg->id = wire_u16(&msg->wire);
	msg->flags = wire_u16(&msg->wire);
	for (int i = 0; i < 4; i++)
		msg->counts[i] = wire_u16(&msg->wire);
	msg->anomalies = msg->flags & FLAG_TC ? ANOMALY_TRUNCATED : 0;
	if (msg->counts[0] != 1)
		msg->anomalies |= ANOMALY_QUESTION;
	msg->qname.wire[0] = 0;
	msg->qtype = 0;
	msg->qclass = 0;
	msg->seen = 0;
}

bool message_open(struct message *msg, const uint8_t *data, size_t len)
{
	header_read(msg, data, len);
	if (!wire_is_ok(&msg->wire))
		return false;
	for (unsigned i = 0; i < msg->counts[0]; i++) {
		if (!question_read(msg, i == 0))
			return false;
	}
	msg->records_at = msg->wire.at;
	return true;
}

void message_rewind(struct message *msg)
{
	msg->wire.at = msg->records_at;
	msg->wire.failed = false;
	msg->seen = 0;
}

static enum section section_of(const struct message *msg, uint32_t place)
{
	uint32_t authority_at = msg->counts[1];
	uint32_t additional_at = authority_at + msg->counts[2];

	if (place < authority_at)
		return SECTION_ANSWER;
	return place < additional_at ? SECTION_AUTHORITY : SECTION_ADDITIONAL;
}

static void record_judge(struct message *msg, struct record *record)
{
	if (record->type == TYPE_OPT)
		return;
	if (record->class != CLASS_IN)
		msg->anomalies |= ANOMALY_CLASS;
	if (record->ttl_s > TTL_MAX) {
		record->ttl_s = 0;
		msg->anomalies |= ANOMALY_TTL_RANGE;
	}
}

static bool record_read(struct message *msg, struct record *record)
{
	struct wire *wire = &msg->wire;

	if (!name_read(msg, wire, &record->owner))
		return false;
	record->type = wire_u16(wire);
	record->class = wire_u16(wire);
	record->ttl_s = wire_u32(wire);
	record->rdata_len = wire_u16(wire);
	if (!wire_is_ok(wire))
		return false;
	record->rdata_at = wire->at;
	record->rdata = wire_bytes(wire, record->rdata_len);
	if (record->rdata == NULL)
		msg->anomalies |= ANOMALY_RDATA;
	return record->rdata != NULL;
}

bool message_next(struct message *msg, struct record *record)
{
	uint32_t total = (uint32_t)msg->counts[1] + msg->counts[2] + msg->counts[3];

	if (msg->seen == total) {
		if (wire_left(&msg->wire) > 0)
			msg->anomalies |= ANOMALY_TRAILING;
		return false;
	}
	if (!wire_is_ok(&msg->wire) || wire_left(&msg->wire) == 0 ||
	    !record_read(msg, record)) {
		msg->anomalies |= ANOMALY_COUNT;
		msg->wire.failed = true; /* the rest has no known beginning */
		return false;
	}
	record_judge(msg, record);
	record->section = section_of(msg, msg->seen);
	msg->seen++;
	return true;
}
