/* SPDX-License-Identifier: MIT */
/* The manifest.json of a MISP feed: which events there are, and when each was changed. */
#ifndef CRAWLER_FEED_MANIFEST_H
#define CRAWLER_FEED_MANIFEST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MANIFEST_EVENTS_MAX 10000
#define MANIFEST_OCTETS_MAX (64 * 1024 * 1024) /* of it, and of an event */
#define EVENT_UUID_LEN      36

struct manifest_event {
	char uuid[EVENT_UUID_LEN + 1]; /* hexadecimal digits and dashes alone: no path */
	int64_t changed_s;             /* wall clock */
};

struct manifest {
	struct manifest_event *events; /* owned; sorted by uuid */
	size_t count;
};

/* Is text an event's name? */
bool event_is_uuid(const char *text);

/* An event whose name is no UUID, or that has no timestamp, is an error. */
int manifest_read(struct manifest *manifest, const char *path, struct error *err) MUST_CHECK;
void manifest_free(struct manifest *manifest);
/* NULL: there is none of that name, a UUID. */
const struct manifest_event *manifest_find(const struct manifest *manifest, const char *uuid);

#endif
