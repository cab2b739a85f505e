/* SPDX-License-Identifier: MIT */
#include "crawler/crawl.h"

#include "base/log.h"
#include "crawler/schedule_file.h"
#include "store/spool_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US         INT64_C(1000000)
#define REPORT_US         (SECOND_US / 4)
#define SAVE_US           (600 * SECOND_US) /* in a long run, in case it is killed */
#define DRAIN_US          (10 * SECOND_US)  /* over the resolver's budget for a question */
#define STOP_DRAIN_US     (3 * SECOND_US)   /* as long as a person who asked to stop may wait */
#define SPOOL_PATIENCE_US (30 * SECOND_US)

struct crawl {
	struct crawl_options options; /* its pointers are borrowed */
	struct loop *loop;            /* owned */
	struct resolver *resolver;    /* owned */
	struct schedule schedule;     /* owned */
	struct segment_run run;
	bool run_recorded;
	uint64_t lookups;        /* recorded */
	uint64_t failed;         /* of these, without a definite outcome */
	bool draining;           /* asks nothing more, takes what is in flight */
	bool hopeless;           /* no resolver answers, and that was said */
	int64_t bursts_until_us; /* of one pass; 0: not all that was due is asked yet */
	int64_t end_us;          /* of a run of a given length */
	int64_t drain_until_us;
	int64_t spool_trouble_us; /* since when the spool takes nothing; 0: it takes all */
	int64_t report_due_us;
	int64_t save_due_us;
	struct error failure; /* what crawl_run gives back */
};

static int64_t now_us(const struct crawl *crawl)
{
	return clock_boot_us(crawl->options.clock);
}

/* A second reason may shorten the time, and never lengthens it. */
static void start_draining(struct crawl *crawl, int64_t within_us)
{
	int64_t until_us = now_us(crawl) + within_us;

	if (!crawl->draining || until_us < crawl->drain_until_us)
		crawl->drain_until_us = until_us;
	crawl->draining = true;
}

static void fail(struct crawl *crawl, const struct error *err)
{
	if (crawl->failure.code == FT_OK)
		crawl->failure = *err;
	start_draining(crawl, 0);
}

/* A run and a target are recorded before their first lookup, so that without one nothing is. */
static void record_first(struct crawl *crawl, struct target *target)
{
	struct segment_target record = {.name = target->name,
					.role = target->role,
					.tags = target->tags == NULL ? "" : target->tags};

	if (!crawl->run_recorded)
		spool_append_run(crawl->options.spool, &crawl->run);
	crawl->run_recorded = true;
	record.tags_len = strlen(record.tags);
	spool_append_target(crawl->options.spool, &record);
	target->is_recorded = true;
}

static void follow_nameservers(struct crawl *crawl, struct target *parent,
			       const struct answer *answer)
{
	struct error err = {0};

	for (size_t i = 0; i < answer->name_count; i++) {
		const uint8_t *name = answer->names[i].wire;
		struct target *target;

		if (schedule_follow(&crawl->schedule, parent, name, &err) != FT_OK) {
			fail(crawl, &err);
			return;
		}
		target = target_set_find(crawl->options.targets, name);
		if (target != NULL)
			target->is_named = true;
	}
}

static void take_lookup(void *ctx, void *question, const struct lookup *lookup,
			const struct answer *answer)
{
	struct crawl *crawl = ctx;
	struct schedule_item *item = question;

	if (!item->target->is_recorded)
		record_first(crawl, item->target);
	spool_append_lookup(crawl->options.spool, lookup);
	crawl->lookups++;
	if (!outcome_is_definite(answer->outcome)) {
		crawl->failed++;
		return;
	}
	schedule_note_answer(item, answer->has_ttl, answer->ttl_max_s);
	if (item->kind == ITEM_NS && answer->outcome == OUTCOME_ANSWERED)
		follow_nameservers(crawl, item->target, answer);
}

static void take_done(void *ctx, void *question, enum question_end end)
{
	struct crawl *crawl = ctx;

	schedule_put(&crawl->schedule, question, end, now_us(crawl));
}

/* The servers as the user knows them: "192.0.2.53:53, 192.0.2.54:53". */
static void list_servers(const struct crawl *crawl, char *out, size_t size)
{
	char text[SERVER_ADDRESS_TEXT_SIZE];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < crawl->options.server_count; i++) {
		server_address_to_text(text, &crawl->options.servers[i]);
		if (used + strlen(text) + 3 > size)
			return;
		used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "",
					 text);
	}
}

