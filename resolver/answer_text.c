/* SPDX-License-Identifier: MIT */
#include "resolver/answer_text.h"

#include <string.h>

/* Joins the record's strings, with nothing between them (as RFC 7208, 3.3 does). */
static bool read_strings(const struct record *record, struct text *out, uint32_t *anomalies)
{
	struct wire wire;

	out->len = 0;
	wire_init(&wire, record->rdata, record->rdata_len);
	do { /* at least one string, which may be empty */
		size_t len = wire_u8(&wire);
		const uint8_t *string = wire_bytes(&wire, len);
		size_t room = TEXT_MAX - (size_t)out->len;

		if (string == NULL) {
			*anomalies |= ANOMALY_RDATA;
			return false;
		}
		if (len > room) {
			*anomalies |= ANOMALY_CAP;
			len = room;
		}
		memcpy(out->octets + out->len, string, len);
		out->len = (uint8_t)(out->len + len);
	} while (wire_left(&wire) > 0);
	return true;
}

static bool text_equal(const struct text *a, const struct text *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

bool answer_text_take(struct answer *out, const struct record *record)
{
	struct text text;

	if (!read_strings(record, &text, &out->anomalies))
		return false;
	for (size_t i = 0; i < out->text_count; i++) {
		if (text_equal(&out->texts[i], &text)) {
			out->anomalies |= ANOMALY_DUPLICATE;
			return true;
		}
	}
	if (out->text_count == ANSWER_TEXTS_MAX)
		out->anomalies |= ANOMALY_CAP;
	else
		out->texts[out->text_count++] = text;
	return true;
}
