/* SPDX-License-Identifier: MIT */
#include "crawler/import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "store/line_file.h"
#include "store/spool_chain.h"

#define LINE_LONGEST (256 * 1024)
#define HASH_SIZE    (256 * 1024)
#define COMMIT_EVERY 256 /* lines: the spool's memory is bounded, its calls are few */
#define RETRY_S      1
#define AHEAD_US     INT64_C(3600000000) /* a wild clock is further ahead: sql/nodes.sql */

/* A file on its way into the spool. */
struct import {
	const struct import_file *file; /* borrowed */
	struct spool *spool;            /* borrowed */
	struct import_totals *totals;   /* borrowed */
	struct line_file *lines;        /* owned */
	void *state;                    /* owned; of the format's reader */
	int64_t latest_us;              /* no lookup can have been made later */
	struct import_line line;
	struct name followed; /* the last one told as a target */
};

const struct import_format *import_format_find(const char *name)
{
	static const struct import_format *const formats[] = {&import_massdns, &import_zeek,
							      &import_cof};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

static int hash_octets(int fd, struct sha256 *sha, const char *shown, struct error *err)
{
	uint8_t *data = malloc(HASH_SIZE);
	ssize_t got;

	if (data == NULL)
		return error_set(err, FT_FAIL, "no memory to read %s", shown);
	do {
		got = read(fd, data, HASH_SIZE);
		if (got > 0)
			sha256_add(sha, data, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	free(data);
	if (got < 0)
		return error_set(err, FT_FAIL, "cannot read %s: %s", shown, strerror(errno));
	return FT_OK;
}

static int hash_file(int fd, uint8_t out[SHA256_LEN], const char *shown, struct error *err)
{
	struct sha256 *sha = sha256_new();
	int result;

	if (sha == NULL)
		return error_set(err, FT_FAIL, "no memory to read %s", shown);
	result = hash_octets(fd, sha, shown, err);
	if (result == FT_OK)
		sha256_end(sha, out);
	sha256_free(sha);
	return result;
}

/* Opens a regular file, and tells when it was written last; -1 for what is none. */
static int open_file(const struct import_file *file, struct timespec *changed,
		     struct error *err)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* no FIFO holds us */
	char shown[WORD_SHOWN_SIZE];
	struct stat st;

	escape_path(shown, file->path);
	if (fd < 0 || fstat(fd, &st) != 0)
		error_set(err, FT_FAIL, "cannot open %s: %s", shown, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		error_set(err, FT_FAIL,
			  "%s is no regular file; write what it gives to one, for its SHA-256 "
			  "is recorded first",
			  shown);
	else {
		*changed = st.st_mtim;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

int import_file_describe(struct import_file *file, struct error *err)
{
	const char *slash = strrchr(file->path, '/');
	const char *base = slash != NULL ? slash + 1 : file->path;
	struct segment_source *source = &file->source;
	int fd = open_file(file, &file->changed, err);
	int result;

	if (fd < 0)
		return err->code;
	snprintf(source->format, sizeof(source->format), "%s", file->format->name);
	escape_text(source->name, sizeof(source->name), base, strlen(base));
	result = hash_file(fd, source->sha256, source->name, err);
	close(fd);
	return result == FT_OK ? uuid_make(source->uuid, err) : result;
}

/* What was read is what was hashed only if nobody wrote to it meanwhile. */
static int check_unchanged(const struct import_file *file, struct error *err)
{
	struct timespec changed;
	int fd = open_file(file, &changed, err);

	if (fd < 0)
		return err->code;
	close(fd);
	if (changed.tv_sec == file->changed.tv_sec && changed.tv_nsec == file->changed.tv_nsec)
		return FT_OK;
	return error_set(
		err, FT_FAIL,
		"%s was written to while it was read: its rows name a SHA-256 that it has "
		"no longer",
		file->source.name);
}

/* Names of addresses are no names to follow. */
static bool is_followed(const struct lookup *lookup)
{
	return lookup->qtype != QTYPE_PTR && lookup->qtype != QTYPE_TXT &&
	       !name_is_under(lookup->qname, (const uint8_t *)"\7in-addr\4arpa") &&
	       !name_is_under(lookup->qname, (const uint8_t *)"\3ip6\4arpa");
}

/* A name that comes twice in a row is told once; one that comes again later, again. */
static void append_target(struct import *import)
{
	const struct segment_target target = {.name = import->line.qname.wire,
					      .role = TARGET_FOLLOWED,
					      .tags = import->file->tags,
					      .tags_len = strlen(import->file->tags)};

	if (!is_followed(&import->line.lookup) ||
	    name_equal(import->followed.wire, target.name))
		return;
	spool_append_target(import->spool, &target);
	memcpy(import->followed.wire, target.name, name_len(target.name));
}

static void append_told(struct import *import)
{
	struct import_line *line = &import->line;
	struct segment_told told = {.line = line_file_number(import->lines),
				    .has_ttl = line->has_ttl,
				    .lookup = line->lookup};

	append_target(import);
	spool_append_told(import->spool, &told);
	import->totals->lookups++;
	if (line->again_us == 0)
		return;
	told.lookup.asked_wall_us = line->again_us;
	spool_append_told(import->spool, &told);
	import->totals->lookups++;
}

static bool is_to_come(const struct import *import)
{
	return import->line.lookup.asked_wall_us > import->latest_us ||
	       import->line.again_us > import->latest_us;
}

static void take_line(struct import *import, char *text, size_t len)
{
	struct import_line *line = &import->line;
	enum import_result result;

	if (len == 0)
		return;
	import_line_reset(line);
	result = import->file->format->read(import->state, text, len, line);
	if (line_file_number(import->lines) <= import->file->told_before)
		return; /* read all the same: a header may be among them */
	/* Verdicts look back from a name's newest lookup: it would stand before all others. */
	if (result == IMPORT_TOLD && is_to_come(import))
		result = import_bad(line, "a time that is still to come");
	switch (result) {
	case IMPORT_TOLD:
		append_told(import);
		break;
	case IMPORT_OTHER:
		import->totals->other++;
		break;
	case IMPORT_BAD:
		line_file_bad(import->lines, line->why);
		break;
	case IMPORT_NOTHING:
		break;
	}
}

/* A full disk is waited for, as a collector does. */
static int commit(struct spool *spool, struct error *err)
{
	while (spool_commit(spool, err) != FT_OK || spool_is_full(spool)) {
		if (err->code == FT_FAIL)
			return err->code;
		*err = (struct error){0}; /* the spool has said it */
		sleep(RETRY_S);
	}
	return FT_OK;
}

static int read_lines(struct import *import, struct error *err)
{
	uint64_t taken = 0;
	char *text;
	size_t len;
	int got;

	while ((got = line_file_next(import->lines, &text, &len, err)) == 1) {
		take_line(import, text, len);
		if (++taken % COMMIT_EVERY == 0 && commit(import->spool, err) != FT_OK)
			return err->code;
	}
	if (got != FT_OK)
		return got;
	return commit(import->spool, err);
}

static int start(struct import *import, struct error *err)
{
	const struct import_file *file = import->file;

	import->state = calloc(1, file->format->state_size + 1);
	if (import->state == NULL)
		return error_set(err, FT_FAIL, "no memory to import a file");
	import->lines = line_file_open(file->path, LINE_LONGEST, err);
	if (import->lines == NULL)
		return err->code;
	spool_set_source(import->spool, &file->source);
	return FT_OK;
}

int import_file_read(const struct import_file *file, struct spool *spool,
		     struct import_totals *totals, struct error *err)
{
	struct import import = {.file = file,
				.spool = spool,
				.totals = totals,
				.latest_us = clock_wall_us(&clock_system) + AHEAD_US};
	int result;

	import_line_init(&import.line);
	result = start(&import, err);
	if (result == FT_OK)
		result = read_lines(&import, err);
	if (import.lines != NULL) {
		totals->bad = line_file_bad_lines(import.lines);
		totals->lines = line_file_number(import.lines);
		line_file_close(import.lines);
	}
	import_line_fini(&import.line);
	free(import.state);
	if (result == FT_OK && totals->lookups == 0 && file->told_before == 0)
		return error_set(err, FT_FAIL, "%s has no line that tells of a lookup",
				 file->source.name);
	return result == FT_OK ? check_unchanged(file, err) : result;
}
