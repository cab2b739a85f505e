/* SPDX-License-Identifier: MIT */
/*
 * Lines of another tool's file either tell nothing or of a lookup that a segment takes, and
 * whose message is read as what it says. The first octet chooses the format.
 */
#include "tests/fuzz/fuzz.h"

#include "crawler/import_line.h"

#include <string.h>

static void told_check(const struct import_line *line)
{
	static struct answer answer; /* large */
	struct segment_told told = {
		.line = 1, .has_ttl = line->has_ttl, .lookup = line->lookup};
	struct segment_record record;
	struct buf out;
	size_t used;

	buf_init(&out, SEGMENT_FRAME_LEN + SEGMENT_PAYLOAD_MAX);
	segment_put_told(&out, &told);
	MUST(buf_is_ok(&out));
	MUST(segment_get(out.data, out.len, &record, &used) == SEGMENT_RECORD);
	answer_read(&record.told.lookup, &answer);
	MUST(answer.outcome != OUTCOME_MALFORMED);
	MUST((answer.anomalies & (ANOMALY_QUESTION | ANOMALY_RDATA | ANOMALY_COUNT)) == 0);
	buf_fini(&out);
}

/* As line_file gives them: without its end, and with a NUL behind. */
static void lines_read(const struct import_format *format, char *text, size_t size)
{
	void *state = calloc(1, format->state_size + 1);
	struct import_line line;
	size_t at = 0;

	MUST(state != NULL);
	import_line_init(&line);
	while (at < size) {
		char *end = memchr(text + at, '\n', size - at);
		size_t len = end != NULL ? (size_t)(end - (text + at)) : size - at;

		text[at + len] = '\0';
		import_line_reset(&line);
		switch (format->read(state, text + at, len, &line)) {
		case IMPORT_TOLD:
			told_check(&line);
			break;
		case IMPORT_BAD:
			MUST(line.why != NULL);
			break;
		default:
			break;
		}
		at += len + 1;
	}
	import_line_fini(&line);
	free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct import_format *const formats[] = {&import_massdns, &import_zeek,
							      &import_cof};
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	MUST(text != NULL);
	memcpy(text, data + 1, size - 1);
	lines_read(formats[data[0] % 3], text, size - 1);
	free(text);
	return 0;
}
