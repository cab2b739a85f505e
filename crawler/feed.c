/* SPDX-License-Identifier: MIT */
#include "crawler/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "crawler/feed_format.h"
#include "crawler/feed_unpack.h"
#include "crawler/target_line.h"
#include "store/feeds.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

struct import {
	struct db *db;                    /* borrowed */
	const struct feed_source *source; /* borrowed */
	const struct feed_format *format; /* static */
	struct feed_totals *totals;       /* borrowed */
};

const char *feed_refusal_word(enum feed_refusal refusal)
{
	static const char *const words[] = {
		[FEED_NO_NAME] = "no name",
		[FEED_TOO_LONG] = "too long",
		[FEED_ADDRESS] = "address",
		[FEED_RESERVED] = "reserved",
		[FEED_PUBLIC_SUFFIX] = "public suffix",
		[FEED_DYNDNS] = "dynamic-DNS zone",
		[FEED_LISTED] = "listed",
		[FEED_OWN] = "own",
		[FEED_OTHER] = "other kind",
	};

	return words[refusal];
}

void feed_refusals_text(char out[FEED_REFUSALS_SIZE], const struct feed_totals *totals)
{
	size_t used = 0;

	out[0] = '\0';
	for (enum feed_refusal i = 0; i < FEED_REFUSALS; i++)
		if (totals->refused[i] > 0)
			used += (size_t)snprintf(out + used, FEED_REFUSALS_SIZE - used,
						 "%s%" PRIu64 " %s", used > 0 ? ", " : "",
						 totals->refused[i], feed_refusal_word(i));
}

void feed_name(char out[FEED_NAME_SIZE], const char *path_or_url)
{
	size_t end = strcspn(path_or_url, "?");
	size_t start;
	size_t len = 0;

	if (strstr(path_or_url, "://") == NULL)
		end = strlen(path_or_url);
	while (end > 0 && path_or_url[end - 1] == '/')
		end--;
	start = end;
	while (start > 0 && path_or_url[start - 1] != '/')
		start--;
	while (start < end && path_or_url[start] == '.')
		start++;
	for (; start < end && len < FEED_NAME_SIZE - 1; start++) {
		char c = path_or_url[start];

		out[len++] = strchr(NAME_LETTERS, c) != NULL ? c : '_';
	}
	out[len] = '\0';
	if (len == 0)
		memcpy(out, "feed", sizeof("feed"));
}

static int check_source(const struct feed_source *source, struct error *err)
{
	char same[FEED_NAME_SIZE];
	char shown[WORD_SHOWN_SIZE];
	char words[FEED_TAGS_MAX + 1];
	char tags[TAGS_MAX + 1];

	feed_name(same, source->name);
	escape_word(shown, source->name);
	if (strcmp(same, source->name) != 0)
		return error_set(err, FT_USAGE,
				 "'%s' cannot be the name of a feed; at most %d letters, "
				 "digits, dots, hyphens and underscores can",
				 shown, FEED_NAME_SIZE - 1);
	if (strlen(source->tags) > FEED_TAGS_MAX)
		return error_set(err, FT_USAGE, "the tags of feed %s have more than %d octets",
				 shown, FEED_TAGS_MAX);
	memcpy(words, source->tags, strlen(source->tags) + 1);
	return target_tags_read(tags, words, err);
}

static int choose_format(struct import *import, const char *path, struct error *err)
{
	const char *wanted = import->source->format;
	char shown[WORD_SHOWN_SIZE];

	import->format =
		wanted != NULL ? feed_format_find(wanted) : feed_format_recognise(path, err);
	if (import->format == NULL && wanted != NULL) {
		escape_word(shown, wanted);
		return error_set(err, FT_USAGE, "there is no format '%s' of feeds", shown);
	}
	if (import->format == NULL)
		return err->code;
	snprintf(import->totals->format, sizeof(import->totals->format), "%s",
		 import->format->name);
	return FT_OK;
}

