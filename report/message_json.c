/* SPDX-License-Identifier: MIT */
#include "report/message_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "resolver/message.h"

#define SOA_NUMBERS 5 /* serial, refresh, retry, expire, minimum */

static const char hex_digits[] = "0123456789abcdef";

json_t *hex_json(const uint8_t *bytes, size_t len)
{
	char *text = malloc(2 * len + 1);
	json_t *json;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = hex_digits[bytes[i] >> 4];
		text[2 * i + 1] = hex_digits[bytes[i] & 15];
	}
	json = json_stringn(text, 2 * len);
	free(text);
	return json;
}

json_t *uuid_json(const uint8_t uuid[UUID_LEN])
{
	json_t *hex = hex_json(uuid, UUID_LEN);
	const char *digits = json_string_value(hex);
	json_t *json = digits != NULL
			       ? json_sprintf("%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8,
					      digits + 12, digits + 16, digits + 20)
			       : NULL;

	json_decref(hex);
	return json;
}

void name_to_lower_text(char out[NAME_TEXT_SIZE], const uint8_t *wire)
{
	struct name name;

	memcpy(name.wire, wire, name_len(wire));
	name_lower(name.wire);
	name_to_text(out, name.wire);
}

static json_t *name_json(const uint8_t *wire)
{
	char text[NAME_TEXT_SIZE];

	name_to_text(text, wire);
	return json_string(text);
}

static json_t *address_json(const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	address_to_text(text, address);
	return json_string(text);
}

/* The two names and the numbers of an SOA; NULL where it is broken. */
static json_t *soa_json(struct message *msg, const struct record *record)
{
	char primary[NAME_TEXT_SIZE], mailbox[NAME_TEXT_SIZE];
	size_t at = record->rdata_at;
	uint32_t numbers[SOA_NUMBERS];
	struct name name;
	struct wire wire;

	if (!message_name(msg, &at, &name))
		return NULL;
	name_to_text(primary, name.wire);
	if (!message_name(msg, &at, &name))
		return NULL;
	name_to_text(mailbox, name.wire);
	if (at + 4 * SOA_NUMBERS != record->rdata_at + record->rdata_len)
		return NULL;
	wire_init(&wire, record->rdata + record->rdata_len - 4 * SOA_NUMBERS, 4 * SOA_NUMBERS);
	for (size_t i = 0; i < SOA_NUMBERS; i++)
		numbers[i] = wire_u32(&wire);
	return json_sprintf("%s %s %u %u %u %u %u", primary, mailbox, numbers[0], numbers[1],
			    numbers[2], numbers[3], numbers[4]);
}

/* The strings of a TXT, each in quotes; NULL where it is broken. */
static json_t *strings_json(const struct record *record)
{
	char text[ESCAPE_MAX(UINT8_MAX)];
	struct buf out;
	struct wire wire;
	json_t *json = NULL;

	buf_init(&out, 8 * (record->rdata_len + 1));
	wire_init(&wire, record->rdata, record->rdata_len);
	while (wire_is_ok(&wire) && wire_left(&wire) > 0) {
		size_t len = wire_u8(&wire);
		const uint8_t *string = wire_bytes(&wire, len);

		if (string == NULL)
			break;
		escape_text(text, sizeof(text), string, len);
		buf_printf(&out, "%s\"%s\"", out.len > 0 ? " " : "", text);
	}
	if (wire_is_ok(&wire) && buf_is_ok(&out) && out.len > 0)
		json = json_stringn((const char *)out.data, out.len);
	buf_fini(&out);
	return json;
}

/* The rdata in the words of its type; NULL where it is of another, or broken. */
static json_t *known_data_json(struct message *msg, const struct record *record)
{
	struct address address = {.family = record->type == QTYPE_A ? 4 : 6};
	struct name name;

	switch (record->type) {
	case QTYPE_A:
	case QTYPE_AAAA:
		if (record->rdata_len != address_len(&address))
			return NULL;
		memcpy(address.bytes, record->rdata, record->rdata_len);
		return address_json(&address);
	case QTYPE_NS:
	case QTYPE_CNAME:
	case QTYPE_PTR:
		return message_rdata_name(msg, record, &name) ? name_json(name.wire) : NULL;
	case QTYPE_SOA:
		return soa_json(msg, record);
	case QTYPE_TXT:
		return strings_json(record);
	default:
		return NULL;
	}
}

/* What we have no words for is octets (RFC 3597, 5). */
static json_t *data_json(struct message *msg, const struct record *record)
{
	json_t *known = known_data_json(msg, record);
	json_t *hex, *json;

	if (known != NULL)
		return known;
	hex = hex_json(record->rdata, record->rdata_len);
	json = json_sprintf("\\# %zu %s", record->rdata_len, json_string_value(hex));
	json_decref(hex);
	return json;
}

