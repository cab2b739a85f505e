/* SPDX-License-Identifier: MIT */
/* The list that track reads: the rows of all feeds, those of one name made one line. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "crawler/feed.h"
#include "crawler/target_merge.h"
#include "store/feeds.h"

#define LIST_NAME "targets.txt"
#define LIST_HEAD                                                                              \
	"# Written by fluxtrack import targets, and again by the next: names of your own are " \
	"for domains.txt\n"

struct list {
	FILE *out;                 /* owned */
	char name[NAME_TEXT_SIZE]; /* "" before the first */
	char tags[TAGS_MAX + 1];   /* of name so far */
	uint64_t cut;              /* mentions of names whose tags had no room */
};

static void write_line(struct list *list)
{
	if (list->name[0] != '\0')
		fprintf(list->out, "%s %s\n", list->name, list->tags);
}

static int take_row(void *ctx, const PGresult *row, struct error *err)
{
	struct list *list = ctx;
	const char *name = PQgetvalue(row, 0, 0);
	char feed[sizeof("feed=") + FEED_NAME_SIZE];
	struct error full;

	(void)err;
	if (strcmp(list->name, name) != 0) {
		write_line(list);
		snprintf(list->name, sizeof(list->name), "%s", name);
		list->tags[0] = '\0';
	}
	snprintf(feed, sizeof(feed), "feed=%s", PQgetvalue(row, 0, 2));
	if (target_merge_tags(list->tags, feed, &full) != FT_OK ||
	    target_merge_tags(list->tags, PQgetvalue(row, 0, 1), &full) != FT_OK)
		list->cut++;
	return FT_OK;
}

static int write_all(struct db *db, FILE *out, const char *path, struct error *err)
{
	struct list list = {.out = out};

	fputs(LIST_HEAD, out);
	if (feed_names_each(db, take_row, &list, err) != FT_OK)
		return err->code;
	write_line(&list);
	if (list.cut > 0)
		log_warn("%s lacks tags of %" PRIu64
			 " mentions: they have no room in %d octets",
			 path, list.cut, TAGS_MAX);
	if (fflush(out) != 0 || ferror(out) || fsync(fileno(out)) != 0)
		return error_set(err, FT_FAIL, "cannot write %s: %s", path, strerror(errno));
	return FT_OK;
}

/* A file of its own: two that write at once do not meet, and one comes last. */
static FILE *open_aside(char aside[PATH_SIZE], const char *home, struct error *err)
{
	FILE *out = NULL;
	int fd;

	if (path_join(aside, home, LIST_NAME ".XXXXXX", err) != FT_OK)
		return NULL;
	fd = mkostemp(aside, O_CLOEXEC);
	if (fd >= 0 && fchmod(fd, 0644) == 0)
		out = fdopen(fd, "w");
	if (out != NULL)
		return out;
	error_set(err, FT_FAIL, "cannot make %s: %s", aside, strerror(errno));
	if (fd >= 0) {
		close(fd);
		unlink(aside);
	}
	return NULL;
}

int feed_write_list(struct db *db, const char *home, struct error *err)
{
	char path[PATH_SIZE];
	char aside[PATH_SIZE];
	FILE *out;
	int code;

	if (path_join(path, home, LIST_NAME, err) != FT_OK)
		return err->code;
	out = open_aside(aside, home, err);
	if (out == NULL)
		return err->code;
	code = write_all(db, out, path, err);
	fclose(out);
	if (code == FT_OK && rename(aside, path) != 0)
		code = error_set(err, FT_FAIL, "cannot rename %s to %s: %s", aside, path,
				 strerror(errno));
	if (code != FT_OK)
		unlink(aside);
	return code;
}
