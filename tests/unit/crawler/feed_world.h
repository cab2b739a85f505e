/* SPDX-License-Identifier: MIT */
/* A cache, a feed and a server in a thread, for the tests of what is fetched. */
#ifndef TESTS_FEED_WORLD_H
#define TESTS_FEED_WORLD_H

#include "crawler/feed_fetch.h"

#define ASKED_MAX 16

/* What the server answers for a path, as it is; 404 for what is not there. */
struct page {
	const char *path; /* NULL ends the list */
	const char *answer;
};

struct feed_server {
	const struct page *pages; /* borrowed */
	char asked[ASKED_MAX][1024];
	unsigned count; /* of those asked */
	unsigned port;
};

extern struct feed_server server;
extern char cache[PATH_SIZE];
extern struct feed_config config; /* the feed that begin() made last */
extern struct feed_job job;       /* and what fetch() made of it */

/* Group set-up and tear-down of cmocka. */
int world_start(void **state);
int world_stop(void **state);

/* A new feed of that path. */
void begin(const char *name, const char *path);
/* Fetches it from a server of these pages, as a call of its own would. */
void fetch(const struct page *pages);
/* What the import of its body makes of the state. */
void import(void);

void cached_path(char out[PATH_SIZE], const char *name);
void holds(const char *name, const char *expected);
bool is_there(const char *name);
/* Is the next fetch due then? Up to a minute may have passed since the last. */
bool is_due_in(int64_t seconds);
/* Did that request hold the text? */
bool asked(unsigned at, const char *text);

#endif
