/* SPDX-License-Identifier: MIT */
#include "crawler/feed_lines.h"

#include <arpa/inet.h>
#include <string.h>

#include "crawler/feed_format.h"
#include "crawler/target_line.h"
#include "store/line_file.h"

#define LINE_LONGEST (64 * 1024) /* octets; a URL may be long */
#define BLANKS       " \t\r\v\f"

char *feed_next_word(char **rest)
{
	char *word;

	while ((word = strsep(rest, BLANKS)) != NULL && *word == '\0')
		;
	return word;
}

bool feed_is_address(const char *word)
{
	char text[INET6_ADDRSTRLEN];
	size_t len = strcspn(word, "%"); /* fe80::1%lo0 */
	struct in6_addr bytes;

	if (len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1;
}

char *feed_skip_mark(char *text)
{
	static const char mark[] = "\xef\xbb\xbf"; /* UTF-8's, as Windows writes it */

	return strncmp(text, mark, strlen(mark)) == 0 ? text + strlen(mark) : text;
}

int feed_lines_each(struct feed_intake *intake, const char *path, feed_line_reader reader,
		    void *ctx, struct error *err)
{
	struct line_file *file = line_file_open(path, LINE_LONGEST, err);
	uint64_t too_long;
	size_t len;
	char *line;
	int more;

	if (file == NULL)
		return err->code;
	intake->unit = "line";
	while ((more = line_file_next(file, &line, &len, err)) == 1) {
		intake->number = line_file_number(file);
		if (strlen(line) != len)
			feed_intake_refuse(intake, FEED_NO_NAME,
					   "holds a NUL: not a text file?");
		else if (reader(intake, ctx, intake->number == 1 ? feed_skip_mark(line) : line,
				err) != FT_OK)
			break;
	}
	too_long = line_file_bad_lines(file); /* it said so itself */
	intake->totals->entries += too_long;
	intake->totals->refused[FEED_TOO_LONG] += too_long;
	line_file_close(file);
	return more == 0 ? FT_OK : err->code;
}

static int plain_line(struct feed_intake *intake, void *ctx, char *line, struct error *err)
{
	char tags[TAGS_MAX + 1];
	char *word = feed_next_word(&line);
	char none[] = "";
	struct error why;

	(void)ctx;
	if (word == NULL || *word == '#')
		return FT_OK;
	if (target_tags_read(tags, line != NULL ? line : none, &why) == FT_OK)
		return feed_intake_take(intake, word, tags, err);
	feed_intake_refuse(intake, FEED_NO_NAME, why.text);
	return FT_OK;
}

/* 0.0.0.0 NAME NAME # comment */
static int hosts_line(struct feed_intake *intake, void *ctx, char *line, struct error *err)
{
	char *word;

	(void)ctx;
	line[strcspn(line, "#")] = '\0';
	word = feed_next_word(&line);
	if (word == NULL)
		return FT_OK;
	if (!feed_is_address(word)) {
		feed_intake_refuse(intake, FEED_NO_NAME,
				   "does not begin with an address: no line of a hosts file");
		return FT_OK;
	}
	while ((word = feed_next_word(&line)) != NULL)
		if (feed_intake_take(intake, word, "", err) != FT_OK)
			return err->code;
	return FT_OK;
}

/* A URL, which may hold blanks. */
static int url_line(struct feed_intake *intake, void *ctx, char *line, struct error *err)
{
	(void)ctx;
	line += strspn(line, BLANKS);
	if (*line == '\0' || *line == '#')
		return FT_OK;
	return feed_intake_take(intake, line, "", err);
}

int feed_read_plain(struct feed_intake *intake, const char *path, struct error *err)
{
	return feed_lines_each(intake, path, plain_line, NULL, err);
}

int feed_read_hosts(struct feed_intake *intake, const char *path, struct error *err)
{
	return feed_lines_each(intake, path, hosts_line, NULL, err);
}

int feed_read_openphish(struct feed_intake *intake, const char *path, struct error *err)
{
	return feed_lines_each(intake, path, url_line, NULL, err);
}
