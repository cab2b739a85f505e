/* SPDX-License-Identifier: MIT */
/*
 * The codec of segment.h. What a segment_put function accepts, segment_get reads back, for a
 * record that cannot be read ends its segment.
 */
#include "store/segment.h"
#include "store/segment_parts.h"

#include <zlib.h>
#include <string.h>

#define FLAG_OVER_TCP  1
#define FLAG_TIMED_OUT 2
#define TOLD_HAS_TTL   1

static uint32_t frame_crc(const uint8_t *type_and_payload, size_t len)
{
	return (uint32_t)crc32(0, type_and_payload, (uInt)len);
}

/* Begins a record; gives where, for frame_end(). */
static size_t frame_start(struct buf *out, enum record_type type)
{
	size_t at = out->len;

	buf_put_u32(out, 0);
	buf_put_u32(out, 0);
	buf_put_u8(out, (uint8_t)type);
	return at;
}

static void frame_end(struct buf *out, size_t at)
{
	size_t len = out->len - at;

	if (!buf_is_ok(out) || len > SEGMENT_FRAME_LEN + SEGMENT_PAYLOAD_MAX) {
		out->len = at;
		out->failed = true;
		return;
	}
	len -= SEGMENT_FRAME_LEN;
	buf_patch_u32(out, at, (uint32_t)len);
	buf_patch_u32(out, at + 4, frame_crc(out->data + at + 8, len + 1));
}

void segment_put_header(struct buf *out, const struct segment_header *header)
{
	size_t at = frame_start(out, RECORD_HEADER);

	buf_put(out, header->uuid, UUID_LEN);
	buf_put(out, header->previous, SHA256_LEN);
	buf_put(out, header->collector, UUID_LEN);
	buf_put(out, header->boot_id, UUID_LEN);
	buf_put_u64(out, header->sequence);
	segment_put_wall_us(out, header->created_wall_us);
	buf_put_u64(out, (uint64_t)header->created_boot_us);
	segment_put_text(out, header->vantage, strlen(header->vantage), VANTAGE_MAX);
	frame_end(out, at);
}

void segment_put_run(struct buf *out, const struct segment_run *run)
{
	size_t at = frame_start(out, RECORD_RUN);

	buf_put(out, run->uuid, UUID_LEN);
	segment_put_wall_us(out, run->started_wall_us);
	segment_put_text(out, run->version, strlen(run->version), sizeof(run->version) - 1);
	frame_end(out, at);
}

void segment_put_target(struct buf *out, const struct segment_target *target)
{
	size_t at = frame_start(out, RECORD_TARGET);

	buf_put_u8(out, (uint8_t)target->role);
	buf_put(out, target->name, name_len(target->name));
	segment_put_text(out, target->tags, target->tags_len, TAGS_MAX);
	frame_end(out, at);
}

static void put_lookup(struct buf *out, const struct lookup *lookup)
{
	size_t msg_len = lookup->timed_out ? 0 : lookup->msg_len;

	buf_put_u16(out, lookup->qtype);
	buf_put_u8(out, (uint8_t)((lookup->over_tcp ? FLAG_OVER_TCP : 0) |
				  (lookup->timed_out ? FLAG_TIMED_OUT : 0)));
	segment_put_address(out, &lookup->server.ip);
	buf_put_u16(out, lookup->server.port);
	segment_put_wall_us(out, lookup->asked_wall_us);
	buf_put_u64(out, (uint64_t)lookup->asked_boot_us);
	buf_put_u32(out, lookup->rtt_us);
	buf_put(out, lookup->qname, name_len(lookup->qname));
	if (msg_len > UINT16_MAX) /* more than TCP's length could say: RFC 1035, 4.2.2 */
		out->failed = true;
	buf_put_u16(out, (uint16_t)msg_len);
	buf_put(out, lookup->msg, msg_len);
}

void segment_put_lookup(struct buf *out, const struct lookup *lookup)
{
	size_t at = frame_start(out, RECORD_LOOKUP);

	put_lookup(out, lookup);
	frame_end(out, at);
}

void segment_put_source(struct buf *out, const struct segment_source *source)
{
	size_t at = frame_start(out, RECORD_SOURCE);

	buf_put(out, source->uuid, UUID_LEN);
	buf_put(out, source->sha256, SHA256_LEN);
	segment_put_text(out, source->format, strlen(source->format),
			 sizeof(source->format) - 1);
	segment_put_text(out, source->name, strlen(source->name), SOURCE_NAME_MAX);
	frame_end(out, at);
}

void segment_put_told(struct buf *out, const struct segment_told *told)
{
	size_t at = frame_start(out, RECORD_TOLD);

	buf_put(out, told->source, UUID_LEN);
	if (told->line == 0 || told->line > INT64_MAX)
		out->failed = true;
	buf_put_u64(out, told->line);
	buf_put_u8(out, told->has_ttl ? TOLD_HAS_TTL : 0);
	put_lookup(out, &told->lookup);
	frame_end(out, at);
}

void segment_put_jump(struct buf *out, const struct segment_jump *jump)
{
	size_t at = frame_start(out, RECORD_JUMP);

	segment_put_wall_us(out, jump->wall_us);
	buf_put_u64(out, (uint64_t)jump->jumped_us);
	frame_end(out, at);
}

void segment_put_fetch(struct buf *out, const struct segment_fetch *fetch)
{
	size_t at = frame_start(out, RECORD_FETCH);

	segment_put_fetch_payload(out, fetch);
	frame_end(out, at);
}

