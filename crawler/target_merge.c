/* SPDX-License-Identifier: MIT */
#include "crawler/target_merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOINED_MAX      384 /* octets of a key with several values */
#define LEFT_OUT_MAX    999999
#define LEFT_OUT_DIGITS 6
#define LEFT_OUT_LEN    (LEFT_OUT_DIGITS + 2) /* ",+999999" */

/* A tag of several values while it is put together. */
struct joined {
	char text[JOINED_MAX + LEFT_OUT_LEN + 1];
	size_t len;
	size_t key;  /* octets of text before the first value */
	size_t room; /* octets for key and values, at most JOINED_MAX */
	unsigned long left_out;
};

static int refuse(struct error *err)
{
	return error_set(err, FT_USAGE, "has tags of more than %d octets", TAGS_MAX);
}

static size_t tag_len(const char *tag)
{
	return strcspn(tag, " ");
}

/* Octets of its key with the "="; of a word without one all. */
static size_t key_len(const char *tag)
{
	size_t key = strcspn(tag, "= ");

	return tag[key] == '=' ? key + 1 : key;
}

/* The one of tags with the key of tag; NULL: none has it. */
static char *find_tag(char *tags, const char *tag)
{
	size_t key = key_len(tag);

	for (char *at = tags; *at != '\0'; at += strspn(at, " ")) {
		if (key_len(at) == key && memcmp(at, tag, key) == 0)
			return at;
		at += tag_len(at);
	}
	return NULL;
}

static bool is_joined(const char *tag)
{
	return strncmp(tag, "feed=", 5) == 0 || strncmp(tag, "dga=", 4) == 0;
}

static bool joined_has(const struct joined *joined, const char *value, size_t len)
{
	for (size_t at = joined->key; at < joined->len;) {
		size_t there = strcspn(joined->text + at, ",");

		if (there == len && memcmp(joined->text + at, value, len) == 0)
			return true;
		at += there + 1;
	}
	return false;
}

static void joined_add_value(struct joined *joined, const char *value, size_t len)
{
	if (joined_has(joined, value, len))
		return;
	if (joined->len + 1 + len > joined->room) {
		joined->left_out++;
		return;
	}
	if (joined->len > joined->key)
		joined->text[joined->len++] = ',';
	memcpy(joined->text + joined->len, value, len);
	joined->len += len;
	joined->text[joined->len] = '\0';
}

static bool is_count(const char *value, size_t len)
{
	return value[0] == '+' && len > 1 && len <= 1 + LEFT_OUT_DIGITS &&
	       strspn(value + 1, "0123456789") == len - 1;
}

static void joined_add(struct joined *joined, const char *tag)
{
	const char *end = tag + tag_len(tag);

	for (const char *value = tag + joined->key; value < end;) {
		size_t len = strcspn(value, ", ");

		if (is_count(value, len))
			joined->left_out += strtoul(value + 1, NULL, 10);
		else
			joined_add_value(joined, value, len);
		value += len + 1;
	}
}

static void joined_finish(struct joined *joined)
{
	unsigned long count = joined->left_out < LEFT_OUT_MAX ? joined->left_out : LEFT_OUT_MAX;

	if (count > 0)
		joined->len +=
			(size_t)snprintf(joined->text + joined->len, LEFT_OUT_LEN + 1, "%s+%lu",
					 joined->len > joined->key ? "," : "", count);
}

/* tag is within tags; more has its key. */
static int join_values(char *tags, char *tag, const char *more, struct error *err)
{
	size_t len = tag_len(tag);
	size_t others = strlen(tags) - len;
	struct joined joined = {.len = key_len(tag), .key = key_len(tag)};

	if (others + LEFT_OUT_LEN < TAGS_MAX)
		joined.room = TAGS_MAX - LEFT_OUT_LEN - others;
	if (joined.room > JOINED_MAX)
		joined.room = JOINED_MAX;
	memcpy(joined.text, tag, joined.key);
	joined_add(&joined, tag);
	joined_add(&joined, more);
	joined_finish(&joined);
	if (others + joined.len > TAGS_MAX)
		return refuse(err);
	memmove(tag + joined.len, tag + len, strlen(tag + len) + 1);
	memcpy(tag, joined.text, joined.len);
	return FT_OK;
}

static int append_tag(char *tags, const char *tag, struct error *err)
{
	size_t used = strlen(tags);
	size_t len = tag_len(tag);

	if (used + (used > 0) + len > TAGS_MAX)
		return refuse(err);
	if (used > 0)
		tags[used++] = ' ';
	memcpy(tags + used, tag, len);
	tags[used + len] = '\0';
	return FT_OK;
}

int target_merge_tags(char tags[TAGS_MAX + 1], const char *more, struct error *err)
{
	for (const char *at = more + strspn(more, " "); *at != '\0'; at += strspn(at, " ")) {
		char *tag = find_tag(tags, at);
		int result = FT_OK;

		if (tag == NULL)
			result = append_tag(tags, at, err);
		else if (is_joined(at))
			result = join_values(tags, tag, at, err);
		if (result != FT_OK)
			return result;
		at += tag_len(at);
	}
	return FT_OK;
}
