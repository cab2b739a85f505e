/* SPDX-License-Identifier: MIT */
#include "crawler/schedule_file.h"

#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX  ((size_t)2 << 30) /* some 16 million names */
#define ITEM_SIZE 96                /* " AAAA " and four numbers of at most 20 digits */
#define LINE_SIZE (2 * NAME_TEXT_SIZE + ITEM_KINDS * ITEM_SIZE)
#define KEPT_US   (INT64_C(7) * 86400 * 1000000) /* of other lists' names, once overdue */

/* The schedule's times are the boot clock's: what to add to get the wall clock's. */
static int64_t wall_offset(const struct clock *clock)
{
	return clock_wall_us(clock) - clock_boot_us(clock);
}

/*
 * A nameserver is left out when its parent's NS was asked and did not name it any more; what
 * tells of an address, always: the database says when it is wanted.
 */
static bool is_kept(const struct target *target)
{
	if (target->role == TARGET_ADDRESS)
		return false;
	return target->parent == NULL || target->is_named ||
	       target->parent->items[ITEM_NS].run_lookups == 0;
}

static bool was_asked(const struct schedule_item *item)
{
	return item->lookups > 0 || item->failures > 0;
}

static size_t item_to_text(char out[ITEM_SIZE], const struct schedule *schedule,
			   const struct schedule_item *item, int64_t offset_us)
{
	int64_t due_us = item->taken ? 0 : schedule->heap[item->place].due_us;

	return (size_t)snprintf(out, ITEM_SIZE, " %s %" PRId64 " %u %u %u",
				qtype_name(schedule_qtype(item)), due_us + offset_us,
				item->lookups, item->failures, item->ttl_s);
}

static void put_target(struct buf *out, const struct schedule *schedule,
		       const struct target *target, int64_t offset_us)
{
	char line[LINE_SIZE];
	size_t name_end = name_to_text(line, target->name);
	size_t len = name_end;

	for (int kind = 0; kind < schedule_kinds(target->role); kind++)
		if (was_asked(&target->items[kind]))
			len += item_to_text(line + len, schedule, &target->items[kind],
					    offset_us);
	if (len == name_end)
		return;
	if (target->parent != NULL) {
		line[len++] = ' ';
		len += name_to_text(line + len, target->parent->name);
	}
	line[len++] = '\n';
	buf_put(out, line, len);
}

static void put_all(struct buf *out, const struct schedule *schedule, int64_t offset_us)
{
	for (size_t i = 0; i < schedule->targets->count; i++)
		if (is_kept(schedule->targets->targets[i]))
			put_target(out, schedule, schedule->targets->targets[i], offset_us);
	buf_put(out, schedule->others.data, schedule->others.len);
}

int schedule_file_save(const struct schedule *schedule, const char *home,
		       const struct clock *clock, struct error *err)
{
	char folder[PATH_SIZE];
	char path[PATH_SIZE];
	struct buf out;
	int result;

	if (path_join(folder, home, "cache", err) != FT_OK ||
	    dir_make(folder, 0755, err) != FT_OK ||
	    path_join(path, folder, "schedule", err) != FT_OK)
		return err->code;
	buf_init(&out, FILE_MAX);
	put_all(&out, schedule, wall_offset(clock));
	if (buf_is_ok(&out))
		result = file_replace(path, out.data, out.len, err);
	else
		result = error_set(err, FT_FAIL, "no memory to write %s", path);
	buf_fini(&out);
	return result;
}

struct saved_item {
	bool is_there;
	int64_t due_wall_us;
	uint32_t lookups;
	uint8_t failures;
	uint32_t ttl_s;
};

struct saved_target {
	const char *line; /* borrowed; all of this as the file has it */
	struct name name;
	struct saved_item items[ITEM_KINDS];
	bool has_parent;
	struct name parent;
};

/* Reads the line's next word, a number of at most max. */
static bool read_number(char **line, uint64_t max, uint64_t *out)
{
	const char *text = strsep(line, " ");
	char *end;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return false;
	*out = strtoull(text, &end, 10); /* ULLONG_MAX, over any max, where it is too long */
	return *end == '\0' && *out <= max;
}

static bool read_kind(const char *text, int *out)
{
	struct schedule_item item = {0};

	for (int kind = 0; kind < ITEM_KINDS; kind++) {
		item.kind = (uint8_t)kind;
		*out = kind;
		if (strcmp(qtype_name(schedule_qtype(&item)), text) == 0)
			return true;
	}
	return false;
}