/*
 * Without any server that answers the run ends, for there is nothing to wait for; but a long
 * run that was answered before waits until a server comes back.
 */
static void end_without_hope(struct crawl *crawl)
{
	char servers[300];
	struct error err = {0};

	list_servers(crawl, servers, sizeof(servers));
	if (crawl->lookups == 0)
		error_set(&err, FT_AGAIN,
			  "no resolver answers (asked %s); nothing was recorded; for a try "
			  "without the Internet use scripts/track --lab",
			  servers);
	else
		error_set(&err, FT_AGAIN,
			  "no resolver answers any more (asked %s); what was recorded is safe",
			  servers);
	if (crawl->lookups == 0 || crawl->options.for_us == 0)
		fail(crawl, &err);
	else
		log_warn("%s; waiting for one", err.text);
}

static void check_hope(struct crawl *crawl)
{
	bool was_hopeless = crawl->hopeless;

	crawl->hopeless = !resolver_has_hope(crawl->resolver);
	if (crawl->hopeless && !was_hopeless && !crawl->draining)
		end_without_hope(crawl);
	if (!crawl->hopeless && was_hopeless)
		log_info("a resolver answers again");
}

/* All that was due has been asked, and what is left of the bursts must wait too long. */
static bool is_pass_over(struct crawl *crawl)
{
	const struct schedule *schedule = &crawl->schedule;

	if (schedule->owed > 0)
		return false;
	if (crawl->bursts_until_us == 0)
		crawl->bursts_until_us = now_us(crawl) + SCHEDULE_BURST_US;
	return schedule->bursts == 0 || now_us(crawl) >= crawl->bursts_until_us;
}

static void check_end(struct crawl *crawl)
{
	if (loop_stop_asked(crawl->loop))
		start_draining(crawl, STOP_DRAIN_US);
	else if (crawl->options.for_us == 0 ? is_pass_over(crawl)
					    : now_us(crawl) >= crawl->end_us)
		start_draining(crawl, DRAIN_US);
}

static void ask_due(struct crawl *crawl)
{
	int64_t now = now_us(crawl);

	for (size_t room = resolver_room(crawl->resolver); room > 0; room--) {
		struct schedule_item *item = schedule_take(&crawl->schedule, now);

		if (item == NULL)
			return;
		resolver_ask(crawl->resolver, item->target->name, schedule_qtype(item), item);
	}
}

/* What is lost makes the run a failed one, but there is more to record: it goes on. */
static void note_loss(struct crawl *crawl, const struct error *err)
{
	log_warn("%s", err->text);
	if (crawl->failure.code == FT_OK)
		crawl->failure = *err;
}

/* The spool's state after this turn: FT_OK where it took all and takes more. */
static int commit(struct crawl *crawl, struct error *err)
{
	int result = spool_commit(crawl->options.spool, err);

	if (result == FT_FAIL)
		note_loss(crawl, err);
	else if (result != FT_OK && crawl->spool_trouble_us == 0)
		log_warn("%s; asking pauses", err->text);
	if (result != FT_OK)
		return result;
	if (spool_is_full(crawl->options.spool)) /* it has said so itself */
		return error_set(err, FT_AGAIN, "no space for the spool in %s; free some",
				 crawl->options.home);
	return FT_OK;
}

/* Asking pauses while the spool takes nothing, and the run ends when that lasts. */
static void check_spool(struct crawl *crawl)
{
	struct error err = {0};

	if (commit(crawl, &err) == FT_OK) {
		crawl->spool_trouble_us = 0;
		return;
	}
	if (crawl->spool_trouble_us == 0)
		crawl->spool_trouble_us = now_us(crawl);
	if (now_us(crawl) - crawl->spool_trouble_us < SPOOL_PATIENCE_US)
		return;
	err.code = FT_AGAIN; /* nothing is lost: what is due will be asked again */
	fail(crawl, &err);
}

static void save_schedule(struct crawl *crawl)
{
	struct error err = {0};

	crawl->save_due_us = now_us(crawl) + SAVE_US;
	if (schedule_file_save(&crawl->schedule, crawl->options.home, crawl->options.clock,
			       &err) != FT_OK)
		log_warn("%s; the next run asks more than is due", err.text);
}

