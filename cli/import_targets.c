/* SPDX-License-Identifier: MIT */
/*
 * What is named is fetched into the cache, all at once, and then imported, one after the other.
 * A feed that fails is told and stops no other. What was fetched and could not be imported
 * waits in the cache for the next call.
 */
#include "cli/import_targets.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/feed_plan.h"
#include "cli/open.h"
#include "crawler/feed_fetch.h"
#include "report/reporter.h"

#define WAITS "what was fetched waits in the cache"

/* One call. */
struct import {
	struct feed_plan plan;
	bool has_imported;
	struct reporter reporter; /* who we are; "" where that is not known */
	const char *own[2];       /* into reporter; ends with NULL */
	struct error first;       /* failure; it decides the exit code */
};

/* Of several failures the first is told last, by main. */
static void keep_failure(struct import *import, const struct error *why)
{
	if (import->first.code == FT_OK)
		import->first = *why;
	else
		log_warn("%s", why->text);
}

/* Is there something to import that was not, or that may now be imported otherwise? */
static bool should_import(const struct import *import, const struct feed_job *job)
{
	if (job->state.body == FEED_BODY_NONE || job->state.body == FEED_BODY_WAITS)
		return job->state.body == FEED_BODY_WAITS;
	return job->is_wanted && job->error.code == FT_OK &&
	       (job->state.body == FEED_BODY_FAILED || import->plan.how->may_shrink);
}

static void keep_fetch_failure(struct import *import, const struct feed_job *job)
{
	struct error why = job->error;

	error_prefix(&why, "feed %s", job->config->name);
	keep_failure(import, &why);
}

/* Who names a feed wants to know that it is in the database. */
static bool tell_fetches(struct import *import)
{
	bool should = false;

	for (size_t i = 0; i < import->plan.count; i++) {
		const struct feed_job *job = &import->plan.jobs[i];

		if (job->error.code != FT_OK)
			keep_fetch_failure(import, job);
		else if (job->is_wanted && import->plan.has_words)
			should = true;
		should = should || should_import(import, job);
	}
	return should;
}

static void tell_totals(const struct feed_job *job, const struct feed_totals *totals)
{
	char refused[FEED_REFUSALS_SIZE];

	feed_refusals_text(refused, totals);
	log_info("%s (%s): names %" PRIu64 ", of them new %" PRIu64 ", with other tags %" PRIu64
		 "; gone %" PRIu64 "%s%s",
		 job->config->name, totals->format, totals->names, totals->added,
		 totals->changed, totals->gone, refused[0] != '\0' ? "; refused: " : "",
		 refused);
}

/* Names that are ours are refused; where it is not known who we are, none is. */
static void find_own(struct import *import)
{
	struct error why = {0};
	char path[PATH_SIZE];

	if (path_join(path, import->plan.context->home, "reporter.ini", &why) == FT_OK &&
	    access(path, F_OK) == 0 &&
	    reporter_read(&import->reporter, import->plan.context->home, &why) != FT_OK)
		log_warn("%s; names of ours are not known", why.text);
	if (why.code == FT_OK && import->reporter.domain[0] != '\0')
		import->own[0] = import->reporter.domain;
}

static int import_job(const struct import *import, struct db *db, struct feed_job *job,
		      struct error *err)
{
	const struct feed_config *config = job->config;
	const struct feed_source source = {.name = config->name,
					   .path = job->path,
					   .format = job->format,
					   .tags = config->tags,
					   .own = import->own,
					   .may_shrink = import->plan.how->may_shrink,
					   .octets_max = config->octets_max};
	struct feed_totals totals = {0};

	if (feed_import(db, &source, &totals, err) != FT_OK)
		return err->code;
	tell_totals(job, &totals);
	return FT_OK;
}

/* What can be read no better the next time is not tried again before the next fetch. */
static void keep_body_failure(struct feed_job *job, const struct error *why)
{
	const struct feed_try end = {.ended_us = clock_wall_us(&clock_system),
				     .outcome = why->text};

	if (why->code == FT_AGAIN)
		return;
	job->state.body = FEED_BODY_FAILED;
	feed_state_tried(&job->state, job->config, &end);
}

/* Names of a feed that this database does not know would go from the list. */
static int find_forgotten(struct import *import, struct db *db, struct error *err)
{
	for (size_t i = 0; i < import->plan.count; i++) {
		struct feed_job *job = &import->plan.jobs[i];
		const char *name = job->config->name;
		char known[2];

		if (job->state.body != FEED_BODY_IMPORTED)
			continue;
		if (db_value(db, "select 1 from feed where name = $1", 1, &name, known,
			     sizeof(known), err) != FT_OK)
			return err->code;
		if (known[0] == '\0')
			job->state.body = FEED_BODY_WAITS;
	}
	return FT_OK;
}

/* What the user did not name is told only where there is something new. */
static void pass_over(const struct import *import, const struct feed_job *job)
{
	if (import->plan.has_words && job->is_wanted && job->error.code == FT_OK)
		log_info("%s: nothing new", job->config->name);
}

static void import_jobs(struct import *import, struct db *db)
{
	for (size_t i = 0; i < import->plan.count; i++) {
		struct feed_job *job = &import->plan.jobs[i];
		struct error why = {0};

		if (!should_import(import, job)) {
			pass_over(import, job);
			continue;
		}
		if (import_job(import, db, job, &why) == FT_OK) {
			job->state.body = FEED_BODY_IMPORTED;
			import->has_imported = true;
			continue;
		}
		keep_failure(import, &why);
		keep_body_failure(job, &why);
	}
}

/* Only what is on the list, too, counts as imported: else it is imported again. */
static int save_jobs(const struct import *import, struct error *err)
{
	for (size_t i = 0; i < import->plan.count; i++)
		if (!feed_job_is_file(&import->plan.jobs[i]) &&
		    feed_job_save(&import->plan.jobs[i], err) != FT_OK)
			return err->code;
	return FT_OK;
}

static int import_with(struct import *import, struct db *db, struct error *err)
{
	if (find_forgotten(import, db, err) != FT_OK)
		return err->code;
	find_own(import);
	import_jobs(import, db);
	if (import->has_imported &&
	    feed_write_list(db, import->plan.context->home, err) != FT_OK)
		return err->code;
	if (save_jobs(import, err) != FT_OK)
		return err->code;
	if (import->has_imported)
		log_info("fluxtrack track follows them");
	return FT_OK;
}

static bool has_fetched(const struct import *import)
{
	for (size_t i = 0; i < import->plan.count; i++)
		if (!feed_job_is_file(&import->plan.jobs[i]))
			return true;
	return false;
}

static int import_fetched(struct import *import, struct error *err)
{
	struct db db;
	int result;

	if (database_open(import->plan.context, &db, err) != FT_OK)
		return has_fetched(import) ? error_prefix(err, WAITS) : err->code;
	result = import_with(import, &db, err);
	db_close(&db);
	return result;
}

static int run_import(struct import *import, struct error *err)
{
	if (feed_fetch(import->plan.jobs, import->plan.count, err) != FT_OK)
		return err->code;
	if (tell_fetches(import) && import_fetched(import, err) != FT_OK)
		keep_failure(import, err);
	*err = import->first;
	return err->code;
}

int import_targets(const struct context *context, const struct target_options *how,
		   struct error *err)
{
	struct import import = {.own = {NULL}};
	int result = feed_plan_make(&import.plan, context, how, err);

	if (result == FT_OK)
		result = run_import(&import, err);
	feed_plan_free(&import.plan);
	return result;
}
