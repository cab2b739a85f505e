/* SPDX-License-Identifier: MIT */
#include "crawler/feed_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "base/secret_file.h"
#include "base/timefmt.h"
#include "crawler/target_tags.h"

#define INTERVAL_S   3600
#define OCTETS_LIMIT (UINT64_C(64) << 30) /* more is a slip of the finger */
/* RFC 9110, 5.6.2: what a header's name is made of. */
#define HEADER_LETTERS                                                                         \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"

/* How far we are in the file. */
struct reading {
	struct feed_configs *configs; /* borrowed */
	unsigned section_line;        /* of the last feed; 0: before the first */
};

static bool is_url(const char *word)
{
	return strncasecmp(word, "http://", 7) == 0 || strncasecmp(word, "https://", 8) == 0;
}

static bool is_printable(const char *text)
{
	while (*text >= 0x20 && *text <= 0x7e)
		text++;
	return *text == '\0';
}

/* A password would come into lists of processes and into messages. */
static int set_url(struct feed_config *feed, const char *url, struct error *err)
{
	const char *host = strstr(url, "://");

	if (!is_url(url))
		return error_set(err, FT_USAGE, "a URL begins with https:// or http://");
	if (strlen(url) > FETCH_URL_MAX)
		return error_set(err, FT_USAGE, "a URL has %d octets at most", FETCH_URL_MAX);
	if (!is_printable(url) || strchr(url, ' ') != NULL)
		return error_set(err, FT_USAGE, "a URL is of ASCII, other octets as %%XX");
	if (memchr(host + 3, '@', strcspn(host + 3, "/?#")) != NULL)
		return error_set(err, FT_USAGE,
				 "a password in a URL: send it as a header of feeds.ini");
	snprintf(feed->url, sizeof(feed->url), "%s", url);
	return FT_OK;
}

static void set_defaults(struct feed_config *feed, const char *name)
{
	*feed = (struct feed_config){
		.format = "auto", .interval_s = INTERVAL_S, .octets_max = FEED_OCTETS_MAX};
	snprintf(feed->name, sizeof(feed->name), "%s", name);
}

bool feed_url_is_manifest(const char *url)
{
	static const char end[] = "/" FEED_MANIFEST;
	size_t len = strcspn(url, "?#");

	return len > strlen(end) && strncmp(url + len - strlen(end), end, strlen(end)) == 0;
}

/* All MISP feeds end alike: the folder tells which it is. */
static void name_word(char out[FEED_NAME_SIZE], const char *word)
{
	char folder[FETCH_URL_MAX + 1];
	size_t len = strcspn(word, "?#") - strlen(FEED_MANIFEST);

	feed_name(out, word);
	if (!feed_url_is_manifest(word) || len > FETCH_URL_MAX)
		return;
	memcpy(folder, word, len);
	folder[len] = '\0';
	feed_name(out, folder);
}

int feed_config_from_word(struct feed_config *feed, const char *word, struct error *err)
{
	char name[FEED_NAME_SIZE];

	name_word(name, word);
	set_defaults(feed, name);
	return is_url(word) ? set_url(feed, word, err) : FT_OK;
}

static int set_format(struct feed_config *feed, const char *value, struct error *err)
{
	if (strcmp(value, "auto") != 0 && !feed_format_is_known(value))
		return error_set(err, FT_USAGE, "no such format; there are " FEED_FORMATS);
	snprintf(feed->format, sizeof(feed->format), "%s", value);
	return FT_OK;
}

static int set_family(struct feed_config *feed, const char *value, struct error *err)
{
	char tag[INI_VALUE_SIZE + 8];

	snprintf(tag, sizeof(tag), "family=%s", value);
	return target_tags_add(feed->tags, tag, err);
}

static int set_tag(struct feed_config *feed, const char *value, struct error *err)
{
	return target_tags_add(feed->tags, value, err);
}

static int set_interval(struct feed_config *feed, const char *value, struct error *err)
{
	if (duration_parse(value, &feed->interval_s, err) != FT_OK)
		return err->code;
	return feed->interval_s > 0 ? FT_OK
				    : error_set(err, FT_USAGE, "the shortest interval is 1s");
}

/* A whole number and K, M or G, of 1024 each. */
static int set_max(struct feed_config *feed, const char *value, struct error *err)
{
	static const char units[] = "KMG";
	char *end = NULL;
	const char *unit = NULL;
	unsigned long long number = 0;

	if (value[0] >= '0' && value[0] <= '9')
		number = strtoull(value, &end, 10);
	if (end != NULL && *end != '\0')
		unit = strchr(units, *end);
	if (number == 0 || unit == NULL || end[1] != '\0')
		return error_set(err, FT_USAGE, "no size; write it like 500M");
	if (number > OCTETS_LIMIT >> (10 * (unit - units + 1)))
		return error_set(err, FT_USAGE, "a feed has 64G at most");
	feed->octets_max = number << (10 * (unit - units + 1));
	return FT_OK;
}

static int set_ca(struct feed_config *feed, const char *value, struct error *err)
{
	(void)err;
	snprintf(feed->ca, sizeof(feed->ca), "%s", value);
	return FT_OK;
}

/* The value of "NAME: VALUE"; NULL: it is none, and err says so. */
static const char *header_value(const char *header, struct error *err)
{
	size_t len = strspn(header, HEADER_LETTERS);
	const char *value = header + len;

	if (len > 0 && *value == ':')
		value += 1 + strspn(value + 1, " ");
	if (len > 0 && value > header + len && *value != '\0')
		return value;
	error_set(err, FT_USAGE, "a header is written NAME: VALUE");
	return NULL;
}

