/* SPDX-License-Identifier: MIT */
#include "crawler/target_list.h"

#include "base/escape.h"
#include "base/log.h"
#include "crawler/target_line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE     65536
#define REJECTIONS_MAX 20 /* said one by one; the rest is counted */

/*
 * Where we are in a list. A line that outgrows its buffer is refused at its end without having
 * been kept: nothing in a list can make us hold more than this.
 */
struct list {
	struct target_set *set;       /* borrowed */
	char source[WORD_SHOWN_SIZE]; /* for messages */
	bool may_be_empty;            /* comments alone will do */
	uint64_t line;                /* number of the current one, from 1 */
	uint64_t good;
	uint64_t rejected;
	size_t len;                     /* of the current line; over the cap: cut off */
	char text[TARGET_LINE_MAX + 1]; /* one more, so that "too long" shows */
};

static void reject(struct list *list, const struct error *why)
{
	if (list->rejected++ < REJECTIONS_MAX)
		log_warn("%s:%llu: %s", list->source, (unsigned long long)list->line,
			 why->text);
}

static int take_line(struct list *list, struct error *err)
{
	static const char mark[] = "\xef\xbb\xbf"; /* UTF-8's, as Windows writes it */
	struct target_line line;
	struct error why = {0};
	const char *text = list->text;
	size_t len = list->len;
	int got;

	if (list->line == 1 && len >= 3 && memcmp(text, mark, 3) == 0) {
		text += 3;
		len -= 3;
	}
	got = target_line_parse(&line, text, len, &why);
	if (got == 0)
		return FT_OK;
	if (got > 0 &&
	    target_set_add(list->set, line.name.wire, TARGET_FOLLOWED, line.tags, &why) != NULL)
		list->good++;
	else if (why.code == FT_USAGE)
		reject(list, &why);
	else
		return error_set(err, why.code, "%s", why.text);
	return FT_OK;
}

static void keep_text(struct list *list, const char *text, size_t len)
{
	size_t room = sizeof(list->text) - list->len;

	len = len < room ? len : room;
	memcpy(list->text + list->len, text, len);
	list->len += len;
}

static int take_chunk(struct list *list, const char *chunk, size_t len, struct error *err)
{
	const char *end;

	while ((end = memchr(chunk, '\n', len)) != NULL) {
		keep_text(list, chunk, (size_t)(end - chunk));
		if (take_line(list, err) != FT_OK)
			return err->code;
		list->line++;
		list->len = 0;
		len -= (size_t)(end + 1 - chunk);
		chunk = end + 1;
	}
	keep_text(list, chunk, len);
	return FT_OK;
}

static int take_all(struct list *list, int fd, struct error *err)
{
	char chunk[CHUNK_SIZE];

	for (;;) {
		ssize_t len = read(fd, chunk, sizeof(chunk));

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return error_set(err, FT_FAIL, "cannot read %s: %s", list->source,
					 strerror(errno));
		if (len == 0)
			return list->len > 0 ? take_line(list, err) : FT_OK;
		if (take_chunk(list, chunk, (size_t)len, err) != FT_OK)
			return err->code;
	}
}

static int read_list(struct list *list, int fd, struct error *err)
{
	if (take_all(list, fd, err) != FT_OK)
		return err->code;
	if (list->rejected > REJECTIONS_MAX)
		log_warn("%s: %llu lines rejected in all", list->source,
			 (unsigned long long)list->rejected);
	if (list->good == 0 && (list->rejected > 0 || !list->may_be_empty))
		return error_set(err, FT_USAGE,
				 "%s holds no name to follow (%llu lines rejected)",
				 list->source, (unsigned long long)list->rejected);
	return FT_OK;
}

static int read_file(struct list *list, const char *path, struct error *err)
{
	struct stat st;
	int result;
	int fd;

	escape_path(list->source, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, FT_USAGE, "cannot open list %s: %s", list->source,
				 strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		result = error_set(err, FT_USAGE, "%s is a folder: name a file in it",
				   list->source);
	else
		result = read_list(list, fd, err);
	close(fd);
	return result;
}

static bool is_file(const char *source)
{
	return access(source, F_OK) == 0 ||
	       (strchr(source, '/') != NULL && strstr(source, "//") == NULL);
}

static int read_argument(struct target_set *set, const char *word, struct error *err)
{
	struct target_line line;
	int got = target_line_parse(&line, word, strlen(word), err);

	if (got == 0)
		return error_set(err, FT_USAGE, "an empty word is no name to follow");
	if (got < 0 ||
	    target_set_add(set, line.name.wire, TARGET_FOLLOWED, line.tags, err) == NULL)
		return err->code;
	return FT_OK;
}

int target_list_read(struct target_set *set, const char *source, struct error *err)
{
	struct list list = {.set = set, .source = "stdin", .line = 1};

	if (strcmp(source, "-") == 0)
		return read_list(&list, STDIN_FILENO, err);
	if (is_file(source))
		return read_file(&list, source, err);
	return read_argument(set, source, err);
}

int target_list_read_home(struct target_set *set, const char *path, struct error *err)
{
	struct list list = {.set = set, .line = 1, .may_be_empty = true};

	return access(path, F_OK) == 0 ? read_file(&list, path, err) : FT_OK;
}
