/* SPDX-License-Identifier: MIT */
#include "crawler/schedule.h"

#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NEVER_ASKED_US INT64_C(0) /* due since the boot: before all that was asked */
#define SECOND_US      INT64_C(1000000)
#define MINUTE_S       60
#define HOUR_S         3600
#define WEEK_S         (7 * 24 * HOUR_S)
#define RETRY_S        60 /* after the first failure, doubling up to RETRY_MAX_S */
#define RETRY_MAX_S    3600
#define POSTPONED_S    1  /* our side's fault: the resolver says when it can be asked again */
#define BURST_TTL_S    2  /* below this a name is asked in a burst in every run */
#define TTL_MEMORY     4  /* the highest TTL is of the last 4 to 8 answers */
#define JITTER_SHARE   10 /* at most a tenth more */

struct rule {
	uint16_t qtype;
	uint32_t floor_s;
	uint32_t ceiling_s;
	uint32_t burst_lookups; /* 0: no burst */
	uint32_t burst_floor_s;
};

/* HACKING.md, "The schedule". Nameservers are asked the first two alone. */
static const struct rule rules[] = {
	[ITEM_A] = {QTYPE_A, MINUTE_S, HOUR_S, 20, 2},
	[ITEM_AAAA] = {QTYPE_AAAA, 10 * MINUTE_S, 6 * HOUR_S, 0, 0},
	[ITEM_NS] = {QTYPE_NS, 5 * MINUTE_S, HOUR_S, 6, 5},
	[ITEM_SOA] = {QTYPE_SOA, HOUR_S, HOUR_S, 0, 0},
	[ITEM_PTR] = {QTYPE_PTR, WEEK_S, WEEK_S, 0, 0},
	[ITEM_TXT] = {QTYPE_TXT, WEEK_S, WEEK_S, 0, 0},
};

int schedule_kinds(enum target_role role)
{
	switch (role) {
	case TARGET_FOLLOWED:
		return ITEM_KINDS;
	case TARGET_NAMESERVER:
		return ITEM_AAAA + 1;
	case TARGET_ADDRESS:
		break;
	}
	return 1;
}

static enum item_kind first_kind(const struct target *target)
{
	static const uint8_t arpa[] = "\4arpa";

	if (target->role != TARGET_ADDRESS)
		return ITEM_A;
	return name_is_under(target->name, arpa) ? ITEM_PTR : ITEM_TXT;
}

uint16_t schedule_qtype(const struct schedule_item *item)
{
	return rules[item->kind].qtype;
}

void schedule_init(struct schedule *schedule, struct target_set *targets, uint64_t seed)
{
	memset(schedule, 0, sizeof(*schedule));
	schedule->targets = targets;
	schedule->random = seed;
}

void schedule_fini(struct schedule *schedule)
{
	free(schedule->heap);
	buf_fini(&schedule->others);
}