void segment_put_seal(struct buf *out, uint64_t records)
{
	size_t at = frame_start(out, RECORD_SEAL);

	buf_put_u64(out, records);
	frame_end(out, at);
}

static void get_header(struct wire *wire, struct segment_header *out)
{
	segment_get_bytes(wire, out->uuid, UUID_LEN);
	segment_get_bytes(wire, out->previous, SHA256_LEN);
	segment_get_bytes(wire, out->collector, UUID_LEN);
	segment_get_bytes(wire, out->boot_id, UUID_LEN);
	out->sequence = wire_u64(wire);
	out->created_wall_us = segment_get_wall_us(wire);
	out->created_boot_us = (int64_t)wire_u64(wire);
	segment_get_string(wire, out->vantage, sizeof(out->vantage));
}

static void get_run(struct wire *wire, struct segment_run *out)
{
	segment_get_bytes(wire, out->uuid, UUID_LEN);
	out->started_wall_us = segment_get_wall_us(wire);
	segment_get_string(wire, out->version, sizeof(out->version));
}

static void get_target(struct wire *wire, struct segment_target *out)
{
	uint8_t role = wire_u8(wire);

	if (role > TARGET_ADDRESS)
		wire->failed = true;
	out->role = (enum target_role)role;
	out->name = segment_get_name(wire);
	out->tags = segment_get_text(wire, TAGS_MAX, &out->tags_len);
}

static void get_lookup(struct wire *wire, struct lookup *out)
{
	uint8_t flags;

	out->qtype = wire_u16(wire);
	flags = wire_u8(wire);
	out->over_tcp = (flags & FLAG_OVER_TCP) != 0;
	out->timed_out = (flags & FLAG_TIMED_OUT) != 0;
	segment_get_address(wire, &out->server.ip);
	out->server.port = wire_u16(wire);
	out->asked_wall_us = segment_get_wall_us(wire);
	out->asked_boot_us = (int64_t)wire_u64(wire);
	out->rtt_us = wire_u32(wire);
	out->qname = segment_get_name(wire);
	out->msg_len = wire_u16(wire);
	out->msg = wire_bytes(wire, out->msg_len);
	if (flags > (FLAG_OVER_TCP | FLAG_TIMED_OUT) || (out->timed_out && out->msg_len > 0))
		wire->failed = true;
	if (out->timed_out)
		out->msg = NULL;
}

static void get_source(struct wire *wire, struct segment_source *out)
{
	segment_get_bytes(wire, out->uuid, UUID_LEN);
	segment_get_bytes(wire, out->sha256, SHA256_LEN);
	segment_get_string(wire, out->format, sizeof(out->format));
	segment_get_string(wire, out->name, sizeof(out->name));
}

static void get_told(struct wire *wire, struct segment_told *out)
{
	uint8_t flags;

	segment_get_bytes(wire, out->source, UUID_LEN);
	out->line = wire_u64(wire);
	flags = wire_u8(wire);
	out->has_ttl = flags == TOLD_HAS_TTL;
	if (out->line == 0 || out->line > INT64_MAX || flags > TOLD_HAS_TTL)
		wire->failed = true;
	get_lookup(wire, &out->lookup);
}

static void get_jump(struct wire *wire, struct segment_jump *out)
{
	out->wall_us = segment_get_wall_us(wire);
	out->jumped_us = (int64_t)wire_u64(wire);
}

/* False for a type of later versions. */
static bool get_payload(struct wire *wire, uint8_t type, struct segment_record *out)
{
	switch (type) {
	case RECORD_HEADER:
		get_header(wire, &out->header);
		return true;
	case RECORD_RUN:
		get_run(wire, &out->run);
		return true;
	case RECORD_TARGET:
		get_target(wire, &out->target);
		return true;
	case RECORD_LOOKUP:
		get_lookup(wire, &out->lookup);
		return true;
	case RECORD_JUMP:
		get_jump(wire, &out->jump);
		return true;
	case RECORD_SEAL:
		out->seal.records = wire_u64(wire);
		return true;
	case RECORD_SOURCE:
		get_source(wire, &out->source);
		return true;
	case RECORD_TOLD:
		get_told(wire, &out->told);
		return true;
	case RECORD_FETCH:
		segment_get_fetch_payload(wire, &out->fetch);
		return true;
	default:
		return false;
	}
}

enum segment_status segment_get(const uint8_t *data, size_t len, struct segment_record *out,
				size_t *used)
{
	struct wire frame;
	struct wire wire;
	uint32_t payload_len;
	uint32_t crc;
	uint8_t type;

	wire_init(&frame, data, len);
	payload_len = wire_u32(&frame);
	crc = wire_u32(&frame);
	type = wire_u8(&frame);
	if (payload_len > SEGMENT_PAYLOAD_MAX)
		return SEGMENT_BROKEN;
	if (!wire_is_ok(&frame) || wire_left(&frame) < payload_len)
		return SEGMENT_SHORT;
	if (frame_crc(data + 8, payload_len + 1) != crc)
		return SEGMENT_BROKEN;
	*used = SEGMENT_FRAME_LEN + payload_len;
	memset(out, 0, sizeof(*out));
	out->type = (enum record_type)type;
	wire_init(&wire, data + SEGMENT_FRAME_LEN, payload_len);
	if (!get_payload(&wire, type, out))
		return SEGMENT_SKIP;
	return wire_is_ok(&wire) && wire_left(&wire) == 0 ? SEGMENT_RECORD : SEGMENT_BROKEN;
}
