/* SPDX-License-Identifier: MIT */
/*
 * What the end-to-end tests need from the spool and no command gives:
 *
 *	spool_tool list FILE...       a line for each whole lookup in segment files, sealed or
 *not: segment, record, asked, qname, qtype, server spool_tool play TSV HOME      writes the
 *lookups of a table as if they had been made: columns domain, lookup, time or offset, TTL,
 *record, source
 */
#include "store/segment.h"
#include "store/spool.h"
#include "base/timefmt.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After both golden routing tables, so that every origin is known. */
#define PLAYED_DAY "2011-09-01T"

static void fail(const char *what)
{
	fprintf(stderr, "spool_tool: %s\n", what);
	exit(1);
}

static void list_lookup(const struct segment_header *header, uint32_t number,
			const struct lookup *lookup)
{
	char server[SERVER_ADDRESS_TEXT_SIZE];
	char name[NAME_TEXT_SIZE];

	for (size_t i = 0; i < UUID_LEN; i++)
		printf("%02x", header->uuid[i]);
	server_address_to_text(server, &lookup->server);
	name_to_text(name, lookup->qname);
	printf("\t%u\t%lld\t%s\t%s\t%s\n", number, (long long)lookup->asked_wall_us, name,
	       qtype_name(lookup->qtype), server);
}

static void list_file(const uint8_t *data, size_t len)
{
	struct segment_header header = {0};
	struct segment_record record;
	size_t at = SEGMENT_MAGIC_LEN;
	size_t used;

	for (uint32_t number = 0; at < len; number++) {
		if (segment_get(data + at, len - at, &record, &used) != SEGMENT_RECORD)
			return;
		if (record.type == RECORD_HEADER)
			header = record.header;
		if (record.type == RECORD_LOOKUP)
			list_lookup(&header, number, &record.lookup);
		at += used;
	}
}

static void list(const char *path)
{
	static uint8_t data[256 * 1024 * 1024];
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail(path);
	len = fread(data, 1, sizeof(data), file);
	fclose(file);
	list_file(data, len);
}

/* A line of the table. */
struct row {
	char domain[80];
	int lookup;
	char when[32];
	uint32_t ttl_s;
	uint16_t type; /* QTYPE_A or QTYPE_CNAME */
	char data[80];
};

static bool read_row(FILE *file, struct row *row)
{
	char line[400];
	char type[8];
	unsigned ttl;

	while (fgets(line, sizeof(line), file) != NULL) {
		if (line[0] == '#')
			continue;
		if (sscanf(line, "%79[^\t]\t%d\t%31[^\t]\t%u\t%7[^ ] %79[^\t]", row->domain,
			   &row->lookup, row->when, &ttl, type, row->data) != 6)
			fail(line);
		row->ttl_s = ttl;
		row->type = strcmp(type, "A") == 0 ? QTYPE_A : QTYPE_CNAME;
		return true;
	}
	return false;
}

static struct name to_name(const char *text)
{
	struct error err;
	struct name name;

	if (name_from_text(&name, text, &err) != FT_OK)
		fail(err.text);
	return name;
}

static void put_name(struct buf *out, const struct name *name)
{
	buf_put(out, name->wire, name_len(name->wire));
}

/* The response to a question of type A for qname, its records still to come. */
static void start_message(struct buf *msg, const struct name *qname)
{
	buf_reset(msg);
	buf_put_u16(msg, 0x1234);
	buf_put_u16(msg, 0x8180); /* QR, RD, RA */
	buf_put_u16(msg, 1);
	buf_put(msg, "\0\0\0\0\0\0", 6);
	put_name(msg, qname);
	buf_put_u16(msg, QTYPE_A);
	buf_put_u16(msg, 1);
}

static void put_record(struct buf *msg, const struct row *row)
{
	struct name owner = to_name(row->domain);
	struct name target;
	struct in_addr address;

	msg->data[7]++; /* ANCOUNT */
	put_name(msg, &owner);
	buf_put_u16(msg, row->type);
	buf_put_u16(msg, 1);
	buf_put_u32(msg, row->ttl_s);
	if (row->type == QTYPE_A) {
		if (inet_pton(AF_INET, row->data, &address) != 1)
			fail(row->data);
		buf_put_u16(msg, 4);
		buf_put(msg, &address, 4);
		return;
	}
	target = to_name(row->data);
	buf_put_u16(msg, (uint16_t)name_len(target.wire));
	put_name(msg, &target);
}

static int64_t when_us(const char *when)
{
	char text[64];
	struct error err;
	int64_t offset_s = 0;
	int64_t us;

	snprintf(text, sizeof(text), PLAYED_DAY "%sZ", when[2] == ':' ? when : "10:00:00");
	if (when[0] == '+')
		offset_s = strtol(when + 1, NULL, 10);
	if (time_parse(text, &us, &err) != FT_OK)
		fail(err.text);
	return us + offset_s * 1000000;
}

static void append(struct spool *spool, const struct name *qname, const char *when,
		   const struct buf *msg)
{
	struct lookup lookup = {
		.qname = qname->wire,
		.qtype = QTYPE_A,
		.server = {{4, {127, 0, 0, 1}}, 53},
		.asked_wall_us = when_us(when),
		.rtt_us = 1000,
		.msg = msg->data,
		.msg_len = msg->len,
	};
	struct segment_target target = {qname->wire, TARGET_FOLLOWED, "", 0};

	spool_append_target(spool, &target);
	spool_append_lookup(spool, &lookup);
}

/*
 * Rows of one lookup follow each other and share its number; a CNAME's target is the domain of
 * the rows behind it, which then belong to the same lookup.
 */
static void play_rows(FILE *file, struct spool *spool)
{
	struct row row;
	struct name qname = {{0}};
	char chained[80] = "";
	char when[32] = "";
	char asked[80] = "";
	struct buf msg;
	int lookup = 0;

	buf_init(&msg, 65535);
	while (read_row(file, &row)) {
		bool same = (strcmp(row.domain, asked) == 0 && row.lookup == lookup) ||
			    strcmp(row.domain, chained) == 0;

		if (!same && lookup != 0)
			append(spool, &qname, when, &msg);
		if (!same) {
			qname = to_name(row.domain);
			start_message(&msg, &qname);
			lookup = row.lookup;
			chained[0] = '\0';
			memcpy(asked, row.domain, sizeof(asked));
			memcpy(when, row.when, sizeof(when));
		}
		put_record(&msg, &row);
		if (row.type == QTYPE_CNAME)
			snprintf(chained, sizeof(chained), "%.*s",
				 (int)strcspn(row.data, "\n") - 1, row.data);
	}
	append(spool, &qname, when, &msg);
	buf_fini(&msg);
}

static void play(const char *table, const char *home)
{
	struct spool_options options = {
		.home = home, .vantage = "papers", .clock = &clock_system};
	struct error err = {0};
	FILE *file = fopen(table, "r");
	struct spool *spool;

	if (file == NULL)
		fail(table);
	spool = spool_open(&options, &err);
	if (spool == NULL)
		fail(err.text);
	play_rows(file, spool);
	fclose(file);
	if (spool_commit(spool, &err) != FT_OK || spool_close(spool, &err) != FT_OK)
		fail(err.text);
}

int main(int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "list") == 0) {
		for (int i = 2; i < argc; i++)
			list(argv[i]);
		return 0;
	}
	if (argc == 4 && strcmp(argv[1], "play") == 0) {
		play(argv[2], argv[3]);
		return 0;
	}
	fail("usage: spool_tool list FILE... | play TSV HOME");
}
