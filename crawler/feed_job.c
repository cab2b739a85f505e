/* SPDX-License-Identifier: MIT */
#include "crawler/feed_job.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define STATE_SUFFIX  ".state"
#define FOLDER_SUFFIX ".d" /* of a MISP feed */
#define CACHE_MODE    0750

int feed_cache_open(char out[PATH_SIZE], const char *home, struct error *err)
{
	if (path_join(out, home, "cache/feeds", err) != FT_OK)
		return err->code;
	return dir_make(out, CACHE_MODE, err);
}

/* A MISP feed is known by its URL, too: what is to be fetched depends on it. */
static void set_format(struct feed_job *job)
{
	if (strcmp(job->config->format, "auto") != 0)
		job->format = job->config->format;
	else if (feed_url_is_manifest(job->config->url))
		job->format = "misp";
	job->is_misp = job->format != NULL && strcmp(job->format, "misp") == 0;
}

/* Of a MISP feed that of its manifest, where the folder's was given. */
static int set_url(struct feed_job *job, struct error *err)
{
	const char *url = job->config->url;
	const char *slash = url[strlen(url) - 1] == '/' ? "" : "/";
	bool is_whole = !job->is_misp || feed_url_is_manifest(url);

	if (snprintf(job->url, sizeof(job->url), "%s%s%s", url, is_whole ? "" : slash,
		     is_whole ? "" : FEED_MANIFEST) >= (int)sizeof(job->url))
		return error_set(err, FT_USAGE, "the URL of feed %s is too long",
				 job->config->name);
	return FT_OK;
}

static int join_suffix(char out[PATH_SIZE], const char *path, const char *suffix,
		       struct error *err)
{
	if (snprintf(out, PATH_SIZE, "%s%s", path, suffix) >= PATH_SIZE)
		return error_set(err, FT_FAIL, "path too long: %.80s...%s", path, suffix);
	return FT_OK;
}

/* What stands beside a body must be no other feed's. */
static int check_name(const char *name, struct error *err)
{
	static const char *const ours[] = {STATE_SUFFIX, FOLDER_SUFFIX, ".part", ".new"};
	const char *suffix = strrchr(name, '.');

	for (size_t i = 0; suffix != NULL && i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(suffix, ours[i]) == 0)
			return error_set(err, FT_USAGE,
					 "feed %s: give it a section of the feeds file whose "
					 "name does not end in %s",
					 name, suffix);
	return FT_OK;
}

static int set_paths(struct feed_job *job, const char *cache, struct error *err)
{
	char path[PATH_SIZE];

	if (check_name(job->config->name, err) != FT_OK ||
	    path_join(path, cache, job->config->name, err) != FT_OK ||
	    join_suffix(job->path, path, job->is_misp ? FOLDER_SUFFIX : "", err) != FT_OK)
		return err->code;
	return join_suffix(job->state_path, path, STATE_SUFFIX, err);
}

/* Of a body that somebody removed nothing may be "not modified". */
static void read_state(struct feed_job *job)
{
	struct error why = {0};

	if (feed_state_read(&job->state, job->state_path, &why) != FT_OK) {
		log_warn("%s; the feed is fetched as if new", why.text);
		job->state = (struct feed_state){0};
	}
	if (job->state.body != FEED_BODY_NONE && access(job->path, F_OK) != 0)
		job->state = (struct feed_state){0};
	job->has_moved = feed_state_adopt(&job->state, job->config);
}

int feed_job_open(struct feed_job *job, const struct feed_config *config, const char *cache,
		  struct error *err)
{
	*job = (struct feed_job){.config = config};
	set_format(job);
	if (set_url(job, err) != FT_OK || set_paths(job, cache, err) != FT_OK)
		return err->code;
	read_state(job);
	return FT_OK;
}

int feed_job_save(const struct feed_job *job, struct error *err)
{
	return feed_state_write(&job->state, job->state_path, err);
}
