/* SPDX-License-Identifier: MIT */
#include "crawler/feed_csv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "crawler/feed_format.h"
#include "crawler/feed_lines.h"

#define BLANKS " \t\r\v\f"

/* Which columns a feed's entries are made of; all static, NULL where it has none. */
struct csv_feed {
	const char *name;      /* what names the host */
	const char *kind;      /* what kind of indicator that is */
	const char *family;    /* the malware, as people write it */
	const char *family_id; /* where that is not there */
};

struct csv_reading {
	const struct csv_feed *feed;
	bool has_columns;
	int name; /* places of the columns; -1 where there is none */
	int kind;
	int family;
};

static void trim_end(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
}

/*
 * Takes the quotes off the field that begins at text, behind its first one. Returns what
 * follows the last one, NULL where it does not end.
 */
static char *unquote(char *text)
{
	char *to = text;

	for (;; text++) {
		if (*text == '\0')
			return NULL;
		if (*text == '"' && *++text != '"')
			break;
		*to++ = *text;
	}
	*to = '\0'; /* at the last quote, or before it */
	return text;
}

/* Reads the field at *at, and goes behind the comma that ends it: NULL behind the last. */
static char *next_field(char **at)
{
	char *field = *at + strspn(*at, BLANKS);
	bool is_quoted = *field == '"';
	char *end = is_quoted ? unquote(++field) : field;

	if (end == NULL)
		return NULL;
	if (is_quoted) {
		end += strspn(end, BLANKS);
		if (*end != ',' && *end != '\0')
			return NULL;
	} else {
		end += strcspn(end, ",");
	}
	*at = *end == ',' ? end + 1 : NULL;
	*end = '\0';
	if (!is_quoted)
		trim_end(field);
	return field;
}

bool csv_split(struct csv_line *out, char *line)
{
	out->count = 0;
	while (line != NULL) {
		char *field = next_field(&line);

		if (field == NULL)
			return false;
		if (out->count < CSV_FIELDS_MAX)
			out->fields[out->count++] = field;
	}
	return true;
}

int csv_find(const struct csv_line *line, const char *name)
{
	for (size_t i = 0; name != NULL && i < line->count; i++)
		if (strcasecmp(line->fields[i], name) == 0)
			return (int)i;
	return -1;
}

/* The field at that place; "" where the line has none. */
static char *field_at(const struct csv_line *line, int place)
{
	static char none[] = "";

	return place >= 0 && (size_t)place < line->count ? line->fields[place] : none;
}

/* Is it the line that names the columns? Only the first that does. */
static bool take_columns(struct csv_reading *reading, const struct csv_line *line)
{
	const struct csv_feed *feed = reading->feed;

	reading->name = csv_find(line, feed->name);
	reading->kind = csv_find(line, feed->kind);
	reading->family = csv_find(line, feed->family);
	if (reading->family < 0)
		reading->family = csv_find(line, feed->family_id);
	reading->has_columns = reading->name >= 0 && (feed->kind == NULL || reading->kind >= 0);
	return reading->has_columns;
}

/* ThreatFox names addresses and hashes too; the address will be refused as one. */
static bool is_kind_of_name(const char *kind)
{
	static const char *const kinds[] = {"domain", "url", "ip:port"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcasecmp(kind, kinds[i]) == 0)
			return true;
	return false;
}

static int take_record(struct feed_intake *intake, const struct csv_reading *reading,
		       const struct csv_line *line, struct error *err)
{
	char tags[FEED_TAGS_MAX + 1] = "";
	const char *family = field_at(line, reading->family);

	if (reading->feed->kind != NULL && !is_kind_of_name(field_at(line, reading->kind))) {
		feed_intake_refuse(intake, FEED_OTHER, NULL);
		return FT_OK;
	}
	if (strncasecmp(family, "unknown", strlen("unknown")) != 0 &&
	    strcasecmp(family, "none") != 0)
		feed_tags_add(tags, "family", family);
	return feed_intake_take(intake, field_at(line, reading->name), tags, err);
}

/* The columns stand in the first line, which may be a comment: the last before the records. */
static int csv_feed_line(struct feed_intake *intake, void *ctx, char *line, struct error *err)
{
	struct csv_reading *reading = ctx;
	struct csv_line fields;
	bool is_comment;

	line += strspn(line, BLANKS);
	is_comment = *line == '#';
	line += strspn(line, "#" BLANKS);
	if (*line == '\0' || (is_comment && reading->has_columns))
		return FT_OK;
	if (!csv_split(&fields, line)) {
		if (!is_comment)
			feed_intake_refuse(intake, FEED_NO_NAME,
					   "a quote in it does not end before a comma");
		return FT_OK;
	}
	if (reading->has_columns)
		return take_record(intake, reading, &fields, err);
	if (take_columns(reading, &fields) || is_comment)
		return FT_OK;
	return error_set(err, FT_FAIL, "%s names no column '%s' before its first record",
			 intake->shown, reading->feed->name);
}

static int read_csv(struct feed_intake *intake, const char *path, const struct csv_feed *feed,
		    struct error *err)
{
	struct csv_reading reading = {.feed = feed};

	return feed_lines_each(intake, path, csv_feed_line, &reading, err);
}

int feed_read_urlhaus(struct feed_intake *intake, const char *path, struct error *err)
{
	static const struct csv_feed feed = {.name = "url"};

	return read_csv(intake, path, &feed, err);
}

int feed_read_threatfox(struct feed_intake *intake, const char *path, struct error *err)
{
	static const struct csv_feed feed = {.name = "ioc_value",
					     .kind = "ioc_type",
					     .family = "malware_printable",
					     .family_id = "fk_malware"};

	return read_csv(intake, path, &feed, err);
}

int feed_read_feodo(struct feed_intake *intake, const char *path, struct error *err)
{
	static const struct csv_feed feed = {.name = "dst_ip", .family = "malware"};

	return read_csv(intake, path, &feed, err);
}

/* The last part of a URL without what follows a dot: http://bambenek.example/manual/NAME.txt */
static const char *last_part(char *url)
{
	char *slash = strrchr(url, '/');
	char *part = slash != NULL ? slash + 1 : url;

	part[strcspn(part, ".?#")] = '\0';
	return part;
}

/* indicator, text, time, URL of what is known of its family; no line names the columns. */
static int bambenek_line(struct feed_intake *intake, void *ctx, char *line, struct error *err)
{
	char tags[FEED_TAGS_MAX + 1] = "";
	struct csv_line fields;

	(void)ctx;
	line += strspn(line, BLANKS);
	if (*line == '\0' || *line == '#')
		return FT_OK;
	if (!csv_split(&fields, line) || fields.count < 4) {
		feed_intake_refuse(intake, FEED_NO_NAME, "is no record of four fields");
		return FT_OK;
	}
	feed_tags_add(tags, "family", last_part(fields.fields[3]));
	return feed_intake_take(intake, fields.fields[0], tags, err);
}

int feed_read_bambenek(struct feed_intake *intake, const char *path, struct error *err)
{
	return feed_lines_each(intake, path, bambenek_line, NULL, err);
}
