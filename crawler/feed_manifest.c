/* SPDX-License-Identifier: MIT */
#include "crawler/feed_manifest.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

#define CHANGED_MAX_S 253402300799 /* the year 9999: more is no time */

bool event_is_uuid(const char *text)
{
	size_t i;

	for (i = 0; i < EVENT_UUID_LEN; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return text[i] == '\0';
}

/* MISP writes numbers as strings, too. */
static bool read_changed(int64_t *out, const json_t *timestamp)
{
	const char *text = json_string_value(timestamp);
	char *end;

	if (text == NULL) {
		*out = json_integer_value(timestamp);
		return json_is_integer(timestamp) && *out >= 0 && *out <= CHANGED_MAX_S;
	}
	*out = strtoll(text, &end, 10);
	return isdigit((unsigned char)text[0]) && *end == '\0' && *out <= CHANGED_MAX_S;
}

static int compare_events(const void *a, const void *b)
{
	const struct manifest_event *first = a;
	const struct manifest_event *second = b;

	return strcmp(first->uuid, second->uuid);
}

static int take_events(struct manifest *manifest, json_t *json, struct error *err)
{
	const char *key;
	json_t *value;

	json_object_foreach(json, key, value)
	{
		struct manifest_event *event = &manifest->events[manifest->count++];
		char shown[WORD_SHOWN_SIZE];

		escape_word(shown, key);
		if (!event_is_uuid(key))
			return error_set(err, FT_FAIL, "'%s' is no event: not a UUID", shown);
		if (!read_changed(&event->changed_s, json_object_get(value, "timestamp")))
			return error_set(err, FT_FAIL, "event %s has no timestamp", shown);
		memcpy(event->uuid, key, sizeof(event->uuid));
	}
	return FT_OK;
}

static int take_manifest(struct manifest *manifest, json_t *json, struct error *err)
{
	size_t count = json_object_size(json);

	if (count == 0)
		return error_set(err, FT_FAIL, "no event in it");
	if (count > MANIFEST_EVENTS_MAX)
		return error_set(err, FT_FAIL, "%zu events: %d at most", count,
				 MANIFEST_EVENTS_MAX);
	manifest->events = calloc(count, sizeof(*manifest->events));
	if (manifest->events == NULL)
		return error_set(err, FT_FAIL, "no memory for %zu events", count);
	if (take_events(manifest, json, err) != FT_OK)
		return err->code;
	qsort(manifest->events, count, sizeof(*manifest->events), compare_events);
	return FT_OK;
}

int manifest_read(struct manifest *manifest, const char *path, struct error *err)
{
	json_error_t why;
	json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	int result;

	*manifest = (struct manifest){0};
	if (json == NULL)
		return error_set(err, FT_FAIL, "the manifest is no JSON (line %d)", why.line);
	result = take_manifest(manifest, json, err);
	json_decref(json);
	if (result == FT_OK)
		return FT_OK;
	manifest_free(manifest);
	return error_prefix(err, "the manifest");
}

void manifest_free(struct manifest *manifest)
{
	free(manifest->events);
	*manifest = (struct manifest){0};
}

const struct manifest_event *manifest_find(const struct manifest *manifest, const char *uuid)
{
	struct manifest_event key = {.uuid = ""};

	memcpy(key.uuid, uuid, sizeof(key.uuid));
	return bsearch(&key, manifest->events, manifest->count, sizeof(key), compare_events);
}
