/* SPDX-License-Identifier: MIT */
#include "cli/feed_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "cli/home.h"

bool feed_job_is_file(const struct feed_job *job)
{
	return job->config->url[0] == '\0';
}

static bool says_words(const struct target_options *how)
{
	return how->format != NULL || how->tags[0] != '\0';
}

static int refuse_words(struct error *err)
{
	return error_set(err, FT_USAGE,
			 "--format, --family and --tag are for URLs and files; those of a feed "
			 "stand in the feeds file");
}

static int check_use(const struct feed_plan *plan, struct error *err)
{
	const struct target_options *how = plan->how;
	char shown[WORD_SHOWN_SIZE];

	if (how->format != NULL && strcmp(how->format, "auto") != 0 &&
	    !feed_format_is_known(how->format)) {
		escape_word(shown, how->format);
		return error_set(err, FT_USAGE,
				 "--format: '%s' is no format; there are " FEED_FORMATS, shown);
	}
	if (plan->has_words)
		return FT_OK;
	if (says_words(how))
		return refuse_words(err);
	if (how->may_shrink)
		return error_set(err, FT_USAGE, "--drop: name the feeds that may shrink");
	return FT_OK;
}

/* Without the file there are none, unless it was named or is all there is. */
static int read_listed(struct feed_plan *plan, struct error *err)
{
	char path[PATH_SIZE];
	const char *named = plan->how->feeds;

	if (named != NULL)
		return feed_configs_read(plan->listed, named, err);
	if (path_join(path, plan->context->home, "feeds.ini", err) != FT_OK)
		return err->code;
	if (access(path, F_OK) == 0)
		return feed_configs_read(plan->listed, path, err);
	if (plan->has_words)
		return FT_OK;
	return error_set(err, FT_USAGE, "no feeds: give a URL or a file, or write them to %s",
			 path);
}

/* Two of one name would end each other's names. */
static int check_name(const struct feed_plan *plan, const struct feed_config *config,
		      struct error *err)
{
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->jobs[i].config->name, config->name) == 0)
			return error_set(err, FT_USAGE,
					 "two feeds of the name %s: import one, then the "
					 "other, or give each a section of the feeds file",
					 config->name);
	return FT_OK;
}

static int add_feed(struct feed_plan *plan, const struct feed_config *config, struct error *err)
{
	if (check_name(plan, config, err) != FT_OK ||
	    feed_job_open(&plan->jobs[plan->count], config, plan->cache, err) != FT_OK)
		return err->code;
	plan->jobs[plan->count++].is_wanted = true;
	return FT_OK;
}

static int add_url(struct feed_plan *plan, const struct feed_config *config, struct error *err)
{
	if (add_feed(plan, config, err) != FT_OK)
		return err->code;
	if (plan->jobs[plan->count - 1].has_moved)
		return error_set(err, FT_USAGE,
				 "the feed %s came from another URL: give this one a section "
				 "of the feeds file, with a name of its own",
				 config->name);
	return FT_OK;
}

static int add_file(struct feed_plan *plan, const struct feed_config *config, const char *path,
		    struct error *err)
{
	struct feed_job *job = &plan->jobs[plan->count];
	char shown[WORD_SHOWN_SIZE];

	escape_path(shown, path);
	if (check_name(plan, config, err) != FT_OK)
		return err->code;
	*job = (struct feed_job){.config = config,
				 .format = strcmp(config->format, "auto") != 0 ? config->format
									       : NULL,
				 .state = {.body = FEED_BODY_WAITS}};
	if (snprintf(job->path, sizeof(job->path), "%s", path) >= (int)sizeof(job->path))
		return error_set(err, FT_USAGE, "path too long: %s", shown);
	plan->count++;
	return FT_OK;
}

/* A word is the name of a feed, a URL or a file. */
static int add_word(struct feed_plan *plan, const char *word, struct error *err)
{
	const struct feed_config *listed = feed_configs_find(plan->listed, word);
	struct feed_config *config = &plan->given[plan->count];

	if (listed != NULL)
		return says_words(plan->how) ? refuse_words(err) : add_feed(plan, listed, err);
	if (feed_config_from_word(config, word, err) != FT_OK)
		return err->code;
	if (plan->how->format != NULL)
		snprintf(config->format, sizeof(config->format), "%s", plan->how->format);
	snprintf(config->tags, sizeof(config->tags), "%s", plan->how->tags);
	return config->url[0] != '\0' ? add_url(plan, config, err)
				      : add_file(plan, config, word, err);
}

static int add_words(struct feed_plan *plan, struct error *err)
{
	for (int i = 1; i < plan->context->count; i++)
		if (add_word(plan, plan->context->words[i], err) != FT_OK)
			return err->code;
	return FT_OK;
}

static bool has_feed(const struct feed_plan *plan, const struct feed_config *config)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->jobs[i].config == config)
			return true;
	return false;
}

/* All others of the feeds file: to be fetched where no word was given and they are due. */
static int add_listed(struct feed_plan *plan, struct error *err)
{
	int64_t now_us = clock_wall_us(&clock_system);

	for (size_t i = 0; i < plan->listed->count; i++) {
		const struct feed_config *config = &plan->listed->feeds[i];
		struct feed_job *job = &plan->jobs[plan->count];

		if (has_feed(plan, config))
			continue;
		if (add_feed(plan, config, err) != FT_OK)
			return err->code;
		job->is_wanted =
			!plan->has_words && feed_state_is_due(&job->state, config, now_us);
	}
	return FT_OK;
}

static int plan_jobs(struct feed_plan *plan, struct error *err)
{
	size_t words = (size_t)plan->context->count; /* one more than there are: never none */

	plan->listed = calloc(1, sizeof(*plan->listed));
	plan->given = calloc(words, sizeof(*plan->given));
	plan->jobs = calloc(words + FEEDS_MAX, sizeof(*plan->jobs));
	if (plan->listed == NULL || plan->given == NULL || plan->jobs == NULL)
		return error_set(err, FT_FAIL, "no memory for the feeds");
	if (read_listed(plan, err) != FT_OK || add_words(plan, err) != FT_OK)
		return err->code;
	return add_listed(plan, err);
}

static int lock_cache(struct feed_plan *plan, struct error *err)
{
	const char *home = plan->context->home;
	char path[PATH_SIZE];
	int fd; /* stays open: the lock ends with the process */

	if (home_make(home, err) != FT_OK || feed_cache_open(plan->cache, home, err) != FT_OK ||
	    path_join(path, home, "cache/feeds.lock", err) != FT_OK)
		return err->code;
	return file_lock(path, &fd, err);
}

int feed_plan_make(struct feed_plan *plan, const struct context *context,
		   const struct target_options *how, struct error *err)
{
	*plan = (struct feed_plan){
		.context = context, .how = how, .has_words = context->count > 1};
	if (check_use(plan, err) != FT_OK || lock_cache(plan, err) != FT_OK)
		return err->code;
	return plan_jobs(plan, err);
}

void feed_plan_free(struct feed_plan *plan)
{
	free(plan->listed);
	free(plan->given);
	free(plan->jobs);
	*plan = (struct feed_plan){0};
}
