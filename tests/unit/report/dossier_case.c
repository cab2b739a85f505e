/* SPDX-License-Identifier: MIT */
#include "dossier_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolver/message_build.h"

#define NOON_US INT64_C(1207656000000000) /* 2008-04-08T12:00:00Z */
#define HEX_MAX 1024

struct stored first = {.name = FIRST};
struct stored second = {.name = SECOND};
struct stored third = {.name = THIRD};
char archive[] = "/tmp/fluxtrack-verify.XXXXXX";
char said[64 * 1024];
struct verify verify;
static struct message_build build;

void path_of(char out[PATH_MAX], const char *name)
{
	snprintf(out, PATH_MAX, "%s/2008-04-08/%s", archive, name);
}

void put_file(const char *name, const uint8_t *bytes, size_t len)
{
	char path[PATH_MAX];
	FILE *file;

	path_of(path, name);
	unlink(path); /* to cut it to nothing would wait for the disk each time */
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

void put_stored(const struct stored *stored)
{
	put_file(stored->name, stored->bytes.data, stored->bytes.len);
}

static void hex(char out[HEX_MAX], const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void start(struct stored *stored, uint64_t sequence, const uint8_t *previous)
{
	struct segment_header header = {.uuid = {(uint8_t)sequence},
					.collector = {0xc0},
					.sequence = sequence,
					.created_wall_us = NOON_US,
					.vantage = "vienna"};

	if (previous != NULL)
		memcpy(header.previous, previous, SHA256_LEN);
	buf_init(&stored->bytes, SEGMENT_PAYLOAD_MAX);
	buf_put(&stored->bytes, SEGMENT_MAGIC, SEGMENT_MAGIC_LEN);
	stored->record_at[0] = stored->bytes.len;
	segment_put_header(&stored->bytes, &header);
	stored->record_at[1] = stored->bytes.len;
}

static void finish(struct stored *stored, uint64_t records)
{
	struct sha256 *sha = sha256_new();

	segment_put_seal(&stored->bytes, records);
	sha256_add(sha, stored->bytes.data, stored->bytes.len);
	sha256_end(sha, stored->sha256);
	sha256_free(sha);
	put_stored(stored);
}

/* A lookup of flux.example with two addresses, TTL 5; an octet stands behind the last record.
 */
static struct lookup make_lookup(void)
{
	static struct name name;
	struct record head = {.type = QTYPE_A, .class = CLASS_IN, .ttl_s = 5};
	struct error err;

	assert_int_equal(name_from_text(&name, "Flux.example", &err), FT_OK);
	head.owner = name;
	message_build_start(&build, 0x8180, name.wire, QTYPE_A);
	assert_true(message_build_record(&build, &head, "192.0.2.1"));
	assert_true(message_build_record(&build, &head, "192.0.2.2"));
	buf_put_u8(&build.out, 0);
	return (struct lookup){.qname = name.wire,
			       .qtype = QTYPE_A,
			       .server = {{4, {127, 0, 0, 1}}, 53},
			       .asked_wall_us = NOON_US + 999999,
			       .rtt_us = 1000,
			       .msg = build.out.data,
			       .msg_len = build.out.len};
}

/* A page of flux.example, "hello", with a head that wants to be read with care. */
static struct segment_fetch make_fetch(const uint8_t *name)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nX: \\013\\010Server: x\r\n"
				   "sErver:  a\tb\\\xff \r\nServer: c\r\n\r\n";
	static const char url[] = "http://flux.example/";

	return (struct segment_fetch){.purpose = FETCH_PAGE,
				      .outcome = FETCH_CUT,
				      .status = 200,
				      .name = name,
				      .about = {4, {192, 0, 2, 1}},
				      .server = {{4, {192, 0, 2, 1}}, 80},
				      .asked_wall_us = NOON_US + 1999999,
				      .url = url,
				      .url_len = strlen(url),
				      .tags = "storm-codec ecard",
				      .tags_len = strlen("storm-codec ecard"),
				      .head = (const uint8_t *)head,
				      .head_len = strlen(head),
				      .body = (const uint8_t *)"hello",
				      .body_len = strlen("hello")};
}

int make_archive(void **state)
{
	struct segment_source source = {.uuid = {7}, .format = "zeek", .name = "dns.log"};
	struct segment_told told = {.source = {7}, .line = 3};
	struct segment_fetch fetch;
	char folder[PATH_MAX];

	(void)state;
	message_build_init(&build);
	assert_non_null(mkdtemp(archive));
	snprintf(folder, sizeof(folder), "%s/2008-04-08", archive);
	assert_int_equal(mkdir(folder, 0700), 0);
	told.lookup = make_lookup();
	start(&first, 1, NULL);
	segment_put_lookup(&first.bytes, &told.lookup);
	first.record_at[2] = first.bytes.len;
	finish(&first, 2);
	start(&second, 2, first.sha256);
	segment_put_source(&second.bytes, &source);
	segment_put_told(&second.bytes, &told);
	fetch = make_fetch(told.lookup.qname);
	segment_put_fetch(&second.bytes, &fetch);
	finish(&second, 4);
	start(&third, 3, second.sha256);
	finish(&third, 1);
	return 0;
}

int remove_archive(void **state)
{
	char path[PATH_MAX];

	(void)state;
	path_of(path, FIRST);
	unlink(path);
	path_of(path, SECOND);
	unlink(path);
	path_of(path, THIRD);
	unlink(path);
	path_of(path, "");
	rmdir(path);
	buf_fini(&first.bytes);
	buf_fini(&second.bytes);
	buf_fini(&third.bytes);
	message_build_fini(&build);
	return rmdir(archive);
}

static json_t *lookup_of(const struct stored *stored, int record)
{
	char sum[HEX_MAX];

	hex(sum, stored->sha256, SHA256_LEN);
	return json_pack("{s:s, s:s, s:s, s:i, s:[ss], s:n, s:[s], s:s, s:i, s:s, s:s, s:s, "
			 "s:i, s:n, s:n}",
			 "observed_at", "2008-04-08T12:00:00Z", "type", "A", "outcome",
			 "answered", "ttl", 5, "addresses", "192.0.2.1", "192.0.2.2", "names",
			 "anomalies", "trailing", "server", "127.0.0.1", "port", 53, "vantage",
			 "vienna", "segment", stored->name, "sha256", sum, "record", record,
			 "source", "source_line");
}

static json_t *answer_of(const char *address)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:s}", "name", "Flux.example", "type", "A",
			 "class", 1, "ttl", 5, "data", address);
}

