/* SPDX-License-Identifier: MIT */
#include "tests/unit/resolver/build.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void u16_patch(struct build *build, size_t at, uint16_t value)
{
	build->data[at] = (uint8_t)(value >> 8);
	build->data[at + 1] = (uint8_t)value;
}

static uint16_t u16_at(const struct build *build, size_t at)
{
	return (uint16_t)(build->data[at] << 8 | build->data[at + 1]);
}

void build_bytes(struct build *build, const void *bytes, size_t len)
{
	size_t at = build->rdlength_at;

	if (build->len + len > sizeof(build->data))
		abort();
	memcpy(build->data + build->len, bytes, len);
	build->len += len;
	if (at > 0)
		u16_patch(build, at, (uint16_t)(u16_at(build, at) + len));
}

void build_u8(struct build *build, uint8_t value)
{
	build_bytes(build, &value, 1);
}

void build_u16(struct build *build, uint16_t value)
{
	build_u8(build, (uint8_t)(value >> 8));
	build_u8(build, (uint8_t)value);
}

void build_u32(struct build *build, uint32_t value)
{
	build_u16(build, (uint16_t)(value >> 16));
	build_u16(build, (uint16_t)value);
}

void build_name(struct build *build, const char *text)
{
	const char *pointer = strchr(text, '@');
	char labels[NAME_TEXT_SIZE];
	struct error err;
	struct name name;

	snprintf(labels, sizeof(labels), "%.*s", (int)strcspn(text, "@"), text);
	if (labels[0] == '\0')
		snprintf(labels, sizeof(labels), ".");
	if (name_from_text(&name, labels, &err) != FT_OK)
		abort();
	build_bytes(build, name.wire, name_len(name.wire) - (pointer != NULL));
	if (pointer != NULL)
		build_u16(build, (uint16_t)(0xc000 | strtoul(pointer + 1, NULL, 10)));
}

void build_count(struct build *build, size_t which, uint16_t count)
{
	u16_patch(build, 4 + 2 * which, count);
}

void build_end(struct build *build)
{
	build->rdlength_at = 0;
}

void build_start(struct build *build, uint16_t flags)
{
	build->len = 0;
	build_end(build);
	build_u16(build, 0x4711);
	build_u16(build, 0x8180 | flags);
	build_u32(build, 0);
	build_u32(build, 0);
}

void build_question(struct build *build, const char *qname, uint16_t qtype)
{
	build_end(build);
	build_count(build, 0, (uint16_t)(u16_at(build, 4) + 1));
	build_name(build, qname);
	build_u16(build, qtype);
	build_u16(build, CLASS_IN);
}

void build_reply(struct build *build, uint16_t flags, const char *qname, uint16_t qtype)
{
	build_start(build, flags);
	build_question(build, qname, qtype);
}

void build_record(struct build *build, enum section section, const char *owner, uint16_t type,
		  uint32_t ttl_s)
{
	size_t which = (size_t)section + 1;

	build_end(build);
	build_count(build, which, (uint16_t)(u16_at(build, 4 + 2 * which) + 1));
	if (owner != NULL)
		build_name(build, owner);
	build_u16(build, type);
	build_u16(build, CLASS_IN);
	build_u32(build, ttl_s);
	build_u16(build, 0);
	build->rdlength_at = build->len - 2;
}

void build_address(struct build *build, const char *owner, uint32_t ttl_s, const char *address)
{
	bool is_v6 = strchr(address, ':') != NULL;
	uint8_t bytes[16];

	if (inet_pton(is_v6 ? AF_INET6 : AF_INET, address, bytes) != 1)
		abort();
	build_record(build, SECTION_ANSWER, owner, is_v6 ? QTYPE_AAAA : QTYPE_A, ttl_s);
	build_bytes(build, bytes, is_v6 ? 16 : 4);
}

void build_alias(struct build *build, const char *owner, uint32_t ttl_s, const char *target)
{
	build_record(build, SECTION_ANSWER, owner, QTYPE_CNAME, ttl_s);
	build_name(build, target);
}

void build_ns(struct build *build, const char *owner, uint32_t ttl_s, const char *target)
{
	build_record(build, SECTION_ANSWER, owner, QTYPE_NS, ttl_s);
	build_name(build, target);
}

void build_soa(struct build *build, enum section section, const char *owner, uint32_t ttl_s,
	       uint32_t minimum_s)
{
	size_t owner_at = build->len;
	char name[32];

	build_record(build, section, owner, QTYPE_SOA, ttl_s);
	snprintf(name, sizeof(name), "ns.@%zu", owner_at);
	build_name(build, name);
	snprintf(name, sizeof(name), "hostmaster.@%zu", owner_at);
	build_name(build, name);
	build_u32(build, 2008040801);
	build_u32(build, 3600);
	build_u32(build, 900);
	build_u32(build, 604800);
	build_u32(build, minimum_s);
}

void build_opt(struct build *build, uint8_t rcode_high)
{
	build_record(build, SECTION_ADDITIONAL, ".", TYPE_OPT, (uint32_t)rcode_high << 24);
}
