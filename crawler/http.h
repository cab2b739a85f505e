/* SPDX-License-Identifier: MIT */
/*
 * HTTP over the collector's loop: any number of requests at once, each over a connection of its
 * own and with limits of octets and time that hold whatever the server does. It sees libcurl's
 * multi interface, http_transfer.c the easy one.
 *
 * A failure of the other side is an outcome, as in the DNS: it comes with the answer and is no
 * error. No redirect is followed, no proxy, cookie, netrc or authentication is used, no
 * encoding is asked for, and nothing is sent but a GET. libcurl is called from http_turn() and
 * from watches alone, never from its own callbacks. The process must ignore SIGPIPE.
 */
#ifndef CRAWLER_HTTP_H
#define CRAWLER_HTTP_H

#include "crawler/reach.h"
#include "resolver/loop.h"
#include "store/segment.h"

struct http;

struct http_answer {
	enum fetch_outcome outcome;
	unsigned status;              /* 0: none came */
	struct server_address server; /* connected to; family 0: to none */
	int64_t asked_wall_us;
	int64_t asked_boot_us;
	uint32_t took_us;
	const char *head; /* borrowed until done returns: status line and headers as they came.
			     The last head alone, without those of 1xx and the trailers; but
			     all of them count, and above FETCH_HEAD_MAX octets the answer is
			     FETCH_MALFORMED */
	size_t head_len;
	uint64_t body_len;     /* octets that came and were taken */
	int64_t retry_after_s; /* 0: not said */
	const char *why;       /* borrowed; for a person: one lower-case line, escaped; "" */
};

/*
 * The value of the last header of that name (any case) in head, cut to size; false: none, or
 * not of printable ASCII.
 */
bool http_header(char *out, size_t size, const struct http_answer *answer, const char *name);

struct http_request {    /* borrowed for the call of http_start() */
	const char *url; /* http or https, no user name in it, FETCH_URL_MAX octets */
	const char *const *headers; /* "Name: value"; ends with NULL; may be NULL */
	const struct address *pin;  /* the URL's host is there, and nowhere else; may be
				       NULL: the system's resolver tells */
	const struct reach *reach;  /* borrowed until done; NULL: any address */
	uint64_t body_max;          /* octets */
	int64_t timeout_ms;         /* for the whole */
	int64_t connect_timeout_ms;
	long slow_octets_s; /* slower than that over 10 s is a timeout; 0: never */
	/* Each piece of the body; false ends the request as FETCH_CUT. May be NULL: none is
	 * kept. It calls nothing of this file. */
	bool (*take)(void *ctx, const void *octets, size_t len);
	/* The end, once, never within http_start(). It may start another, and not http_free().
	 */
	void (*done)(void *ctx, const struct http_answer *answer);
	void *ctx;
};

struct http_options {
	struct loop *loop;      /* borrowed until http_free() */
	const char *user_agent; /* borrowed for the call */
	const char *ca_file;    /* borrowed for the call; the certificates that are trusted;
				   NULL: the system's */
};

/* FT_USAGE: ca_file cannot be read. */
struct http *http_new(const struct http_options *options, struct error *err) MUST_CHECK;
/* Ends what is in flight without calling its done. */
void http_free(struct http *http);

/*
 * FT_USAGE: the URL is none of ours, or a header would break the request; FT_FAIL: memory. done
 * is called in no such case.
 */
int http_start(struct http *http, const struct http_request *request,
	       struct error *err) MUST_CHECK;
/* To be called once a loop turn: libcurl's timers, and done for what has ended. */
void http_turn(struct http *http);
size_t http_in_flight(const struct http *http);

#endif
