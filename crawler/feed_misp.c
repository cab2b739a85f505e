/* SPDX-License-Identifier: MIT */
#include "crawler/feed_misp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "crawler/feed_download.h"

#define IN_FLIGHT_MAX   4
#define SUFFIX          ".json"
#define EVENT_FILE_SIZE (EVENT_UUID_LEN + sizeof(SUFFIX))

/* One of the few that are fetched at once. */
struct slot {
	struct feed_download download;
	const struct manifest_event *event; /* borrowed; NULL: the slot is free */
};

struct feed_misp {
	struct feed_misp_options options;
	struct manifest manifest;
	size_t next;     /* event to look at */
	uint64_t octets; /* of those that are done */
	size_t missing;  /* events that the server does not have */
	int64_t retry_after_s;
	bool is_new;
	struct slot slots[IN_FLIGHT_MAX];
};

static void event_file(char out[EVENT_FILE_SIZE], const struct manifest_event *event)
{
	snprintf(out, EVENT_FILE_SIZE, "%s" SUFFIX, event->uuid);
}

static bool has_event(const char *path, const struct manifest_event *event)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_mtim.tv_sec == event->changed_s;
}

/* The URL of a file beside the manifest; what stands behind a "?" is not for files. */
static int event_url(char out[FETCH_URL_MAX + 1], const char *manifest_url, const char *file,
		     struct error *err)
{
	size_t len = strcspn(manifest_url, "?#");

	while (len > 0 && manifest_url[len - 1] != '/')
		len--;
	if (len + strlen(file) > FETCH_URL_MAX)
		return error_set(err, FT_FAIL, "the URL of event %s is too long", file);
	snprintf(out, FETCH_URL_MAX + 1, "%.*s%s", (int)len, manifest_url, file);
	return FT_OK;
}

static int start_event(struct feed_misp *misp, struct slot *slot,
		       const struct manifest_event *event, struct error *err)
{
	struct feed_download *download = &slot->download;
	char file[EVENT_FILE_SIZE];
	char url[FETCH_URL_MAX + 1];

	*download = (struct feed_download){.http = misp->options.http,
					   .headers = misp->options.headers,
					   .octets_max = MANIFEST_OCTETS_MAX};
	event_file(file, event);
	if (path_join(download->path, misp->options.dir, file, err) != FT_OK)
		return err->code;
	if (has_event(download->path, event))
		return FT_OK;
	if (event_url(url, misp->options.url, file, err) != FT_OK ||
	    feed_download_start(download, url, err) != FT_OK)
		return err->code;
	slot->event = event;
	return FT_OK;
}

/* With the event's own time, so that the next manifest tells whether it was changed. */
static int keep_event(struct slot *slot, struct error *err)
{
	const struct timespec times[] = {{.tv_nsec = UTIME_OMIT},
					 {.tv_sec = slot->event->changed_s}};

	if (utimensat(AT_FDCWD, slot->download.part, times, 0) != 0)
		return error_set(err, FT_FAIL, "cannot set the time of %s: %s",
				 slot->download.part, strerror(errno));
	return feed_download_keep(&slot->download, err);
}

/* A manifest may be ahead of its events. */
static bool is_missing(const struct feed_download *download)
{
	return download->status == 404 || download->status == 410;
}

static int end_event(struct feed_misp *misp, struct slot *slot, struct error *err)
{
	struct feed_download *download = &slot->download;

	if (is_missing(download)) {
		misp->missing++;
	} else if (download->error.code != FT_OK) {
		*err = download->error;
		misp->retry_after_s = download->retry_after_s;
		return error_prefix(err, "event %s", slot->event->uuid);
	} else if (download->status != 200) {
		return error_set(err, FT_FAIL, "event %s: the server answered %u",
				 slot->event->uuid, download->status);
	} else if (keep_event(slot, err) != FT_OK) {
		return err->code;
	} else {
		misp->octets += download->octets;
		misp->is_new = true;
	}
	feed_download_drop(download);
	slot->event = NULL;
	if (misp->octets > misp->options.octets_max)
		return error_set(
			err, FT_FAIL,
			"its events are longer than allowed: raise max = in feeds.ini");
	return FT_OK;
}

/* Ends what is done in the slot, and starts there what comes next. */
static int turn_slot(struct feed_misp *misp, struct slot *slot, struct error *err)
{
	if (slot->event != NULL && slot->download.is_done &&
	    end_event(misp, slot, err) != FT_OK)
		return err->code;
	while (slot->event == NULL && misp->next < misp->manifest.count)
		if (start_event(misp, slot, &misp->manifest.events[misp->next++], err) != FT_OK)
			return err->code;
	return FT_OK;
}

/* Is it an event that the manifest has no longer? */
static bool is_left_over(const struct feed_misp *misp, const char *file)
{
	char uuid[EVENT_UUID_LEN + 1] = "";
	size_t len = strlen(file);

	if (len != EVENT_FILE_SIZE - 1 || strcmp(file + EVENT_UUID_LEN, SUFFIX) != 0)
		return false;
	memcpy(uuid, file, EVENT_UUID_LEN);
	return event_is_uuid(uuid) && manifest_find(&misp->manifest, uuid) == NULL;
}

static int remove_left_over(struct feed_misp *misp, struct error *err)
{
	DIR *dir = opendir(misp->options.dir);
	const struct dirent *entry;

	if (dir == NULL)
		return error_set(err, FT_FAIL, "cannot read %s: %s", misp->options.dir,
				 strerror(errno));
	while ((entry = readdir(dir)) != NULL) {
		if (!is_left_over(misp, entry->d_name))
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) != 0)
			log_warn("cannot remove %s/%s: %s", misp->options.dir, entry->d_name,
				 strerror(errno));
		misp->is_new = true;
	}
	closedir(dir);
	return FT_OK;
}

struct feed_misp *feed_misp_new(const struct feed_misp_options *options, struct error *err)
{
	struct feed_misp *misp = calloc(1, sizeof(*misp));

	if (misp == NULL) {
		error_set(err, FT_FAIL, "no memory for a MISP feed");
		return NULL;
	}
	misp->options = *options;
	if (manifest_read(&misp->manifest, options->manifest, err) == FT_OK)
		return misp;
	free(misp);
	return NULL;
}

void feed_misp_free(struct feed_misp *misp)
{
	if (misp == NULL)
		return;
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
		feed_download_drop(&misp->slots[i].download);
	manifest_free(&misp->manifest);
	free(misp);
}

int feed_misp_turn(struct feed_misp *misp, struct error *err)
{
	size_t busy = 0;

	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		if (turn_slot(misp, &misp->slots[i], err) != FT_OK)
			return err->code;
		busy += misp->slots[i].event != NULL;
	}
	if (busy > 0)
		return 0;
	if (misp->missing > 0)
		log_warn("%s: the server lacks %zu events of its manifest", misp->options.dir,
			 misp->missing);
	return remove_left_over(misp, err) == FT_OK ? 1 : err->code;
}

uint64_t feed_misp_octets(const struct feed_misp *misp)
{
	uint64_t octets = misp->octets;

	for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
		if (misp->slots[i].event != NULL)
			octets += misp->slots[i].download.octets;
	return octets;
}

int64_t feed_misp_retry_after_s(const struct feed_misp *misp)
{
	return misp->retry_after_s;
}

bool feed_misp_is_new(const struct feed_misp *misp)
{
	return misp->is_new;
}
