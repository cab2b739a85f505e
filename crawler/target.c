/* SPDX-License-Identifier: MIT */
#include "crawler/target.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/target_merge.h"

static struct target *target_of(const uint8_t *name)
{
	return (struct target *)(uintptr_t)(name - offsetof(struct target, name));
}

static int compare_names(const void *a, const void *b)
{
	return name_compare(a, b);
}

static void keep_name(void *name)
{
	(void)name; /* it is inside its target, which the array owns */
}

void target_set_init(struct target_set *set)
{
	memset(set, 0, sizeof(*set));
}

void target_set_fini(struct target_set *set)
{
	tdestroy(set->by_name, keep_name);
	for (size_t i = 0; i < set->count; i++) {
		free(set->targets[i]->items);
		free(set->targets[i]->tags);
		free(set->targets[i]);
	}
	free(set->targets);
	target_set_init(set);
}

struct target *target_set_find(const struct target_set *set, const uint8_t *name)
{
	uint8_t *const *found = tfind(name, &set->by_name, compare_names);

	return found == NULL ? NULL : target_of(*found);
}

static int target_add_tags(struct target *target, const char *more, struct error *err)
{
	char tags[TAGS_MAX + 1] = "";
	char *copy;

	if (more[0] == '\0')
		return FT_OK;
	if (target->tags != NULL)
		memcpy(tags, target->tags, strlen(target->tags) + 1);
	if (target_merge_tags(tags, more, err) != FT_OK)
		return err->code;
	copy = strdup(tags);
	if (copy == NULL)
		return error_set(err, FT_FAIL, "out of memory for targets");
	free(target->tags);
	target->tags = copy;
	return FT_OK;
}

static int make_room(struct target_set *set, struct error *err)
{
	size_t size = set->size == 0 ? 64 : set->size * 2;
	struct target **targets;

	if (set->count < set->size)
		return FT_OK;
	targets = realloc(set->targets, size * sizeof(struct target *));
	if (targets == NULL)
		return error_set(err, FT_FAIL, "out of memory for targets");
	set->targets = targets;
	set->size = size;
	return FT_OK;
}

static struct target *insert(struct target_set *set, const uint8_t *name, struct error *err)
{
	size_t len = name_len(name);
	struct target *target;

	if (make_room(set, err) != FT_OK)
		return NULL;
	target = calloc(1, sizeof(*target) + len);
	if (target == NULL)
		goto no_memory;
	memcpy(target->name, name, len);
	name_lower(target->name);
	target->role = TARGET_ADDRESS; /* the least; the mention that made it says more */
	if (tsearch(target->name, &set->by_name, compare_names) == NULL)
		goto no_memory;
	set->targets[set->count++] = target;
	return target;
no_memory:
	free(target);
	error_set(err, FT_FAIL, "out of memory for targets");
	return NULL;
}

struct target *target_set_add(struct target_set *set, const uint8_t *name,
			      enum target_role role, const char *tags, struct error *err)
{
	struct target *target = target_set_find(set, name);

	if (target == NULL)
		target = insert(set, name, err);
	if (target == NULL)
		return NULL;
	if (role < target->role) {
		target->role = role;
		set->followed += role == TARGET_FOLLOWED;
	}
	return target_add_tags(target, tags, err) == FT_OK ? target : NULL;
}
