/* SPDX-License-Identifier: MIT */
/*
 * What to ask, and when: an item for each target and type of question, ordered by due time. An
 * item is either waiting here or taken, so it is never in flight twice. Pure: time and seed
 * come from the caller, who asks and tells what came. Times are boot clock microseconds, so
 * that a step of the wall clock changes nothing.
 *
 * The rules (floor, ceiling, burst) are the table in HACKING.md, "The schedule". The TTL that
 * counts is the highest of the last answers, for behind a cache we see what remains of it; not
 * the highest ever, for a parked name with a TTL of a day may begin to flux.
 */
#ifndef CRAWLER_SCHEDULE_H
#define CRAWLER_SCHEDULE_H

#include "crawler/target.h"
#include "resolver/resolver.h"

enum item_kind {
	ITEM_A,
	ITEM_AAAA,
	ITEM_NS,
	ITEM_SOA,
	ITEM_KINDS,            /* of a followed name */
	ITEM_PTR = ITEM_KINDS, /* this or TXT is the one kind of a target of role address */
	ITEM_TXT,
};

struct schedule_item {
	struct target *target; /* borrowed */
	size_t place;          /* in the heap, while waiting */
	uint32_t lookups;      /* definite answers in all, over all runs */
	uint32_t run_lookups;  /* the same in this run */
	uint32_t ttl_s;        /* the highest of the last answers */
	uint32_t next_ttl_s;   /* takes its place in time */
	uint8_t kind;          /* enum item_kind */
	uint8_t failures;      /* in a row */
	bool taken;
	bool has_ttl;  /* the last answer told one */
	bool is_owed;  /* due and not asked yet in this run */
	bool is_burst; /* its next lookup is one of a burst, within SCHEDULE_BURST_US */
};

struct schedule_place {
	int64_t due_us;
	struct schedule_item *item; /* its target's */
};

#define SCHEDULE_BURST_US        INT64_C(60000000) /* how long a pass goes on with bursts */
#define SCHEDULE_NAMESERVERS_MAX 13                /* followed for one target */

struct schedule {
	struct target_set *targets;  /* borrowed; nameservers are added to it */
	struct schedule_place *heap; /* owned */
	size_t count;                /* waiting */
	size_t size;                 /* room in heap: for the taken ones too */
	size_t items;                /* in all; they belong to their targets */
	size_t owed;                 /* items that are owed, waiting or taken */
	size_t bursts;               /* items in a burst, waiting or taken */
	struct buf others;           /* owned; what schedule_file.h keeps for other lists */
	uint64_t random;
};

void schedule_init(struct schedule *schedule, struct target_set *targets, uint64_t seed);
void schedule_fini(struct schedule *schedule);

/* Adds the items of all targets of the set, due at once. The targets own them. */
int schedule_fill(struct schedule *schedule, struct error *err) MUST_CHECK;
/*
 * Follows a nameserver that parent names, from now on, where its name is not a target already
 * and parent has not its share (SCHEDULE_NAMESERVERS_MAX; said once).
 */
int schedule_follow(struct schedule *schedule, struct target *parent, const uint8_t *name,
		    struct error *err) MUST_CHECK;
/* The item that is due longest, now the caller's; NULL where none is due. */
struct schedule_item *schedule_take(struct schedule *schedule, int64_t now_us);
/* A definite answer came to a taken item; ttl_s counts only where has_ttl. */
void schedule_note_answer(struct schedule_item *item, bool has_ttl, uint32_t ttl_s);
/* Gives a taken item back with how its question ended; sets when it is due next. */
void schedule_put(struct schedule *schedule, struct schedule_item *item, enum question_end end,
		  int64_t now_us);
/* When the next item is due; INT64_MAX where none waits. */
int64_t schedule_next_us(const struct schedule *schedule);

/*
 * Moves a waiting item, fresh in this run, to what an earlier run left: never before now, never
 * later than its ceiling from now.
 */
void schedule_restore(struct schedule *schedule, struct schedule_item *item, int64_t due_us,
		      int64_t now_us);

/* How many items a target of that role has: the first kinds; of role address, PTR or TXT. */
int schedule_kinds(enum target_role role);
uint16_t schedule_qtype(const struct schedule_item *item);

#endif
