/* SPDX-License-Identifier: MIT */
/*
 * Which feeds to fetch: feeds.ini, a section a feed, or a URL of the command line. A header's
 * value may be a secret, so it is read from a file or the environment when it is sent, or
 * stands in a feeds.ini that nobody else reads; no message repeats it.
 */
#ifndef CRAWLER_FEED_CONFIG_H
#define CRAWLER_FEED_CONFIG_H

#include "crawler/feed.h"
#include "store/ini_file.h"
#include "store/segment.h"

#define FEEDS_MAX        64
#define FEED_HEADERS_MAX 4
#define FEED_HEADER_SIZE 1280            /* octets of a header to send, with the closing NUL */
#define FEED_MANIFEST    "manifest.json" /* a MISP feed's */
#define FEED_FORMATS                                                                           \
	"auto, plain, hosts, urlhaus, threatfox, feodo, openphish, bambenek, dgarchive, misp"

struct feed_config {
	char name[FEED_NAME_SIZE];   /* as feed_name() makes them */
	char url[FETCH_URL_MAX + 1]; /* http or https, printable ASCII, no password */
	char format[INI_VALUE_SIZE]; /* "auto": as its content tells */
	char tags[TAGS_MAX + 1];     /* of all its names */
	char ca[INI_VALUE_SIZE];     /* file of certificates; "": the system's */
	int64_t interval_s;          /* between two fetches */
	uint64_t octets_max;         /* of what is fetched, and of what that unpacks to */
	/* "NAME: VALUE" as written; "" where there are no more. */
	char headers[FEED_HEADERS_MAX][INI_VALUE_SIZE];
};

struct feed_configs {
	struct feed_config feeds[FEEDS_MAX];
	size_t count;
};

/* Reads feeds.ini. An error names the file, the line and what to write. */
int feed_configs_read(struct feed_configs *configs, const char *path,
		      struct error *err) MUST_CHECK;
/* The feed of that name; NULL: there is none. */
const struct feed_config *feed_configs_find(const struct feed_configs *configs,
					    const char *name);

/* Is it that of a MISP feed's manifest? */
bool feed_url_is_manifest(const char *url);
/* What holds for a URL or a file where nothing else is said, under a name made of its end; a
 * file's url is "". */
int feed_config_from_word(struct feed_config *config, const char *word,
			  struct error *err) MUST_CHECK;

/* The header to send for one as written: VALUE may be file:PATH or env:NAME. */
int feed_header_make(char out[FEED_HEADER_SIZE], const char *written,
		     struct error *err) MUST_CHECK;

#endif
