/* SPDX-License-Identifier: MIT */
#include "crawler/feed_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crawler/feed_csv.h"
#include "crawler/feed_lines.h"
#include "crawler/feed_manifest.h"

#define BLANKS " \t\r\v\f"

enum {
	PLAIN,
	HOSTS,
	URLHAUS,
	THREATFOX,
	FEODO,
	OPENPHISH,
	BAMBENEK,
	DGARCHIVE,
	MISP
};

static const struct feed_format formats[] = {
	[PLAIN] = {"plain", feed_read_plain},
	[HOSTS] = {"hosts", feed_read_hosts},
	[URLHAUS] = {"urlhaus", feed_read_urlhaus},
	[THREATFOX] = {"threatfox", feed_read_threatfox},
	[FEODO] = {"feodo", feed_read_feodo},
	[OPENPHISH] = {"openphish", feed_read_openphish},
	[BAMBENEK] = {"bambenek", feed_read_bambenek},
	[DGARCHIVE] = {"dgarchive", feed_read_dgarchive},
	[MISP] = {"misp", feed_read_misp},
};

const struct feed_format *feed_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}

bool feed_format_is_known(const char *format)
{
	return feed_format_find(format) != NULL;
}

/* MISP's documents have the member Event, or members named by UUIDs (manifest.json). */
static const struct feed_format *guess_json(const char *text)
{
	char key[EVENT_UUID_LEN + 1];

	if (sscanf(text, " { \"%36[^\"]\"", key) != 1)
		return &formats[DGARCHIVE];
	return strcmp(key, "Event") == 0 || event_is_uuid(key) ? &formats[MISP]
							       : &formats[DGARCHIVE];
}

static bool is_url(const char *text)
{
	return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* What names the columns of a feed, as a comment or not; NULL for another line. */
static const struct feed_format *guess_columns(const struct csv_line *line)
{
	if (csv_find(line, "ioc_value") >= 0)
		return &formats[THREATFOX];
	if (csv_find(line, "url") >= 0 && csv_find(line, "url_status") >= 0)
		return &formats[URLHAUS];
	if (csv_find(line, "dst_ip") >= 0)
		return &formats[FEODO];
	return NULL;
}

/* The first line that is no comment. */
static const struct feed_format *guess_record(char *line)
{
	const char *word;

	if (is_url(line))
		return &formats[OPENPHISH];
	word = feed_next_word(&line);
	if (word != NULL && feed_is_address(word) && feed_next_word(&line) != NULL)
		return &formats[HOSTS];
	return &formats[PLAIN];
}

static const struct feed_format *guess_line(char *line, bool is_comment)
{
	struct csv_line fields = {0};
	const struct feed_format *format;
	bool is_url_list = is_url(line);
	char *copy = strdup(line); /* splitting writes to it */

	if (copy == NULL || !csv_split(&fields, copy))
		fields.count = 0;
	format = guess_columns(&fields);
	if (format == NULL && !is_comment && fields.count >= 4 && !is_url_list &&
	    is_url(fields.fields[3]))
		format = &formats[BAMBENEK];
	free(copy);
	return format != NULL || is_comment ? format : guess_record(line);
}

const struct feed_format *feed_format_guess(char *text)
{
	char *line;

	text = feed_skip_mark(text);
	if (text[strspn(text, BLANKS "\n")] == '{')
		return guess_json(text);
	while ((line = strsep(&text, "\n")) != NULL) {
		const struct feed_format *format;
		bool is_comment;

		line += strspn(line, BLANKS);
		is_comment = *line == '#';
		line += strspn(line, "#" BLANKS);
		format = *line != '\0' ? guess_line(line, is_comment) : NULL;
		if (format != NULL)
			return format;
	}
	return &formats[PLAIN];
}

static const struct feed_format *recognise_file(int fd, struct error *err)
{
	char *text = calloc(1, FEED_SAMPLE_MAX + 1);
	const struct feed_format *format = NULL;
	ssize_t len = text != NULL ? read(fd, text, FEED_SAMPLE_MAX) : -1;

	if (len >= 0)
		format = feed_format_guess(text);
	else
		error_set(err, FT_FAIL, "cannot read the beginning of the feed: %s",
			  strerror(errno));
	free(text);
	return format;
}

const struct feed_format *feed_format_recognise(const char *path, struct error *err)
{
	const struct feed_format *format = NULL;
	char shown[WORD_SHOWN_SIZE];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	escape_path(shown, path);
	if (fd < 0 || fstat(fd, &st) != 0)
		error_set(err, FT_FAIL, "cannot open %s: %s", shown, strerror(errno));
	else
		format = S_ISDIR(st.st_mode) ? &formats[MISP] : recognise_file(fd, err);
	if (fd >= 0)
		close(fd);
	return format;
}
