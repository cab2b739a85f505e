/* SPDX-License-Identifier: MIT */
/*
 * The payload of RECORD_FETCH:
 *
 *	u8 purpose | u8 outcome | u16 status | name | u8 has | address about, if bit 0 |
 *	address and u16 port of the server, if bit 1 | u64 wall time | u64 boot time | u32 took
 *| text url | text tags | u16 length, head | u32 length, body
 */
#include "store/segment_parts.h"

#include <stddef.h>

#define HAS_ABOUT  1
#define HAS_SERVER 2

const char *fetch_outcome_name(enum fetch_outcome outcome)
{
	static const char *const names[] = {
		[FETCH_ANSWERED] = "answered", [FETCH_CUT] = "cut",
		[FETCH_PARTIAL] = "partial",   [FETCH_MALFORMED] = "malformed",
		[FETCH_TIMEOUT] = "timeout",   [FETCH_REFUSED] = "refused",
		[FETCH_TLS] = "tls",           [FETCH_VETOED] = "vetoed",
	};

	return (size_t)outcome < sizeof(names) / sizeof(names[0]) ? names[outcome] : NULL;
}

static void put_addresses(struct buf *out, const struct segment_fetch *fetch)
{
	bool has_about = fetch->about.family != 0;
	bool has_server = fetch->server.ip.family != 0;

	buf_put_u8(out, (uint8_t)((has_about ? HAS_ABOUT : 0) | (has_server ? HAS_SERVER : 0)));
	if (has_about)
		segment_put_address(out, &fetch->about);
	if (has_server) {
		segment_put_address(out, &fetch->server.ip);
		buf_put_u16(out, fetch->server.port);
	}
}

static void get_addresses(struct wire *wire, struct segment_fetch *out)
{
	uint8_t has = wire_u8(wire);

	if (has > (HAS_ABOUT | HAS_SERVER))
		wire->failed = true;
	if ((has & HAS_ABOUT) != 0)
		segment_get_address(wire, &out->about);
	if ((has & HAS_SERVER) != 0) {
		segment_get_address(wire, &out->server.ip);
		out->server.port = wire_u16(wire);
	}
}

/* A page is a node's, a network is asked about by an address of it: the tables say so too. */
static bool is_whole(const struct segment_fetch *fetch)
{
	return fetch->purpose <= FETCH_NETWORK && fetch->outcome <= FETCH_VETOED &&
	       fetch->head_len <= FETCH_HEAD_MAX && fetch->body_len <= FETCH_BODY_MAX &&
	       (fetch->about.family != 0) == (fetch->purpose != FETCH_REGISTRATION);
}

void segment_put_fetch_payload(struct buf *out, const struct segment_fetch *fetch)
{
	if (!is_whole(fetch)) {
		out->failed = true;
		return;
	}
	buf_put_u8(out, (uint8_t)fetch->purpose);
	buf_put_u8(out, (uint8_t)fetch->outcome);
	buf_put_u16(out, fetch->status);
	buf_put(out, fetch->name, name_len(fetch->name));
	put_addresses(out, fetch);
	segment_put_wall_us(out, fetch->asked_wall_us);
	buf_put_u64(out, (uint64_t)fetch->asked_boot_us);
	buf_put_u32(out, fetch->took_us);
	segment_put_text(out, fetch->url, fetch->url_len, FETCH_URL_MAX);
	segment_put_text(out, fetch->tags, fetch->tags_len, TAGS_MAX);
	buf_put_u16(out, (uint16_t)fetch->head_len);
	buf_put(out, fetch->head, fetch->head_len);
	buf_put_u32(out, (uint32_t)fetch->body_len);
	buf_put(out, fetch->body, fetch->body_len);
}

void segment_get_fetch_payload(struct wire *wire, struct segment_fetch *out)
{
	out->purpose = (enum fetch_purpose)wire_u8(wire);
	out->outcome = (enum fetch_outcome)wire_u8(wire);
	out->status = wire_u16(wire);
	out->name = segment_get_name(wire);
	get_addresses(wire, out);
	out->asked_wall_us = segment_get_wall_us(wire);
	out->asked_boot_us = (int64_t)wire_u64(wire);
	out->took_us = wire_u32(wire);
	out->url = segment_get_text(wire, FETCH_URL_MAX, &out->url_len);
	out->tags = segment_get_text(wire, TAGS_MAX, &out->tags_len);
	out->head_len = wire_u16(wire);
	out->head = wire_bytes(wire, out->head_len);
	out->body_len = wire_u32(wire);
	out->body = wire_bytes(wire, out->body_len);
	if (!is_whole(out))
		wire->failed = true;
}
