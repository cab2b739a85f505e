/* SPDX-License-Identifier: MIT */
/*
 * The names we follow, each once. A target lives as long as its set and never moves, so that
 * pointers to it and to its name hold; it takes no more memory than its name and tags need.
 */
#ifndef CRAWLER_TARGET_H
#define CRAWLER_TARGET_H

#include "store/segment.h"

struct schedule_item;

struct target {
	struct schedule_item *items; /* owned; given by schedule_add, NULL before */
	char *tags;                  /* owned; "family=storm registrar=nic.ru", or NULL */
	struct target *parent;       /* borrowed; the target that named this nameserver */
	enum target_role role;
	uint8_t nameservers; /* how many are followed on its account */
	bool is_capped;      /* it named more than we follow; said once */
	bool is_named;       /* a nameserver that an answer of this run names */
	bool is_recorded;    /* its RECORD_TARGET is in this run's record */
	uint8_t name[];      /* wire form, lower case */
};

struct target_set {
	struct target **targets; /* owned, and each; in the order they came */
	size_t count;
	size_t size;     /* room in targets */
	size_t followed; /* how many of them have role TARGET_FOLLOWED */
	void *by_name;   /* owned; the root of a tree (tsearch) over their names */
};

void target_set_init(struct target_set *set);
void target_set_fini(struct target_set *set);

/*
 * Puts a name into the set; one that is there already gets the tags it lacks (target_merge.h),
 * and of the two roles that which comes first in the enum: it is followed if either mention
 * says so. tags: blank-separated key=value words, "" for none. Returns it, or NULL: FT_USAGE
 * where its tags grow over TAGS_MAX, FT_FAIL where memory is out.
 */
struct target *target_set_add(struct target_set *set, const uint8_t *name,
			      enum target_role role, const char *tags,
			      struct error *err) MUST_CHECK;
struct target *target_set_find(const struct target_set *set, const uint8_t *name);

#endif
