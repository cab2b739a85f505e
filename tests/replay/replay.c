/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/segment_file.h"
#include "tests/replay/replay.h"

#define SEAL_US (1000 * DAY) /* days pass in milliseconds: not a file every ten seconds */

struct world world;

static struct target_set names; /* of all lookups ever read; their texts are its tags */

static void answer_by_world(void *ctx, const struct fake_question *question,
			    struct fake_reply *reply)
{
	world.answer(ctx, question, reply);
}

static void forget_record(void)
{
	free(world.lookups);
	world.lookups = NULL;
	world.lookup_count = world.runs = world.followed = world.nameservers = 0;
	world.addresses = world.unannounced = world.jumps = 0;
}

int world_begin(void **state)
{
	struct error err = {0};

	(void)state;
	memset(&world, 0, sizeof(world));
	/* In memory where that is possible: simulated days would wait for a disk all the time.
	 */
	snprintf(world.home, sizeof(world.home), "%s/fluxtrack-replay.XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(world.home) == NULL)
		return -1;
	target_set_init(&world.targets);
	target_set_init(&names);
	fake_start(answer_by_world, NULL);
	for (size_t i = 0; i < 4; i++) {
		if (server_address_parse(&world.servers[i], "127.0.0.1:53", &err) != FT_OK)
			return err.code;
		world.servers[i].ip.bytes[3] = (uint8_t)(i + 1);
	}
	world.server_count = 1;
	return FT_OK;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

int world_end(void **state)
{
	(void)state;
	forget_record();
	target_set_fini(&world.targets);
	target_set_fini(&names);
	return nftw(world.home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void follow_wire(struct target_set *set, const uint8_t *name, const char *tags)
{
	struct error err = {0};

	assert_non_null(target_set_add(set, name, TARGET_FOLLOWED, tags, &err));
}

static void add_name(const char *name, enum target_role role)
{
	struct error err = {0};
	struct name wire;

	assert_int_equal(name_from_text(&wire, name, &err), FT_OK);
	assert_non_null(target_set_add(&world.targets, wire.wire, role, "", &err));
}

void world_follow(const char *name)
{
	add_name(name, TARGET_FOLLOWED);
}

void world_enrich(const char *name)
{
	add_name(name, TARGET_ADDRESS);
}

void world_restart(void)
{
	struct target_set old = world.targets;

	target_set_init(&world.targets);
	for (size_t i = 0; i < old.count; i++)
		if (old.targets[i]->role == TARGET_FOLLOWED)
			follow_wire(&world.targets, old.targets[i]->name, "");
	target_set_fini(&old);
}

/* The set of names keeps their texts, so that thousands of lookups share one. */
static const char *text_of(const uint8_t *wire)
{
	struct target *known = target_set_find(&names, wire);
	char text[NAME_TEXT_SIZE];

	if (known != NULL)
		return known->tags;
	name_to_text(text, wire);
	follow_wire(&names, wire, text);
	return target_set_find(&names, wire)->tags;
}

static void take_lookup(const struct lookup *lookup)
{
	static struct answer answer;
	static size_t size;

	if (world.lookup_count == 0)
		size = 0;
	if (world.lookup_count == size) {
		size = size == 0 ? 1024 : size * 2;
		world.lookups = realloc(world.lookups, size * sizeof(*world.lookups));
		assert_non_null(world.lookups);
	}
	answer_read(lookup, &answer);
	world.lookups[world.lookup_count++] =
		(struct seen_lookup){.name = text_of(lookup->qname),
				     .qtype = lookup->qtype,
				     .outcome = answer.outcome,
				     .asked_us = lookup->asked_boot_us};
}

static void take_record(const struct segment_record *record, struct target_set *announced)
{
	switch (record->type) {
	case RECORD_RUN:
		world.runs++;
		target_set_fini(announced);
		break;
	case RECORD_TARGET:
		follow_wire(announced, record->target.name, "");
		world.followed += record->target.role == TARGET_FOLLOWED;
		world.nameservers += record->target.role == TARGET_NAMESERVER;
		world.addresses += record->target.role == TARGET_ADDRESS;
		break;
	case RECORD_LOOKUP:
		world.unannounced += target_set_find(announced, record->lookup.qname) == NULL;
		take_lookup(&record->lookup);
		break;
	case RECORD_JUMP:
		world.jumps++;
		world.jumped_us = record->jump.jumped_us;
		break;
	default:
		break;
	}
}

static void read_segment(const char *path, struct target_set *announced)
{
	struct error err = {0};
	struct segment_file *file = segment_file_open(path, &err);
	struct segment_record record;
	uint32_t number;
	int got;

	assert_non_null(file);
	while ((got = segment_file_next(file, &record, &number, &err)) > 0)
		take_record(&record, announced);
	if (got < 0)
		fail_msg("%s", err.text);
	segment_file_close(file);
}

static void read_record(void)
{
	struct target_set announced;
	struct error err = {0};
	char **paths;
	size_t count;

	forget_record();
	target_set_init(&announced);
	assert_int_equal(segment_list(world.home, &paths, &count, &err), FT_OK);
	for (size_t i = 0; i < count; i++)
		read_segment(paths[i], &announced);
	segment_list_free(paths, count);
	target_set_fini(&announced);
}

int world_run(fake_answer answer, int64_t for_us, struct error *err)
{
	struct spool_options store = {.home = world.home,
				      .vantage = "replay",
				      .clock = &fake_clock,
				      .seal_us = SEAL_US};
	struct spool *spool = spool_open(&store, err);
	struct crawl_options options = {.home = world.home,
					.targets = &world.targets,
					.spool = spool,
					.clock = &fake_clock,
					.servers = world.servers,
					.server_count = world.server_count,
					.rate_qps = world.rate_qps,
					.for_us = for_us,
					.seed = 1};
	struct error closing = {0};
	struct crawl *crawl;
	int result;

	assert_non_null(spool);
	world.answer = answer;
	crawl = crawl_new(&options, err);
	assert_non_null(crawl);
	result = crawl_run(crawl, err);
	crawl_progress(crawl, &world.progress);
	crawl_free(crawl);
	if (world.before_close != NULL)
		world.before_close();
	if (spool_close(spool, &closing) != FT_OK)
		fail_msg("%s", closing.text);
	read_record();
	return result;
}

void world_run_for(fake_answer answer, int64_t for_us)
{
	struct error err = {0};

	if (world_run(answer, for_us, &err) != FT_OK)
		fail_msg("%s", err.text);
}

void world_pass(fake_answer answer)
{
	world_run_for(answer, 0);
}

size_t lookups_of(const char *name, uint16_t qtype)
{
	size_t count = 0;

	for (size_t i = 0; i < world.lookup_count; i++)
		count += world.lookups[i].qtype == qtype &&
			 strcmp(world.lookups[i].name, name) == 0;
	return count;
}

const struct seen_lookup *nth_lookup(const char *name, uint16_t qtype, size_t n)
{
	for (size_t i = 0; i < world.lookup_count; i++)
		if (world.lookups[i].qtype == qtype &&
		    strcmp(world.lookups[i].name, name) == 0 && n-- == 0)
			return &world.lookups[i];
	fail_msg("%s was asked fewer times than that", name);
	return NULL;
}

int64_t gap_after(const char *name, uint16_t qtype, size_t n)
{
	return nth_lookup(name, qtype, n + 1)->asked_us - nth_lookup(name, qtype, n)->asked_us;
}

size_t lookups_with(enum outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < world.lookup_count; i++)
		count += world.lookups[i].outcome == outcome;
	return count;
}

bool asks(const struct fake_question *question, const char *name)
{
	struct error err;
	struct name wire;

	assert_int_equal(name_from_text(&wire, name, &err), FT_OK);
	return name_equal(question->qname, wire.wire);
}

void reply_ttl(const struct fake_question *question, struct fake_reply *reply, uint32_t ttl_s)
{
	static const uint8_t address[16] = {192, 0, 2, 1};
	static const uint8_t soa[22] = {0, 0, 0, 0, 0, 1}; /* both names the root; serial 1 */
	static const uint8_t server[] = "\2ns\7example";

	fake_reply_empty(reply, question, 0);
	reply->delay_us = SHORTLY;
	if (question->qtype == QTYPE_A)
		fake_reply_add(reply, QTYPE_A, ttl_s, address, 4);
	else if (question->qtype == QTYPE_AAAA)
		fake_reply_add(reply, QTYPE_AAAA, ttl_s, address, 16);
	else if (question->qtype == QTYPE_SOA)
		fake_reply_add(reply, QTYPE_SOA, ttl_s, soa, sizeof(soa));
	else
		fake_reply_add(reply, QTYPE_NS, ttl_s, server, sizeof(server));
}

void reply_rcode(const struct fake_question *question, struct fake_reply *reply, unsigned rcode)
{
	fake_reply_empty(reply, question, rcode);
	reply->delay_us = SHORTLY;
}