static void report(struct crawl *crawl)
{
	struct crawl_progress progress;

	if (crawl->options.report == NULL || now_us(crawl) < crawl->report_due_us)
		return;
	crawl->report_due_us = now_us(crawl) + REPORT_US;
	crawl_progress(crawl, &progress);
	crawl->options.report(crawl->options.report_ctx, &progress);
}

static void turn(void *ctx)
{
	struct crawl *crawl = ctx;

	check_end(crawl);
	check_hope(crawl);
	if (!crawl->draining && crawl->spool_trouble_us == 0)
		ask_due(crawl);
	resolver_turn(crawl->resolver);
	check_spool(crawl);
	if (now_us(crawl) >= crawl->save_due_us)
		save_schedule(crawl);
	report(crawl);
	if (crawl->draining && (resolver_in_flight(crawl->resolver) == 0 ||
				now_us(crawl) >= crawl->drain_until_us))
		loop_stop(crawl->loop);
}

/* At most twice its even share for each server: those that are left when others fail do not
 * bear all. */
static int start_resolver(struct crawl *crawl, struct error *err)
{
	const struct crawl_options *options = &crawl->options;
	struct resolver_options resolver = {.servers = options->servers,
					    .server_count = options->server_count,
					    .rate_qps = options->rate_qps,
					    .server_rate_qps = 2 * options->rate_qps /
							       (double)options->server_count};
	struct resolver_sink sink = {take_lookup, take_done, crawl};

	crawl->resolver = resolver_new(&resolver, crawl->loop, options->clock, &sink, err);
	return crawl->resolver == NULL ? err->code : FT_OK;
}

static int start_run(struct crawl *crawl, struct error *err)
{
	struct segment_run *run = &crawl->run;

	if (uuid_make(run->uuid, err) != FT_OK)
		return err->code;
	run->started_wall_us = clock_wall_us(crawl->options.clock);
	snprintf(run->version, sizeof(run->version), "%s", FLUXTRACK_VERSION);
	return FT_OK;
}

struct crawl *crawl_new(const struct crawl_options *options, struct error *err)
{
	struct crawl *crawl = calloc(1, sizeof(*crawl));

	if (crawl == NULL) {
		error_set(err, FT_FAIL, "out of memory for the crawl");
		return NULL;
	}
	crawl->options = *options;
	schedule_init(&crawl->schedule, options->targets, options->seed);
	if (start_run(crawl, err) != FT_OK || schedule_fill(&crawl->schedule, err) != FT_OK ||
	    schedule_file_load(&crawl->schedule, options->home, options->clock, err) != FT_OK)
		goto fail;
	crawl->loop = loop_new(turn, crawl, err);
	if (crawl->loop == NULL || start_resolver(crawl, err) != FT_OK)
		goto fail;
	return crawl;
fail:
	crawl_free(crawl);
	return NULL;
}

void crawl_free(struct crawl *crawl)
{
	if (crawl == NULL)
		return;
	if (crawl->resolver != NULL)
		resolver_free(crawl->resolver);
	if (crawl->loop != NULL)
		loop_free(crawl->loop);
	schedule_fini(&crawl->schedule);
	free(crawl);
}

int crawl_run(struct crawl *crawl, struct error *err)
{
	int64_t now = now_us(crawl);

	crawl->save_due_us = now + SAVE_US;
	crawl->end_us = crawl->options.for_us > INT64_MAX - now ? INT64_MAX
								: now + crawl->options.for_us;
	loop_run(crawl->loop);
	save_schedule(crawl);
	if (crawl->failure.code != FT_OK)
		*err = crawl->failure;
	return crawl->failure.code;
}

void crawl_progress(const struct crawl *crawl, struct crawl_progress *out)
{
	const struct target_set *targets = crawl->options.targets;
	int64_t next_us = schedule_next_us(&crawl->schedule);
	int64_t now = now_us(crawl);

	out->targets = targets->followed;
	out->nameservers = targets->count - targets->followed;
	out->lookups = crawl->lookups;
	out->failed = crawl->failed;
	out->in_flight = resolver_in_flight(crawl->resolver);
	out->next_due_us = next_us > now && next_us < INT64_MAX ? next_us - now : 0;
}