/* Reads the item of that type, whose numbers the line goes on with. */
static bool read_item(struct saved_target *out, const char *qtype, char **line)
{
	uint64_t due_us;
	uint64_t lookups;
	uint64_t failures;
	uint64_t ttl_s;
	int kind;

	if (!read_kind(qtype, &kind) || !read_number(line, INT64_MAX, &due_us) ||
	    !read_number(line, UINT32_MAX, &lookups) ||
	    !read_number(line, UINT8_MAX, &failures) || !read_number(line, UINT32_MAX, &ttl_s))
		return false;
	out->items[kind] = (struct saved_item){.is_there = true,
					       .due_wall_us = (int64_t)due_us,
					       .lookups = (uint32_t)lookups,
					       .failures = (uint8_t)failures,
					       .ttl_s = (uint32_t)ttl_s};
	return true;
}

static bool read_line(struct saved_target *out, const char *whole)
{
	char copy[LINE_SIZE]; /* to be taken apart */
	char *line = copy;
	struct error err;
	const char *word;

	*out = (struct saved_target){.line = whole};
	snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(whole, "\n"), whole);
	if (name_from_text(&out->name, strsep(&line, " "), &err) != FT_OK)
		return false;
	while ((word = strsep(&line, " ")) != NULL) {
		out->has_parent = line == NULL; /* a last word alone is no item */
		if (out->has_parent)
			return name_from_text(&out->parent, word, &err) == FT_OK;
		if (!read_item(out, word, &line))
			return false;
	}
	return true;
}

/* Follows a saved nameserver on, where the one that named it is followed in this run. */
static int follow_on(struct schedule *schedule, const struct saved_target *saved,
		     struct error *err)
{
	struct target *parent;

	if (!saved->has_parent)
		return FT_OK;
	parent = target_set_find(schedule->targets, saved->parent.wire);
	if (parent == NULL || parent->role != TARGET_FOLLOWED)
		return FT_OK;
	return schedule_follow(schedule, parent, saved->name.wire, err);
}

/* Another list's run will want it, unless that list is not in use any more. */
static void keep_for_others(struct schedule *schedule, const struct saved_target *saved,
			    int64_t now_wall_us)
{
	for (int kind = 0; kind < ITEM_KINDS; kind++) {
		if (!saved->items[kind].is_there ||
		    saved->items[kind].due_wall_us < now_wall_us - KEPT_US)
			continue;
		buf_put(&schedule->others, saved->line, strlen(saved->line));
		return;
	}
}

static void restore_item(struct schedule *schedule, struct schedule_item *item,
			 const struct saved_item *saved, const struct clock *clock)
{
	item->lookups = saved->lookups;
	item->failures = saved->failures;
	item->ttl_s = saved->ttl_s; /* what is not asked in this run is saved again */
	item->next_ttl_s = saved->ttl_s;
	schedule_restore(schedule, item, saved->due_wall_us - wall_offset(clock),
			 clock_boot_us(clock));
}

static int restore(struct schedule *schedule, const struct saved_target *saved,
		   const struct clock *clock, struct error *err)
{
	struct target *target;

	if (follow_on(schedule, saved, err) != FT_OK)
		return err->code;
	target = target_set_find(schedule->targets, saved->name.wire);
	if (target == NULL || target->role == TARGET_ADDRESS) {
		keep_for_others(schedule, saved, clock_wall_us(clock));
		return FT_OK;
	}
	/* Of two lines for a name the first counts: another list's may follow ours. */
	for (int kind = 0; kind < schedule_kinds(target->role); kind++)
		if (saved->items[kind].is_there && !was_asked(&target->items[kind]))
			restore_item(schedule, &target->items[kind], &saved->items[kind],
				     clock);
	return FT_OK;
}

static int load_lines(struct schedule *schedule, FILE *file, const struct clock *clock,
		      struct error *err)
{
	char line[LINE_SIZE];
	struct saved_target saved;
	unsigned long long broken = 0;

	buf_init(&schedule->others, FILE_MAX);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (!read_line(&saved, line))
			broken++;
		else if (restore(schedule, &saved, clock, err) != FT_OK)
			return err->code;
	}
	if (broken > 0)
		log_warn("%llu lines of the saved schedule are broken: those names are asked "
			 "at once",
			 broken);
	return FT_OK;
}

int schedule_file_load(struct schedule *schedule, const char *home, const struct clock *clock,
		       struct error *err)
{
	char path[PATH_SIZE];
	FILE *file;
	int result;

	if (path_join(path, home, "cache/schedule", err) != FT_OK)
		return err->code;
	file = fopen(path, "re");
	if (file == NULL && errno == ENOENT)
		return FT_OK;
	if (file == NULL)
		return error_set(err, FT_FAIL, "cannot open %s: %s", path, strerror(errno));
	result = load_lines(schedule, file, clock, err);
	fclose(file);
	return result;
}
