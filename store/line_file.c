/* SPDX-License-Identifier: MIT */
#include "store/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/escape.h"
#include "base/log.h"

#define READ_AHEAD (64 * 1024) /* octets beside the longest line */
#define BAD_SHOWN  5           /* bad lines that are said one by one */

struct line_file {
	gzFile gz;                   /* owned */
	char shown[WORD_SHOWN_SIZE]; /* its name, for messages */
	char *data;                  /* owned; size octets and one for a NUL */
	size_t size;
	size_t start; /* data[start] to data[end - 1] is read and not given yet */
	size_t end;
	size_t longest;
	uint64_t number; /* of the line given last */
	uint64_t bad;
	bool has_ended; /* nothing is left to read into data */
};

static gzFile open_gzip(const char *path)
{
	int fd;
	gzFile gz;

	errno = 0; /* zlib leaves it alone where it has no memory */
	if (strcmp(path, "-") != 0)
		return gzopen(path, "re");
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0); /* gzclose closes it */
	gz = fd >= 0 ? gzdopen(fd, "r") : NULL;
	if (gz == NULL && fd >= 0)
		close(fd);
	return gz;
}

struct line_file *line_file_open(const char *path, size_t longest, struct error *err)
{
	struct line_file *file = calloc(1, sizeof(*file));

	if (file == NULL) {
		error_set(err, FT_FAIL, "no memory to read a file");
		return NULL;
	}
	escape_path(file->shown, strcmp(path, "-") == 0 ? "standard input" : path);
	file->longest = longest;
	file->size = longest + 2 + READ_AHEAD;
	file->data = malloc(file->size + 1);
	file->gz = open_gzip(path);
	if (file->gz != NULL && file->data != NULL)
		return file;
	error_set(err, FT_FAIL, "cannot open %s: %s", file->shown,
		  strerror(errno != 0 ? errno : ENOMEM));
	line_file_close(file);
	return NULL;
}

void line_file_close(struct line_file *file)
{
	if (file->gz != NULL)
		gzclose_r(file->gz);
	free(file->data);
	free(file);
}

/* Moves what is left to the front and reads behind it as much as there is room for. */
static int fill(struct line_file *file, struct error *err)
{
	int code;
	int got;

	memmove(file->data, file->data + file->start, file->end - file->start);
	file->end -= file->start;
	file->start = 0;
	got = gzread(file->gz, file->data + file->end, (unsigned)(file->size - file->end));
	gzerror(file->gz, &code); /* of a gzip file that was cut gzread gives what it has */
	if (got < 0 || code != Z_OK)
		return error_set(err, FT_FAIL, "cannot read %s: %s", file->shown,
				 code == Z_ERRNO ? strerror(errno)
						 : "the gzip file is damaged or cut off");
	file->end += (size_t)got;
	file->has_ended = file->end < file->size;
	return FT_OK;
}

/*
 * Reads on until the end of the line at data[start] is there, *len octets on. is_cut: it filled
 * the buffer, and its front is thrown away.
 */
static int find_end(struct line_file *file, size_t *len, bool *is_cut, struct error *err)
{
	*is_cut = false;
	for (;;) {
		const char *from = file->data + file->start;
		const char *feed = memchr(from, '\n', file->end - file->start);

		if (feed != NULL || file->has_ended) {
			*len = feed != NULL ? (size_t)(feed - from) : file->end - file->start;
			return FT_OK;
		}
		if (file->end - file->start == file->size) {
			file->start = file->end;
			*is_cut = true;
		}
		if (fill(file, err) != FT_OK)
			return err->code;
	}
}

int line_file_next(struct line_file *file, char **line, size_t *len, struct error *err)
{
	bool is_cut;

	for (;;) {
		if (find_end(file, len, &is_cut, err) != FT_OK)
			return err->code;
		if (file->start == file->end && !is_cut)
			return 0;
		*line = file->data + file->start;
		file->start += *len < file->end - file->start ? *len + 1 : *len;
		file->number++;
		if (*len > 0 && (*line)[*len - 1] == '\r')
			--*len;
		(*line)[*len] = '\0';
		if (!is_cut && *len <= file->longest)
			return 1;
		line_file_bad(file, "too long");
	}
}

uint64_t line_file_number(const struct line_file *file)
{
	return file->number;
}

void line_file_bad(struct line_file *file, const char *why)
{
	if (file->bad++ < BAD_SHOWN)
		log_warn("%s line %" PRIu64 ": %s", file->shown, file->number, why);
}

uint64_t line_file_bad_lines(const struct line_file *file)
{
	return file->bad;
}
