/* SPDX-License-Identifier: MIT */
/* What tests of crawler/http share: the hostile server as a child, a loop, an http, fetches. */
#ifndef TESTS_UNIT_CRAWLER_FETCHING_H
#define TESTS_UNIT_CRAWLER_FETCHING_H

#include "crawler/http.h"

#define BODY_MAX   (64 * 1024)
#define TIMEOUT_MS 1500
#define KEPT_MAX   4096

extern const char *const outcome_words[]; /* by enum fetch_outcome */
extern const struct address loopback;     /* where the server is */
extern struct loop *loop;
extern struct http *http;
extern unsigned port; /* the server's */

/* A request and what came of it. */
struct fetch {
	char url[256];
	unsigned ends;             /* calls of done */
	struct http_answer answer; /* its texts are those below */
	char head[FETCH_HEAD_MAX + 1];
	char body[KEPT_MAX + 1]; /* its beginning */
	size_t taken;            /* octets */
	char why[1100];
};

/* For cmocka's group. */
int set_up(void **state);
int tear_down(void **state);

/*
 * For http://HOST:PORT/PATH, where host is "http://HOST", with the limits above. Its taker and
 * done fill fetch, which is emptied now and must live until then.
 */
struct http_request request_to(struct fetch *fetch, const char *host, const char *path);
void start(const struct http_request *request);
/* Starts the one request, and waits for its end. */
void run(struct fetch *fetch, const struct http_request *request);
/* Runs one for a path of the server's; the fetch holds until the next. */
struct fetch *fetch_path(const char *path);
/* How many connections the server had: of a case, to the trap, or all. */
unsigned connections(const char *name);
struct http *new_http(const char *ca_file);

#endif
