/* SPDX-License-Identifier: MIT */
/*
 * One request of crawler/http.h on its way: how libcurl is set up for it, what libcurl tells of
 * it, and what that comes to. It knows nothing of the loop nor of other requests.
 */
#ifndef CRAWLER_HTTP_TRANSFER_H
#define CRAWLER_HTTP_TRANSFER_H

#include <sys/queue.h>

#include "crawler/http.h"

#define TRANSFER_WHY_SIZE 256 /* libcurl's CURL_ERROR_SIZE */

struct transfer {
	struct http_request request; /* a copy; url and headers are libcurl's by now */
	struct address pin;          /* what request.pin points to */
	void *easy;                  /* owned; libcurl's handle */
	struct curl_slist *headers;  /* owned */
	struct curl_slist *pinned;   /* owned; CURLOPT_CONNECT_TO */
	struct buf head;             /* owned; the last head, without trailers */
	size_t head_octets;          /* of all heads and trailers */
	uint64_t raw_octets;         /* behind the heads: the body as it was sent */
	uint64_t body_len;
	int64_t asked_wall_us;
	int64_t asked_boot_us;
	bool head_is_whole;       /* its blank line came */
	bool head_is_last;        /* and no other follows: what does is a trailer */
	bool is_vetoed;           /* an address was */
	bool has_socket;          /* another was not */
	enum fetch_outcome ended; /* by us, not by libcurl */
	const char *ended_why;    /* static; NULL: it was not */
	char why[TRANSFER_WHY_SIZE];
	LIST_ENTRY(transfer) link; /* of those in flight; its owner's */
};

/* What all requests have in common: a handle of libcurl's, the caller's; NULL: no memory. */
void *transfer_pattern_new(const char *user_agent, const char *ca_file) MUST_CHECK;
/* NULL: FT_USAGE where the request cannot be made, FT_FAIL where memory is out. */
struct transfer *transfer_new(void *pattern, const struct http_request *request,
			      struct error *err) MUST_CHECK;
void transfer_free(struct transfer *transfer);
/* Calls the request's done; code is libcurl's result (CURLcode). */
void transfer_end(const struct transfer *transfer, int code);

#endif