static json_t *chosen(void)
{
	json_t *lookup = lookup_of(&first, 1);
	char octets[HEX_MAX];

	hex(octets, build.out.data, build.out.len);
	json_object_set_new(lookup, "made_up_from", json_null());
	json_object_set_new(
		lookup, "message",
		json_pack(
			"{s:s, s:{s:i, s:i, s:i, s:{s:s, s:s, s:i}, s:[oo], s:[], s:[], s:b}}",
			"hex", octets, "decoded", "id", 0, "flags", 0x8180, "rcode", 0,
			"question", "name", "Flux.example", "type", "A", "class", 1, "answer",
			answer_of("192.0.2.1"), answer_of("192.0.2.2"), "authority",
			"additional", "whole", 1));
	return lookup;
}

static json_t *told(void)
{
	json_t *lookup = lookup_of(&second, 2);

	json_object_set_new(lookup, "ttl", json_null());
	json_object_set_new(lookup, "source", json_string("dns.log"));
	json_object_set_new(lookup, "source_line", json_integer(3));
	return lookup;
}

json_t *segment_of(const struct stored *stored, int sequence, const struct stored *before)
{
	char uuid[] = "00000000-0000-0000-0000-000000000000";
	char sum[HEX_MAX], previous[HEX_MAX];
	json_t *segment;

	uuid[1] = (char)('0' + sequence);
	hex(sum, stored->sha256, SHA256_LEN);
	segment = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:n}", "segment",
			    stored->name, "uuid", uuid, "sha256", sum, "collector",
			    "c0000000-0000-0000-0000-000000000000", "sequence", sequence,
			    "created_at", "2008-04-08T12:00:00Z", "vantage", "vienna",
			    "records", 1, "previous_sha256");
	if (before != NULL) {
		hex(previous, before->sha256, SHA256_LEN);
		json_object_set_new(segment, "previous_sha256", json_string(previous));
	}
	return segment;
}

json_t *make_dossier(void)
{
	return json_pack(
		"{s:s, s:[oo], s:[o], s:[oo], s:[{s:s, s:[oo], s:i, s:o}], s:[{s:s, s:s}]}",
		"domain", "flux.example", "observations", lookup_of(&first, 1), told(),
		"chosen", chosen(), "segments", segment_of(&first, 1, NULL),
		segment_of(&second, 2, &first), "chain", "collector",
		"c0000000-0000-0000-0000-000000000000", "links", segment_of(&first, 1, NULL),
		segment_of(&second, 2, &first), "omitted", 0, "head",
		segment_of(&second, 2, &first), "sources", "source", "dns.log", "sha256",
		"0000000000000000000000000000000000000000000000000000000000000000");
}

json_t *first_of(json_t *dossier, const char *list)
{
	return json_array_get(json_object_get(dossier, list), 0);
}

static void note(void *ctx, const char *line)
{
	size_t len = strlen(said);

	(void)ctx;
	snprintf(said + len, sizeof(said) - len, "%s\n", line);
}

int verify_text(const char *text, struct error *err)
{
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	int result;

	assert_non_null(in);
	verify = (struct verify){.archive = archive, .differs = note};
	said[0] = '\0';
	result = verify_dossier(&verify, in, err);
	fclose(in);
	return result;
}

size_t differences(json_t *dossier)
{
	char *text = json_dumps(dossier, 0);
	struct error err;

	assert_non_null(text);
	if (verify_text(text, &err) != FT_OK)
		fail_msg("%s", err.text);
	free(text);
	json_decref(dossier);
	return verify.differences;
}

void is_refused(json_t *dossier, const char *expected)
{
	char *text = json_dumps(dossier, 0);
	struct error err = {0};

	assert_non_null(text);
	assert_int_equal(verify_text(text, &err), FT_FAIL);
	if (strstr(err.text, expected) == NULL)
		fail_msg("%s", err.text);
	free(text);
	json_decref(dossier);
}
