/* SPDX-License-Identifier: MIT */
/*
 * Lines of JSON (NDJSON) posted to a URL that the user named, in bodies of bounded size; the
 * only file that sees libcurl. It follows no redirect, uses no proxy and checks certificates.
 * With a secret each post carries
 *
 *	X-Fluxtrack-Timestamp: seconds since 1970, taken anew at each try
 *	X-Fluxtrack-Signature: sha256=HMAC-SHA256(secret, timestamp "." body) in hexadecimal
 *
 * so that the receiver can tell who sends, and refuse what is old. A post may arrive twice.
 */
#ifndef REPORT_WEBHOOK_H
#define REPORT_WEBHOOK_H

#include "base/buf.h"

#define WEBHOOK_SECRET_SIZE 1024
#define WEBHOOK_LINES_MAX   5000
#define WEBHOOK_BODY_MAX    1000000 /* octets */

struct webhook {
	const char *url;         /* borrowed: http or https */
	const char *secret;      /* borrowed; NULL: posts are not signed */
	long connect_timeout_ms; /* of a try */
	long timeout_ms;         /* of a try, from name to answer */
	long wait_ms;            /* before the second try, then twice that, and so on */
	long wait_max_ms;        /* a receiver that asks for more is given up for now */
	unsigned tries;
	void *curl; /* owned */
	struct buf body;
	size_t lines; /* in body */
};

/* Fills in the usual times, and opens. */
int webhook_open(struct webhook *webhook, const char *url, const char *secret,
		 struct error *err) MUST_CHECK;
/* Adds a line to the body, which is posted first where it is full. */
int webhook_put(struct webhook *webhook, const char *line, struct error *err) MUST_CHECK;
/*
 * Posts what is left. FT_AGAIN where the receiver is away, busy or broken (5xx, 408, 429)
 * after all tries, FT_FAIL where it refuses.
 */
int webhook_flush(struct webhook *webhook, struct error *err) MUST_CHECK;
void webhook_close(struct webhook *webhook);

#endif
