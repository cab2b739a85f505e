/* SPDX-License-Identifier: MIT */
/*
 * massdns -o J: an object a line, with name, type, class, status, rx_ts (nanoseconds), data
 * with the sections' records, flags, resolver and proto; or with error and no data, where no
 * reply came.
 */
#include "crawler/import_json.h"
#include "crawler/import_line.h"

#include <string.h>

/* Adds one record; what is wrong with it, or NULL. */
static const char *take_record(struct import_line *out, const struct import_json *item,
			       enum section section)
{
	char number[IMPORT_JSON_TEXT_SIZE];
	const char *owner = import_json_word(item, "name");
	const char *class = import_json_word(item, "class");
	const char *data = import_json_word(item, "data");
	struct record head = {.section = section,
			      .type = import_type(import_json_word(item, "type"))};
	struct error ignored;

	if (head.type == 0 || (class != NULL && strcmp(class, "IN") != 0))
		return NULL;
	if (owner == NULL || name_from_text(&head.owner, owner, &ignored) != FT_OK)
		return "a record without the name it belongs to";
	if (!import_take_number(&head.ttl_s,
				import_json_text(import_json_member(item, "ttl"), number)))
		return "a record without its TTL";
	if (data == NULL || !message_build_record(&out->build, &head, data))
		return "a record whose data are none of its type";
	return NULL;
}

static const char *take_section(struct import_line *out, const struct import_json *records,
				enum section section)
{
	size_t count = import_json_count(records);
	const char *why = NULL;

	for (size_t i = 0; i < count && why == NULL; i++)
		why = take_record(out, import_json_item(records, i), section);
	return why;
}

static uint16_t take_flags(const struct import_json *words)
{
	static const struct {
		const char *name;
		uint16_t flag;
	} flags[] = {
		{"aa", 0x0400}, {"tc", 0x0200}, {"rd", 0x0100},
		{"ra", 0x0080}, {"ad", 0x0020}, {"cd", 0x0010}, /* RFC 1035, RFC 4035 */
	};
	size_t count = import_json_count(words);
	uint16_t result = 0;

	for (size_t i = 0; i < count; i++) {
		const char *word = import_json_string(import_json_item(words, i));

		for (size_t k = 0; word != NULL && k < sizeof(flags) / sizeof(flags[0]); k++)
			if (strcmp(word, flags[k].name) == 0)
				result |= flags[k].flag;
	}
	return result;
}

/* What came back: a message, or nothing. */
static enum import_result take_reply(struct import_line *out, const struct import_json *object)
{
	const struct import_json *data = import_json_member(object, "data");
	const struct import_json *status = import_json_member(object, "status");
	uint16_t flags = take_flags(import_json_member(object, "flags"));
	const char *why;

	if (import_json_member(object, "error") != NULL || (status == NULL && data == NULL)) {
		out->lookup.timed_out = true;
		return IMPORT_TOLD;
	}
	if (!import_take_rcode(&flags, import_json_string(status)))
		return import_bad(out, "a status that is no response code");
	if (data == NULL && (flags & FLAG_RCODE) == 0)
		return import_bad(out, "a reply without its data");
	import_start_answer(out, flags);
	why = take_section(out, import_json_member(data, "answers"), SECTION_ANSWER);
	if (why == NULL)
		why = take_section(out, import_json_member(data, "authorities"),
				   SECTION_AUTHORITY);
	return why == NULL ? import_end_answer(out) : import_bad(out, why);
}

static enum import_result read_object(const struct import_json *object, struct import_line *out)
{
	char number[IMPORT_JSON_TEXT_SIZE];
	const char *class = import_json_word(object, "class");
	const char *server = import_json_word(object, "resolver");
	const char *proto = import_json_word(object, "proto");
	struct error ignored;
	enum import_result result;

	result = import_take_question(out, import_json_word(object, "name"),
				      import_json_word(object, "type"));
	if (result != IMPORT_TOLD)
		return result;
	if (class != NULL && strcmp(class, "IN") != 0)
		return IMPORT_OTHER;
	if (!import_take_nanoseconds(
		    &out->lookup.asked_wall_us,
		    import_json_text(import_json_member(object, "rx_ts"), number)))
		return import_bad(out, "no time (rx_ts)");
	if (server != NULL &&
	    server_address_parse(&out->lookup.server, server, &ignored) != FT_OK)
		return import_bad(out, "the resolver is no address");
	out->lookup.over_tcp = proto != NULL && strcmp(proto, "TCP") == 0;
	return take_reply(out, object);
}

static enum import_result massdns_read(void *state, char *line, size_t len,
				       struct import_line *out)
{
	struct import_json *object = import_json_read(line, len);
	enum import_result result;

	(void)state;
	if (object == NULL)
		return import_bad(out, "no JSON object");
	result = read_object(object, out);
	import_json_free(object);
	return result;
}

const struct import_format import_massdns = {.name = "massdns", .read = massdns_read};