static json_t *record_json(struct message *msg, const struct record *record)
{
	return json_pack("{s:o, s:s, s:i, s:I, s:o}", "name", name_json(record->owner.wire),
			 "type", record->type == TYPE_OPT ? "OPT" : qtype_name(record->type),
			 "class", (int)record->class, "ttl", (json_int_t)record->ttl_s, "data",
			 data_json(msg, record));
}

static json_t *question_json(const struct message *msg)
{
	return json_pack("{s:o, s:s, s:i}", "name", name_json(msg->qname.wire), "type",
			 qtype_name(msg->qtype), "class", (int)msg->qclass);
}

static json_t *decoded_json(const uint8_t *data, size_t len)
{
	static const char *const sections[] = {"answer", "authority", "additional"};
	json_t *lists[] = {json_array(), json_array(), json_array()};
	json_t *json = json_object();
	struct message msg;
	struct record record;
	bool is_whole = message_open(&msg, data, len);

	while (is_whole && message_next(&msg, &record))
		json_array_append_new(lists[record.section], record_json(&msg, &record));
	json_object_set_new(json, "id", json_integer(msg.id));
	json_object_set_new(json, "flags", json_integer(msg.flags));
	json_object_set_new(json, "rcode", json_integer(msg.flags & FLAG_RCODE));
	json_object_set_new(json, "question", is_whole ? question_json(&msg) : json_null());
	for (size_t i = 0; i < 3; i++)
		json_object_set_new(json, sections[i], lists[i]);
	json_object_set_new(json, "whole", json_boolean(is_whole && wire_is_ok(&msg.wire)));
	return json;
}

json_t *message_json(const uint8_t *msg, size_t len)
{
	return json_pack("{s:o, s:o}", "hex", hex_json(msg, len), "decoded",
			 decoded_json(msg, len));
}

/* To the second, as SQL's utc_text() has it. */
static json_t *time_json(int64_t wall_us)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, wall_us);
	return json_sprintf("%.19sZ", text);
}

static json_t *addresses_json(const struct answer *answer)
{
	json_t *list = answer->address_count > 0 ? json_array() : json_null();

	for (size_t i = 0; i < answer->address_count; i++)
		json_array_append_new(list, address_json(&answer->addresses[i]));
	return list;
}

/* As the loader's row has them: the texts of TXT stand where the names of others do. */
static json_t *names_json(const struct answer *answer)
{
	bool is_any = answer->name_count > 0 || answer->text_count > 0;
	json_t *list = is_any ? json_array() : json_null();
	char text[NAME_TEXT_SIZE];

	for (size_t i = 0; i < answer->text_count; i++) {
		escape_text(text, sizeof(text), answer->texts[i].octets, answer->texts[i].len);
		json_array_append_new(list, json_string(text));
	}
	for (size_t i = 0; answer->text_count == 0 && i < answer->name_count; i++) {
		name_to_lower_text(text, answer->names[i].wire);
		json_array_append_new(list, json_string(text));
	}
	return list;
}

/* In the order of enum anomaly; the same words as in anomaly_names() of sql/evidence.sql. */
static json_t *anomalies_json(uint32_t anomalies)
{
	static const char *const words[] = {
		"truncated",   "question",       "question-case", "compression", "label",
		"name-length", "name-character", "rdata",         "count",       "trailing",
		"ttl-range",   "ttl-differs",    "chain",         "order",       "foreign",
		"cap",         "class",          "duplicate",
	};
	json_t *list = json_array();

	for (size_t bit = 0; bit < sizeof(words) / sizeof(words[0]); bit++)
		if (anomalies >> bit & 1)
			json_array_append_new(list, json_string(words[bit]));
	return list;
}

static json_t *ttl_json(const struct answer *answer)
{
	return json_integer(answer->ttl_min_s > INT32_MAX ? INT32_MAX : answer->ttl_min_s);
}

json_t *lookup_json(const struct lookup *lookup, bool has_ttl)
{
	struct answer *answer = malloc(sizeof(*answer));
	json_t *json;

	if (answer == NULL)
		return NULL;
	answer_read(lookup, answer);
	json = json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:i}", "observed_at",
			 time_json(lookup->asked_wall_us), "type", qtype_name(lookup->qtype),
			 "outcome", outcome_name(answer->outcome), "ttl",
			 has_ttl && answer->has_ttl ? ttl_json(answer) : json_null(),
			 "addresses", addresses_json(answer), "names", names_json(answer),
			 "anomalies", anomalies_json(answer->anomalies), "server",
			 address_json(&lookup->server.ip), "port", (int)lookup->server.port);
	free(answer);
	return json;
}
