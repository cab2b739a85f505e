/* SPDX-License-Identifier: MIT */
#include "crawler/schedule_file.h"

#include "base/file.h"
#include "base/log.h"
#include "base/timefmt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX  ((size_t)2 << 30) /* some 16 million items */
#define LINE_SIZE (2 * NAME_TEXT_SIZE + 128)
#define FIELDS    6 /* and perhaps the parent */

/* The schedule's times are the boot clock's: what to add to get the wall clock's. */
static int64_t wall_offset(const struct clock *clock)
{
	return clock_wall_us(clock) - clock_boot_us(clock);
}

/* A nameserver is left out when its parent's NS was asked and did not name it any more. */
static bool is_kept(const struct target *target)
{
	return target->parent == NULL || target->is_named ||
	       target->parent->items[ITEM_NS].run_lookups == 0;
}

static bool was_asked(const struct schedule_item *item)
{
	return item->lookups > 0 || item->failures > 0;
}

static void put_item(struct buf *out, const struct schedule *schedule,
		     const struct schedule_item *item, int64_t offset_us)
{
	char name[NAME_TEXT_SIZE];
	char parent[NAME_TEXT_SIZE] = "";
	char due[TIME_TEXT_SIZE];
	int64_t due_us = item->taken ? 0 : schedule->heap[item->place].due_us;

	name_to_text(name, item->target->name);
	if (item->target->parent != NULL)
		name_to_text(parent, item->target->parent->name);
	time_format(due, due_us + offset_us);
	buf_printf(out, "%s %s %s %u %u %u%s%s\n", name, qtype_name(schedule_qtype(item)), due,
		   item->lookups, item->failures, item->ttl_s, parent[0] == '\0' ? "" : " ",
		   parent);
}

static void put_target(struct buf *out, const struct schedule *schedule,
		       const struct target *target, int64_t offset_us)
{
	for (int kind = 0; kind < schedule_kinds(target->role); kind++)
		if (was_asked(&target->items[kind]))
			put_item(out, schedule, &target->items[kind], offset_us);
}

static void put_all(struct buf *out, const struct schedule *schedule, int64_t offset_us)
{
	for (size_t i = 0; i < schedule->targets->count; i++)
		if (is_kept(schedule->targets->targets[i]))
			put_target(out, schedule, schedule->targets->targets[i], offset_us);
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
	struct name name;
	int kind;
	int64_t due_wall_us;
	uint32_t lookups;
	uint32_t failures;
	uint32_t ttl_s;
	bool has_parent;
	struct name parent;
};

static bool read_number(const char *text, uint32_t *out)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	*out = (uint32_t)value;
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	       value <= UINT32_MAX;
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

static bool read_line(struct saved_item *out, char *line)
{
	char *words[FIELDS + 1] = {NULL};
	struct error err;
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line != NULL && count <= FIELDS)
		words[count++] = strsep(&line, " ");
	if (line != NULL || count < FIELDS)
		return false;
	out->has_parent = count > FIELDS;
	return name_from_text(&out->name, words[0], &err) == FT_OK &&
	       read_kind(words[1], &out->kind) &&
	       time_parse(words[2], &out->due_wall_us, &err) == FT_OK &&
	       read_number(words[3], &out->lookups) && read_number(words[4], &out->failures) &&
	       read_number(words[5], &out->ttl_s) &&
	       (!out->has_parent || name_from_text(&out->parent, words[6], &err) == FT_OK);
}

/* The target of a saved line, or NULL where it is none now. A nameserver may become one. */
static struct target *find_target(struct schedule *schedule, const struct saved_item *saved,
				  struct error *err)
{
	struct target *parent;

	if (saved->has_parent) {
		parent = target_set_find(schedule->targets, saved->parent.wire);
		if (parent != NULL && parent->role == TARGET_FOLLOWED &&
		    schedule_follow(schedule, parent, saved->name.wire, err) != FT_OK)
			return NULL;
	}
	return target_set_find(schedule->targets, saved->name.wire);
}

static int restore(struct schedule *schedule, const struct saved_item *saved,
		   const struct clock *clock, struct error *err)
{
	struct target *target = find_target(schedule, saved, err);
	struct schedule_item *item;

	if (target == NULL)
		return err->code;
	if (saved->kind >= schedule_kinds(target->role))
		return FT_OK;
	item = &target->items[saved->kind];
	item->lookups = saved->lookups;
	item->failures = (uint8_t)(saved->failures < UINT8_MAX ? saved->failures : UINT8_MAX);
	item->next_ttl_s = saved->ttl_s;
	schedule_restore(schedule, item, saved->due_wall_us - wall_offset(clock),
			 clock_boot_us(clock));
	return FT_OK;
}

static int load_lines(struct schedule *schedule, FILE *file, const struct clock *clock,
		      struct error *err)
{
	char line[LINE_SIZE];
	struct saved_item saved;
	unsigned long long broken = 0;

	while (fgets(line, sizeof(line), file) != NULL) {
		if (!read_line(&saved, line))
			broken++;
		else if (restore(schedule, &saved, clock, err) != FT_OK)
			return err->code;
	}
	if (broken > 0)
		log_warn("%llu lines of the saved schedule are broken: those are asked at once",
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