static int set_header(struct feed_config *feed, const char *value, struct error *err)
{
	size_t count = 0;

	if (header_value(value, err) == NULL)
		return err->code;
	while (count < FEED_HEADERS_MAX && feed->headers[count][0] != '\0')
		count++;
	if (count == FEED_HEADERS_MAX)
		return error_set(err, FT_USAGE, "a feed has %d headers at most",
				 FEED_HEADERS_MAX);
	snprintf(feed->headers[count], sizeof(feed->headers[count]), "%s", value);
	return FT_OK;
}

static const struct setting {
	const char *name;
	int (*set)(struct feed_config *feed, const char *value, struct error *err);
} settings[] = {
	{"url", set_url},           {"format", set_format}, {"family", set_family},
	{"tag", set_tag},           {"max", set_max},       {"ca", set_ca},
	{"interval", set_interval}, {"header", set_header},
};

static const struct setting *find_setting(const char *name)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (strcmp(name, settings[i].name) == 0)
			return &settings[i];
	return NULL;
}

const struct feed_config *feed_configs_find(const struct feed_configs *configs,
					    const char *name)
{
	for (size_t i = 0; i < configs->count; i++)
		if (strcmp(configs->feeds[i].name, name) == 0)
			return &configs->feeds[i];
	return NULL;
}

/* Its name is that of a file, and a tag. */
static int begin_feed(struct reading *reading, const struct ini_entry *entry, struct error *err)
{
	struct feed_configs *configs = reading->configs;
	char name[FEED_NAME_SIZE];

	feed_name(name, entry->section);
	if (strcmp(name, entry->section) != 0)
		return error_set(err, FT_FAIL,
				 "a feed's name is of letters, digits and -_. alone");
	if (feed_configs_find(configs, name) != NULL)
		return error_set(err, FT_FAIL, "there is a feed of that name above");
	if (configs->count == FEEDS_MAX)
		return error_set(err, FT_FAIL, "%d feeds at most", FEEDS_MAX);
	set_defaults(&configs->feeds[configs->count++], name);
	reading->section_line = entry->section_line;
	return FT_OK;
}

static int take_entry(void *ctx, const struct ini_entry *entry, struct error *err)
{
	struct reading *reading = ctx;
	const struct setting *setting = find_setting(entry->name);
	struct feed_config *feed;

	if (entry->section_line != reading->section_line &&
	    begin_feed(reading, entry, err) != FT_OK)
		return err->code;
	if (setting == NULL)
		return error_set(err, FT_FAIL,
				 "there are but url, format, family, tag, interval, header, "
				 "max and ca");
	feed = &reading->configs->feeds[reading->configs->count - 1];
	if (setting->set(feed, entry->value, err) == FT_OK)
		return FT_OK;
	err->code = FT_FAIL; /* as for any fault in a file */
	return FT_FAIL;
}

static bool is_literal(const char *header)
{
	struct error ignored;
	const char *value = header_value(header, &ignored);

	return strncmp(value, "file:", 5) != 0 && strncmp(value, "env:", 4) != 0;
}

/* Of a feed that is read whole; *has_literal: a header's value stands in the file. */
static int check_feed(const struct feed_config *feed, bool *has_literal, struct error *err)
{
	if (feed->url[0] == '\0')
		return error_set(err, FT_FAIL, "[%s] has no url", feed->name);
	for (size_t i = 0; i < FEED_HEADERS_MAX && feed->headers[i][0] != '\0'; i++)
		*has_literal = *has_literal || is_literal(feed->headers[i]);
	return FT_OK;
}

int feed_configs_read(struct feed_configs *configs, const char *path, struct error *err)
{
	struct reading reading = {.configs = configs};
	char shown[WORD_SHOWN_SIZE];
	bool has_literal = false;

	configs->count = 0;
	escape_path(shown, path);
	if (ini_file_read(path, take_entry, &reading, err) != FT_OK)
		return err->code;
	for (size_t i = 0; i < configs->count; i++)
		if (check_feed(&configs->feeds[i], &has_literal, err) != FT_OK)
			return error_prefix(err, "%s", shown);
	if (has_literal && secret_file_check(path, err) != FT_OK)
		return error_prefix(err, "a header's value stands in it");
	return FT_OK;
}

static int find_value(char *out, size_t size, const char *value, struct error *err)
{
	const char *found = value;

	if (strncmp(value, "file:", 5) == 0)
		return secret_file_read(out, size, value + 5, err);
	if (strncmp(value, "env:", 4) == 0)
		found = getenv(value + 4);
	if (found == NULL || found[0] == '\0') {
		char shown[WORD_SHOWN_SIZE];

		escape_word(shown, value + 4);
		return error_set(err, FT_FAIL, "$%s is not set", shown);
	}
	if (snprintf(out, size, "%s", found) >= (int)size)
		return error_set(err, FT_FAIL, "%zu octets at most", size - 1);
	return FT_OK;
}

/* What others send must not become lines of the request. */
int feed_header_make(char out[FEED_HEADER_SIZE], const char *written, struct error *err)
{
	const char *value = header_value(written, err);
	size_t len = value == NULL ? 0 : (size_t)(value - written);
	int result;

	if (value == NULL)
		return err->code;
	memcpy(out, written, len);
	result = find_value(out + len, FEED_HEADER_SIZE - len, value, err);
	if (result == FT_OK && !is_printable(out + len))
		result = error_set(err, FT_FAIL, "its value is not of printable ASCII");
	if (result != FT_OK)
		error_prefix(err, "header %.*s", (int)strcspn(written, ":"), written);
	return result;
}