/* SplitMix64: spreads load, guards nothing. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void place_item(struct schedule *schedule, size_t at, struct schedule_place place)
{
	schedule->heap[at] = place;
	place.item->place = at;
}

static void sift_up(struct schedule *schedule, size_t at)
{
	struct schedule_place moving = schedule->heap[at];

	while (at > 0 && moving.due_us < schedule->heap[(at - 1) / 2].due_us) {
		place_item(schedule, at, schedule->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	place_item(schedule, at, moving);
}

static void sift_down(struct schedule *schedule, size_t at)
{
	struct schedule_place moving = schedule->heap[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < schedule->count &&
		    schedule->heap[child + 1].due_us < schedule->heap[child].due_us)
			child++;
		if (child >= schedule->count || schedule->heap[child].due_us >= moving.due_us)
			break;
		place_item(schedule, at, schedule->heap[child]);
		at = child;
	}
	place_item(schedule, at, moving);
}

static void wait_until(struct schedule *schedule, struct schedule_item *item, int64_t due_us)
{
	assert(schedule->count < schedule->size);
	place_item(schedule, schedule->count, (struct schedule_place){due_us, item});
	sift_up(schedule, schedule->count++);
}

static void set_owed(struct schedule *schedule, struct schedule_item *item, bool is_owed)
{
	schedule->owed += (size_t)is_owed - (size_t)item->is_owed;
	item->is_owed = is_owed;
}

static void set_burst(struct schedule *schedule, struct schedule_item *item, bool is_burst)
{
	schedule->bursts += (size_t)is_burst - (size_t)item->is_burst;
	item->is_burst = is_burst;
}

/* Room for more items, so that nothing is allocated when they come back. */
static int make_room(struct schedule *schedule, size_t more, struct error *err)
{
	size_t size = schedule->size == 0 ? 256 : schedule->size;
	struct schedule_place *heap;

	if (schedule->items + more <= schedule->size)
		return FT_OK;
	while (size < schedule->items + more)
		size *= 2;
	heap = realloc(schedule->heap, size * sizeof(*heap));
	if (heap == NULL)
		return error_set(err, FT_FAIL, "out of memory for the schedule");
	schedule->heap = heap;
	schedule->size = size;
	return FT_OK;
}

static int add_target(struct schedule *schedule, struct target *target, struct error *err)
{
	size_t kinds = (size_t)schedule_kinds(target->role);

	if (make_room(schedule, kinds, err) != FT_OK)
		return err->code;
	target->items = calloc(kinds, sizeof(struct schedule_item));
	if (target->items == NULL)
		return error_set(err, FT_FAIL, "out of memory for the schedule");
	for (size_t i = 0; i < kinds; i++) {
		struct schedule_item *item = &target->items[i];

		item->target = target;
		item->kind = (uint8_t)(first_kind(target) + i);
		set_owed(schedule, item, true);
		wait_until(schedule, item, NEVER_ASKED_US);
	}
	schedule->items += kinds;
	return FT_OK;
}

int schedule_fill(struct schedule *schedule, struct error *err)
{
	for (size_t i = 0; i < schedule->targets->count; i++)
		if (add_target(schedule, schedule->targets->targets[i], err) != FT_OK)
			return err->code;
	return FT_OK;
}

/* The root and top-level names serve nobody; a hostile zone may name them all the same. */
static bool is_nobody(const uint8_t *name)
{
	return name[0] == 0 || name[1 + name[0]] == 0;
}

static void say_capped(struct target *parent)
{
	char text[NAME_TEXT_SIZE];

	if (parent->is_capped)
		return;
	parent->is_capped = true;
	name_to_text(text, parent->name);
	log_info("%s names more nameservers than the %d that are followed", text,
		 SCHEDULE_NAMESERVERS_MAX);
}

int schedule_follow(struct schedule *schedule, struct target *parent, const uint8_t *name,
		    struct error *err)
{
	struct target *target = target_set_find(schedule->targets, name);

	if (target != NULL || is_nobody(name))
		return FT_OK;
	if (parent->nameservers == SCHEDULE_NAMESERVERS_MAX) {
		say_capped(parent);
		return FT_OK;
	}
	target = target_set_add(schedule->targets, name, TARGET_NAMESERVER, "", err);
	if (target == NULL || add_target(schedule, target, err) != FT_OK)
		return err->code;
	target->parent = parent;
	parent->nameservers++;
	return FT_OK;
}

struct schedule_item *schedule_take(struct schedule *schedule, int64_t now_us)
{
	struct schedule_item *item;

	if (schedule->count == 0 || schedule->heap[0].due_us > now_us)
		return NULL;
	item = schedule->heap[0].item;
	assert(!item->taken);
	item->taken = true;
	if (--schedule->count > 0) {
		place_item(schedule, 0, schedule->heap[schedule->count]);
		sift_down(schedule, 0);
	}
	return item;
}

