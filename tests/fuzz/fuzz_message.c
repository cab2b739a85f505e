/* SPDX-License-Identifier: MIT */
/*
 * Any octets as the reply to the question they hold, or to one for the root: the walk stays
 * within them, every name survives being written and read again, and reading them twice, over
 * whatever was there before, gives the same answer within its bounds.
 */
#include "tests/fuzz/fuzz.h"

#include "resolver/message.h"

#include <string.h>

#define RECORD_LEN_MIN 11 /* root owner, type, class, TTL, RDLENGTH */

static void name_check(const struct name *name)
{
	char text[NAME_TEXT_SIZE];
	struct error err;
	struct name again;
	size_t len = name_len(name->wire);

	MUST(len <= NAME_WIRE_MAX);
	name_to_text(text, name->wire);
	MUST(name_from_text(&again, text, &err) == FT_OK);
	MUST(name_len(again.wire) == len && memcmp(again.wire, name->wire, len) == 0);
}

static void record_check(struct message *msg, const struct record *record)
{
	struct name name;
	size_t at = record->rdata_at;

	MUST(record->rdata == msg->wire.data + record->rdata_at);
	MUST(record->rdata_at + record->rdata_len <= msg->wire.len);
	MUST(record->ttl_s <= INT32_MAX || record->type == TYPE_OPT);
	name_check(&record->owner);
	if (message_name(msg, &at, &name)) {
		MUST(at > record->rdata_at && at <= msg->wire.len);
		name_check(&name);
	}
}

static uint32_t walk(struct message *msg)
{
	struct record record;
	enum section section = SECTION_ANSWER;

	while (message_next(msg, &record)) {
		MUST(record.section >= section);
		section = record.section;
		record_check(msg, &record);
	}
	MUST(msg->seen <= msg->wire.len / RECORD_LEN_MIN);
	MUST(!message_next(msg, &record));
	return msg->seen;
}

static void answer_check(const struct answer *answer)
{
	MUST(outcome_name(answer->outcome) != NULL);
	MUST(answer->outcome != OUTCOME_TIMEOUT);
	MUST(answer->rcode <= 0xfff);
	MUST(answer->address_count <= ANSWER_ADDRESSES_MAX);
	MUST(answer->name_count <= ANSWER_NAMES_MAX);
	MUST(answer->text_count <= ANSWER_TEXTS_MAX);
	MUST(answer->text_count == 0 || answer->outcome == OUTCOME_ANSWERED);
	MUST(answer->text_count == 0 || answer->name_count == 0);
	MUST(answer->address_count == 0 || answer->outcome == OUTCOME_ANSWERED);
	MUST(answer->outcome != OUTCOME_ANSWERED || answer->has_ttl);
	MUST(answer->ttl_min_s <= answer->ttl_max_s && answer->ttl_max_s <= INT32_MAX);
	for (size_t i = 0; i < answer->name_count; i++)
		name_check(&answer->names[i]);
}

static bool answers_agree(const struct answer *a, const struct answer *b)
{
	if (memcmp(a, b, offsetof(struct answer, addresses)) != 0)
		return false;
	for (size_t i = 0; i < a->address_count; i++) {
		if (!address_equal(&a->addresses[i], &b->addresses[i]))
			return false;
	}
	for (size_t i = 0; i < a->name_count; i++) {
		if (!name_equal(a->names[i].wire, b->names[i].wire))
			return false;
	}
	for (size_t i = 0; i < a->text_count; i++) {
		if (a->texts[i].len != b->texts[i].len ||
		    memcmp(a->texts[i].octets, b->texts[i].octets, a->texts[i].len) != 0)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct answer first;
	static struct answer second;
	struct lookup lookup = {.msg = data, .msg_len = size, .qtype = QTYPE_A};
	struct message msg;

	if (size > UINT16_MAX)
		return 0;
	lookup.qname = msg.qname.wire; /* the root where the message has no question */
	if (message_open(&msg, data, size)) {
		uint32_t records = walk(&msg);

		message_rewind(&msg);
		MUST(walk(&msg) == records);
		lookup.qtype = msg.qtype;
	} else {
		msg.qname.wire[0] = 0;
	}
	answer_read(&lookup, &first);
	memset(&second, 0xa5, sizeof(second));
	answer_read(&lookup, &second);
	answer_check(&first);
	MUST(answers_agree(&first, &second));
	return 0;
}
