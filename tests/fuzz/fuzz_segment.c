/* SPDX-License-Identifier: MIT */
/*
 * Any octets are either no record or one that is written again as it stood. The input is taken
 * twice: as it is, and as a type octet and a payload, framed with a good CRC, for else hardly
 * any would come past it. The seeds are of the second form.
 */
#include "tests/fuzz/fuzz.h"

#include "store/segment.h"

#include <string.h>
#include <zlib.h>

static void put_again(struct buf *out, const struct segment_record *record)
{
	switch (record->type) {
	case RECORD_HEADER:
		segment_put_header(out, &record->header);
		break;
	case RECORD_RUN:
		segment_put_run(out, &record->run);
		break;
	case RECORD_TARGET:
		segment_put_target(out, &record->target);
		break;
	case RECORD_LOOKUP:
		segment_put_lookup(out, &record->lookup);
		break;
	case RECORD_JUMP:
		segment_put_jump(out, &record->jump);
		break;
	case RECORD_SOURCE:
		segment_put_source(out, &record->source);
		break;
	case RECORD_TOLD:
		segment_put_told(out, &record->told);
		break;
	case RECORD_FETCH:
		segment_put_fetch(out, &record->fetch);
		break;
	case RECORD_SEAL:
		segment_put_seal(out, record->seal.records);
		break;
	}
}

static void record_check(const uint8_t *data, size_t size)
{
	struct segment_record record;
	enum segment_status status;
	struct buf again;
	size_t used = 0;

	status = segment_get(data, size, &record, &used);
	if (status == SEGMENT_SKIP)
		MUST(used >= SEGMENT_FRAME_LEN && used <= size);
	if (status != SEGMENT_RECORD)
		return;
	buf_init(&again, SEGMENT_FRAME_LEN + SEGMENT_PAYLOAD_MAX);
	put_again(&again, &record);
	MUST(buf_is_ok(&again) && again.len == used && used <= size);
	MUST(memcmp(again.data, data, used) == 0);
	buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf framed;

	record_check(data, size);
	if (size == 0 || size > SEGMENT_PAYLOAD_MAX)
		return 0;
	buf_init(&framed, SEGMENT_FRAME_LEN + SEGMENT_PAYLOAD_MAX);
	buf_put_u32(&framed, (uint32_t)size - 1);
	buf_put_u32(&framed, (uint32_t)crc32(0, data, (uInt)size));
	buf_put(&framed, data, size);
	record_check(framed.data, framed.len);
	buf_fini(&framed);
	return 0;
}