void schedule_note_answer(struct schedule_item *item, bool has_ttl, uint32_t ttl_s)
{
	item->has_ttl = has_ttl;
	if (!has_ttl)
		return;
	if (item->run_lookups % TTL_MEMORY == 0) {
		item->ttl_s = item->next_ttl_s;
		item->next_ttl_s = 0;
	}
	if (ttl_s > item->next_ttl_s)
		item->next_ttl_s = ttl_s;
	if (ttl_s > item->ttl_s)
		item->ttl_s = ttl_s;
}

/* A name that is not judged yet, or that changes with every answer, is asked in a burst. */
static bool is_in_burst(const struct schedule_item *item)
{
	uint32_t limit = rules[item->kind].burst_lookups;

	return item->has_ttl && (item->lookups < limit ||
				 (item->run_lookups < limit && item->ttl_s < BURST_TTL_S));
}

static uint32_t answer_wait_s(const struct schedule_item *item, bool in_burst)
{
	const struct rule *rule = &rules[item->kind];
	uint32_t floor_s = in_burst ? rule->burst_floor_s : rule->floor_s;
	uint32_t wait_s = item->has_ttl ? item->ttl_s : 0;

	wait_s = wait_s < rule->ceiling_s ? wait_s + 1 : rule->ceiling_s;
	return wait_s > floor_s ? wait_s : floor_s;
}

/* What tells of an address is asked once a run: the database says when it is wanted again. */
static uint32_t retry_wait_s(const struct schedule_item *item)
{
	unsigned failures = item->failures;
	uint32_t wait_s = RETRY_S;

	if (item->kind >= ITEM_KINDS)
		return rules[item->kind].floor_s;
	while (--failures > 0 && wait_s < RETRY_MAX_S)
		wait_s *= 2;
	return wait_s < RETRY_MAX_S ? wait_s : RETRY_MAX_S;
}

static int64_t with_jitter(struct schedule *schedule, uint32_t wait_s)
{
	int64_t wait_us = wait_s * SECOND_US;

	return wait_us +
	       (int64_t)(random_next(&schedule->random) % (uint64_t)(wait_us / JITTER_SHARE));
}

/* Counts how the question ended; returns the wait until the next. */
static int64_t settle(struct schedule *schedule, struct schedule_item *item,
		      enum question_end end)
{
	bool in_burst;
	int64_t wait_us;

	if (end == QUESTION_POSTPONED)
		return with_jitter(schedule, POSTPONED_S);
	set_owed(schedule, item, false);
	set_burst(schedule, item, false);
	if (end == QUESTION_UNSETTLED) {
		if (item->failures < UINT8_MAX)
			item->failures++;
		return with_jitter(schedule, retry_wait_s(item));
	}
	item->failures = 0;
	item->lookups++;
	item->run_lookups++;
	in_burst = is_in_burst(item);
	wait_us = with_jitter(schedule, answer_wait_s(item, in_burst));
	set_burst(schedule, item, in_burst && wait_us <= SCHEDULE_BURST_US);
	return wait_us;
}

void schedule_put(struct schedule *schedule, struct schedule_item *item, enum question_end end,
		  int64_t now_us)
{
	assert(item->taken);
	item->taken = false;
	wait_until(schedule, item, now_us + settle(schedule, item, end));
}

int64_t schedule_next_us(const struct schedule *schedule)
{
	return schedule->count > 0 ? schedule->heap[0].due_us : INT64_MAX;
}

void schedule_restore(struct schedule *schedule, struct schedule_item *item, int64_t due_us,
		      int64_t now_us)
{
	int64_t latest_us = now_us + rules[item->kind].ceiling_s * SECOND_US;

	assert(!item->taken);
	if (due_us > latest_us)
		due_us = latest_us;
	if (due_us <= now_us)
		return;
	set_owed(schedule, item, false);
	schedule->heap[item->place].due_us = due_us;
	sift_down(schedule, item->place);
}