static int put_name(void *ctx, const char *name, const char *tags, struct error *err)
{
	return feed_rows_put(ctx, name, tags, err);
}

static int copy_names(struct import *import, const struct listed_names *listed,
		      const char *path, struct error *err)
{
	struct feed_rows rows;
	struct feed_intake intake = {
		.source = import->source,
		.listed = listed,
		.totals = import->totals,
		.put = put_name,
		.ctx = &rows,
	};
	int code;

	escape_path(intake.shown, path);
	code = feed_rows_begin(&rows, import->db, err);
	if (code == FT_OK)
		code = import->format->read(&intake, path, err);
	if (code == FT_OK)
		code = feed_rows_end(&rows, err);
	feed_rows_fini(&rows);
	return code;
}

static int merge(struct import *import, struct error *err)
{
	char refused[FEED_REFUSALS_SIZE];
	struct feed_file_facts facts = {
		.feed = import->source->name,
		.format = import->format->name,
		.refused = refused,
		.may_shrink = import->source->may_shrink,
	};
	struct feed_merge merge;

	feed_refusals_text(refused, import->totals);
	if (feed_rows_merge(import->db, &facts, &merge, err) != FT_OK)
		return err->code;
	import->totals->names = merge.names;
	import->totals->added = merge.added;
	import->totals->changed = merge.changed;
	import->totals->gone = merge.gone;
	import->totals->kept = merge.kept;
	return FT_OK;
}

/* A feed that was emptied, or cut off, must not end what it said before. */
static int check_names(const struct import *import, struct error *err)
{
	const struct feed_totals *totals = import->totals;
	char refused[FEED_REFUSALS_SIZE];
	uint64_t good = totals->entries;

	for (enum feed_refusal i = 0; i < FEED_REFUSALS; i++)
		good -= totals->refused[i];
	if (good > 0)
		return FT_OK;
	feed_refusals_text(refused, totals);
	return error_set(
		err, FT_FAIL, "feed %s holds no name to follow%s%s; what it named before stays",
		import->source->name, refused[0] != '\0' ? ", refused: " : "", refused);
}

static int import_names(struct import *import, const char *path, struct error *err)
{
	struct listed_names listed;
	int code;

	listed_names_init(&listed);
	code = db_begin(import->db, err);
	if (code == FT_OK)
		code = listed_names_read(&listed, import->db, err);
	if (code == FT_OK)
		code = copy_names(import, &listed, path, err);
	listed_names_fini(&listed);
	if (code == FT_OK)
		code = check_names(import, err);
	if (code == FT_OK)
		code = merge(import, err);
	if (code == FT_OK)
		code = db_commit(import->db, err);
	if (code != FT_OK)
		db_rollback(import->db);
	return code;
}

static void warn_of_kept(const struct import *import)
{
	const struct feed_totals *totals = import->totals;

	if (totals->kept > 0)
		log_warn("feed %s names %" PRIu64 " where it named %" PRIu64 "; the %" PRIu64
			 " that it lacks are kept; with --drop they are gone",
			 import->source->name, totals->names,
			 totals->names - totals->added + totals->kept, totals->kept);
}

int feed_import(struct db *db, const struct feed_source *source, struct feed_totals *totals,
		struct error *err)
{
	struct import import = {.db = db, .source = source, .totals = totals};
	uint64_t most = source->octets_max > 0 ? source->octets_max : FEED_OCTETS_MAX;
	struct feed_file file;
	int code;

	*totals = (struct feed_totals){0};
	if (check_source(source, err) != FT_OK)
		return err->code;
	code = feed_unpack(&file, source->path, most, err);
	if (code == FT_OK)
		code = choose_format(&import, file.path, err);
	if (code == FT_OK)
		code = import_names(&import, file.path, err);
	feed_unpack_end(&file);
	if (code == FT_OK)
		warn_of_kept(&import);
	return code;
}
