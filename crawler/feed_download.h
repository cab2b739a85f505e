/* SPDX-License-Identifier: MIT */
/*
 * One GET into a file. The body is written aside, to PATH.part, and only one that came whole
 * with status 200 may be kept: renamed to PATH. Until then what PATH holds stays.
 */
#ifndef CRAWLER_FEED_DOWNLOAD_H
#define CRAWLER_FEED_DOWNLOAD_H

#include "base/file.h"
#include "crawler/http.h"
#include "store/loader_hex.h"

struct feed_download {
	/* Set by the caller. */
	struct http *http;          /* borrowed until it is done */
	const char *const *headers; /* borrowed for the start; ends with NULL */
	char path[PATH_SIZE];
	uint64_t octets_max;

	uint64_t octets;       /* so far */
	bool is_done;          /* set within http_turn(); what follows is then known */
	struct error error;    /* FT_AGAIN: what may pass */
	unsigned status;       /* 200 or 304; any, or 0, where there is an error */
	int64_t retry_after_s; /* 0: not said */
	char sha256[LOADER_HEX_SIZE];
	char etag[200]; /* as they came; "": none */
	char modified[200];

	/* Its own. */
	char part[PATH_SIZE]; /* "": there is none */
	int fd;               /* -1: closed */
	struct sha256 *sha;   /* owned; NULL: not started */
};

/* After FT_OK it stays where it is in memory until it is done or its http is freed. */
int feed_download_start(struct feed_download *download, const char *url,
			struct error *err) MUST_CHECK;
/* Keeps the body of a download that came with status 200. */
int feed_download_keep(struct feed_download *download, struct error *err) MUST_CHECK;
/* Lets go of one, started or not, and removes what was not kept. Not while it is in flight. */
void feed_download_drop(struct feed_download *download);

#endif
