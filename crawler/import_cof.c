/* SPDX-License-Identifier: MIT */
/*
 * The common output format of passive DNS servers (draft-dulaunoy-dnsop-passive-dns-cof): an
 * object a line, with rrname, rrtype, rdata (one or an array), time_first and time_last. What
 * it tells is that the record set was seen at these two times, and nothing of its TTL.
 */
#include "crawler/import_json.h"
#include "crawler/import_line.h"

static bool take_rdata(struct import_line *out, const struct import_json *rdata)
{
	const struct record head = {
		.section = SECTION_ANSWER, .owner = out->qname, .type = out->lookup.qtype};
	const char *text = import_json_string(rdata);
	size_t count = import_json_count(rdata);

	if (text != NULL)
		return message_build_record(&out->build, &head, text);
	for (size_t i = 0; i < count; i++) {
		text = import_json_string(import_json_item(rdata, i));
		if (text == NULL || !message_build_record(&out->build, &head, text))
			return false;
	}
	return count > 0;
}

static bool take_times(struct import_line *out, const struct import_json *object)
{
	char number[IMPORT_JSON_TEXT_SIZE];
	const struct import_json *last = import_json_member(object, "time_last");
	int64_t *first_us = &out->lookup.asked_wall_us;

	if (!import_take_time(
		    first_us,
		    import_json_text(import_json_member(object, "time_first"), number)))
		return false;
	if (last == NULL)
		return true;
	if (!import_take_time(&out->again_us, import_json_text(last, number)) ||
	    out->again_us < *first_us)
		return false;
	if (out->again_us == *first_us)
		out->again_us = 0;
	return true;
}

static enum import_result read_object(const struct import_json *object, struct import_line *out)
{
	enum import_result result = import_take_question(
		out, import_json_word(object, "rrname"), import_json_word(object, "rrtype"));

	if (result != IMPORT_TOLD)
		return result;
	if (!take_times(out, object))
		return import_bad(out, "no time_first, or none that time_last could follow");
	out->has_ttl = false;
	import_start_answer(out, 0);
	if (!take_rdata(out, import_json_member(object, "rdata")))
		return import_bad(out, "rdata that are none of their type");
	return import_end_answer(out);
}

static enum import_result cof_read(void *state, char *line, size_t len, struct import_line *out)
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

const struct import_format import_cof = {.name = "cof", .read = cof_read};
