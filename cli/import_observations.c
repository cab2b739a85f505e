/* SPDX-License-Identifier: MIT */
/*
 * The file goes into segments, whole, and from there into the database as any segment does. So
 * that none comes twice, what the spool holds is loaded first: an import that was cut short is
 * then known by its file's SHA-256, and goes on behind the last line that was loaded of it.
 */
#include "cli/import_observations.h"

#include <string.h>

#include "base/escape.h"
#include "base/log.h"
#include "cli/home.h"
#include "cli/open.h"
#include "crawler/import_file.h"
#include "store/loader.h"
#include "store/loader_source.h"

static int check_format(const char *format, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (format == NULL)
		return error_set(err, FT_USAGE,
				 "say what wrote the file: --format massdns, zeek or cof");
	if (import_format_find(format) != NULL)
		return FT_OK;
	escape_word(shown, format);
	return error_set(err, FT_USAGE,
			 "--format: '%s' is no format; there are massdns, zeek, cof", shown);
}

/* One import. */
struct job {
	const struct context *context;         /* borrowed */
	const struct observation_options *how; /* borrowed */
	struct import_file file;
	char told[SOURCE_TOLD_SIZE]; /* when it was imported before; "" */
	struct db db;
};

static int find_told(struct job *job, struct error *err)
{
	const uint8_t *sha256 = job->file.source.sha256;

	if (loader_source_told(&job->db, sha256, job->told, err) != FT_OK)
		return err->code;
	if (job->told[0] == '\0')
		return FT_OK;
	return loader_source_line(&job->db, sha256, &job->file.told_before, err);
}

static void tell_totals(const struct import_totals *totals)
{
	log_info("%llu lines: %llu lookups; %llu lines of other types and %llu bad lines "
		 "passed over",
		 (unsigned long long)totals->lines, (unsigned long long)totals->lookups,
		 (unsigned long long)totals->other, (unsigned long long)totals->bad);
}

/* Was there anything left of a file that had been imported before? */
static int check_rest(const struct job *job, uint64_t lookups, struct error *err)
{
	if (job->told[0] == '\0')
		return FT_OK;
	if (lookups == 0)
		return error_set(err, FT_FAIL, "%s was imported already, at %s",
				 job->file.source.name, job->told);
	log_info("an import of it was cut short, at %s: lines up to %llu were there already",
		 job->told, (unsigned long long)job->file.told_before);
	return FT_OK;
}

/* Whatever ends the reading, what was read is sealed. */
static int record(const struct job *job, struct error *err)
{
	const struct spool_options options = {
		.home = job->context->home,
		.vantage = job->how->vantage != NULL ? job->how->vantage : "import",
		.clock = &clock_system,
	};
	struct import_totals totals = {0};
	struct error closing = {0};
	struct spool *spool = spool_open(&options, err);
	int result;

	if (spool == NULL)
		return err->code;
	result = import_file_read(&job->file, spool, &totals, err);
	if (spool_close(spool, &closing) != FT_OK && result == FT_OK) {
		*err = closing;
		result = err->code;
	}
	tell_totals(&totals);
	return result == FT_OK ? check_rest(job, totals.lookups, err) : result;
}

/* What is recorded is loaded, even where the rest of the file could not be read. */
static int record_and_load(struct job *job, struct error *err)
{
	struct loader_totals totals = {0};
	struct error loading = {0};
	int result = record(job, err);

	if (loader_load_spool(&job->db, job->context->home, &totals, &loading) == FT_OK)
		return result;
	if (result == FT_OK)
		*err = loading;
	return error_prefix(err, "what was recorded waits in the spool for fluxtrack load");
}

static int import_new(struct job *job, struct error *err)
{
	const char *home = job->context->home;
	struct loader_totals totals = {0};

	if (spool_recover(home, err) != FT_OK ||
	    loader_load_spool(&job->db, home, &totals, err) != FT_OK ||
	    find_told(job, err) != FT_OK || record_and_load(job, err) != FT_OK)
		return err->code;
	log_info("the verdicts are as they were; run fluxtrack score next");
	return FT_OK;
}

int import_observations(const struct context *context, const struct observation_options *how,
			struct error *err)
{
	struct job job = {.context = context,
			  .how = how,
			  .file = {.path = context->words[1], .tags = how->tags}};
	int result;

	if (check_format(how->format, err) != FT_OK)
		return err->code;
	job.file.format = import_format_find(how->format);
	if (import_file_describe(&job.file, err) != FT_OK ||
	    home_make(context->home, err) != FT_OK || home_lock(context->home, err) != FT_OK ||
	    database_open(context, &job.db, err) != FT_OK)
		return err->code;
	result = import_new(&job, err);
	db_close(&job.db);
	return result;
}
