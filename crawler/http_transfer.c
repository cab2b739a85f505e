/* SPDX-License-Identifier: MIT */
#include "crawler/http_transfer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/escape.h"
#include "crawler/http_head.h"

#define SLOW_TIME_S     10L
#define RAW_EXTRA       65536 /* octets; see watch_progress() */
#define CONNECT_TO_SIZE (ADDRESS_TEXT_SIZE + sizeof("::[]:"))

_Static_assert(TRANSFER_WHY_SIZE >= CURL_ERROR_SIZE, "room for libcurl's words");

/* Returns what ends it, where a callback returns the octets it took. */
static size_t end_as(struct transfer *transfer, enum fetch_outcome outcome, const char *why)
{
	transfer->ended = outcome;
	transfer->ended_why = why;
	return 0;
}

static bool read_sockaddr(struct address *out, const struct sockaddr *from)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)from;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)from;

	*out = (struct address){.family = from->sa_family == AF_INET ? 4 : 6};
	if (from->sa_family == AF_INET)
		memcpy(out->bytes, &v4->sin_addr, 4);
	else if (from->sa_family == AF_INET6)
		memcpy(out->bytes, &v6->sin6_addr, 16);
	else
		return false;
	return true;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *transfer = ctx;
	const struct http_request *request = &transfer->request;
	struct address address;

	(void)purpose;
	if (!read_sockaddr(&address, &to->addr) ||
	    (request->pin != NULL && !address_equal(request->pin, &address)) ||
	    (request->reach != NULL && !reach_holds(request->reach, &address))) {
		transfer->is_vetoed = true;
		return CURL_SOCKET_BAD;
	}
	transfer->has_socket = true;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* 0: none came, or one that HTTP has not (RFC 9110, 15), which libcurl lets through. */
static unsigned status_of(const struct transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 100 && status <= 999 ? (unsigned)status : 0;
}

/*
 * Called for each line of each head (1xx have one, RFC 9110, 15.2) and of the trailers. The
 * last head alone is kept, so that no other speaks for it.
 */
static size_t take_head(char *line, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	size_t len = size * count;
	size_t room = FETCH_HEAD_MAX - transfer->head_octets;
	struct head_piece head;

	if (transfer->head_is_whole && !transfer->head_is_last) {
		buf_reset(&transfer->head);
		transfer->head_is_whole = false;
	}
	if (!transfer->head_is_whole)
		buf_put(&transfer->head, line, len < room ? len : room);
	if (len > room || !buf_is_ok(&transfer->head))
		return end_as(transfer, FETCH_MALFORMED, "more head than any answer needs");
	transfer->head_octets += len;
	if (line[0] != '\r' && line[0] != '\n')
		return len;
	transfer->head_is_whole = true;
	if (status_of(transfer) == 0)
		return end_as(transfer, FETCH_MALFORMED, "no such status");
	transfer->head_is_last = status_of(transfer) >= 200;
	head = (struct head_piece){(const char *)transfer->head.data, transfer->head.len};
	if (transfer->head_is_last && head_lengths_differ(head))
		return end_as(transfer, FETCH_MALFORMED, "two lengths of its body");
	return len;
}

static size_t take_body(char *octets, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	const struct http_request *request = &transfer->request;
	size_t len = size * count;
	uint64_t room = request->body_max - transfer->body_len;
	size_t kept = len < room ? len : (size_t)room;

	if (kept > 0 && request->take != NULL && !request->take(request->ctx, octets, kept))
		return end_as(transfer, FETCH_CUT, "its taker had enough");
	transfer->body_len += kept;
	if (kept < len)
		return end_as(transfer, FETCH_CUT, "more body than is wanted");
	return len;
}

/* The only way to hear of what frames the chunks of a body. */
static int count_raw(CURL *easy, curl_infotype type, char *octets, size_t len, void *ctx)
{
	struct transfer *transfer = ctx;

	(void)easy;
	(void)octets;
	if (type == CURLINFO_DATA_IN)
		transfer->raw_octets += len;
	return 0;
}

/*
 * A chunk's extension has no end of its own, nor have the returns behind a chunk: libcurl takes
 * them for neither head nor body, and reads on.
 */
static int watch_progress(void *ctx, curl_off_t down, curl_off_t down_now, curl_off_t up,
			  curl_off_t up_now)
{
	struct transfer *transfer = ctx;

	(void)down;
	(void)down_now;
	(void)up;
	(void)up_now;
	if (transfer->raw_octets / 2 <= transfer->request.body_max + RAW_EXTRA / 2)
		return 0;
	end_as(transfer, FETCH_CUT, "more around its chunks than in them");
	return 1;
}

static int check_url(const char *url, struct error *err)
{
	CURLU *parts = curl_url();
	char *scheme = NULL;
	CURLUcode code;

	if (parts == NULL)
		return error_set(err, FT_FAIL, "no memory for a URL");
	code = curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER);
	if (code == CURLUE_OK)
		code = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
	if (code == CURLUE_OK && strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		code = CURLUE_UNSUPPORTED_SCHEME;
	if (strlen(url) > FETCH_URL_MAX)
		code = CURLUE_MALFORMED_INPUT;
	curl_free(scheme);
	curl_url_cleanup(parts);
	if (code == CURLUE_OK)
		return FT_OK;
	/* It may hold a secret, and is not repeated. */
	return error_set(err, FT_USAGE, "no URL to fetch from: %s", curl_url_strerror(code));
}

static bool add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

/* A line end in a header would begin another. */
static int take_headers(struct transfer *transfer, const char *const *headers,
			struct error *err)
{
	for (; headers != NULL && *headers != NULL; headers++) {
		for (const char *at = *headers; *at != '\0'; at++) {
			if (iscntrl((unsigned char)*at))
				return error_set(err, FT_USAGE,
						 "a header to send holds a control character");
		}
		if (!add_line(&transfer->headers, *headers))
			return error_set(err, FT_FAIL, "no memory for a request");
	}
	return FT_OK;
}

/*
 * By CONNECT_TO, not by CURLOPT_RESOLVE: that is of all transfers, and two nodes of one name
 * may be asked at a time.
 */
static bool take_pin(struct transfer *transfer, const struct address *pin)
{
	char ip[ADDRESS_TEXT_SIZE];
	char text[CONNECT_TO_SIZE];

	if (pin == NULL)
		return true;
	transfer->pin = *pin;
	transfer->request.pin = &transfer->pin;
	address_to_text(ip, pin);
	snprintf(text, sizeof(text), pin->family == 6 ? "::[%s]:" : "::%s:", ip);
	return add_line(&transfer->pinned, text) &&
	       curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->pinned) ==
		       CURLE_OK;
}

/* Certificates are checked, and cookies, netrc and encodings left alone, by default. */
static bool set_manner(CURL *easy, const char *user_agent, const char *ca_file)
{
	unsigned failed = 0;

	failed |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	failed |= curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	failed |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	failed |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	failed |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	failed |= curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent);
	failed |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* Else /a/../b is sent as /b, and the record says what was not asked. */
	failed |= curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	/* A resolver's thread that hangs must not hold up the loop: it outlives its request. */
	failed |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* What a server left in a connection would be the next one's answer. */
	failed |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	failed |= curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	if (ca_file != NULL)
		failed |= curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	/* A folder would hold beside the file, and keeps libcurl from reading that but once. */
	if (ca_file != NULL || curl_version_info(CURLVERSION_NOW)->cainfo != NULL)
		failed |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	return failed == 0;
}

void *transfer_pattern_new(const char *user_agent, const char *ca_file)
{
	CURL *pattern = curl_easy_init();

	if (pattern != NULL && set_manner(pattern, user_agent, ca_file))
		return pattern;
	curl_easy_cleanup(pattern);
	return NULL;
}

static bool set_callbacks(struct transfer *transfer)
{
	CURL *easy = transfer->easy;
	unsigned failed = 0;

	failed |= curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	failed |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->why);
	failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head);
	failed |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	failed |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, count_raw);
	failed |= curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer);
	failed |=
		curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L); /* else count_raw hears nothing */
	failed |= curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, watch_progress);
	failed |= curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
	failed |= curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	return failed == 0;
}

static bool set_limits(const struct transfer *transfer)
{
	const struct http_request *request = &transfer->request;
	CURL *easy = transfer->easy;
	unsigned failed = 0;

	failed |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	failed |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
				   (long)request->connect_timeout_ms);
	failed |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, request->slow_octets_s);
	failed |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_TIME_S);
	return failed == 0;
}

static int set_up(struct transfer *transfer, const struct http_request *request,
		  struct error *err)
{
	if (take_headers(transfer, request->headers, err) != FT_OK)
		return err->code;
	if (take_pin(transfer, request->pin) && set_callbacks(transfer) &&
	    set_limits(transfer) &&
	    curl_easy_setopt(transfer->easy, CURLOPT_URL, request->url) == CURLE_OK)
		return FT_OK;
	return error_set(err, FT_FAIL, "no memory for a request");
}

void transfer_free(struct transfer *transfer)
{
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->pinned);
	buf_fini(&transfer->head);
	free(transfer);
}

struct transfer *transfer_new(void *pattern, const struct http_request *request,
			      struct error *err)
{
	struct transfer *transfer;

	if (check_url(request->url, err) != FT_OK)
		return NULL;
	transfer = calloc(1, sizeof(*transfer));
	if (transfer == NULL) {
		error_set(err, FT_FAIL, "no memory for a request");
		return NULL;
	}
	transfer->request = *request;
	transfer->asked_wall_us = clock_wall_us(&clock_system);
	transfer->asked_boot_us = clock_boot_us(&clock_system);
	buf_init(&transfer->head, FETCH_HEAD_MAX);
	transfer->easy = curl_easy_duphandle(pattern);
	if (transfer->easy == NULL)
		error_set(err, FT_FAIL, "no memory for a request");
	else if (set_up(transfer, request, err) == FT_OK)
		return transfer;
	transfer_free(transfer);
	return NULL;
}

/* To what we never asked for (RFC 9110, 7.8). */
static bool has_switched(const struct transfer *transfer)
{
	return status_of(transfer) == 101;
}

static enum fetch_outcome outcome_of(const struct transfer *transfer, CURLcode code)
{
	if (transfer->ended_why != NULL)
		return transfer->ended;
	switch (code) {
	case CURLE_OK: /* also where the head has no end, or is of a 1xx alone */
		if (transfer->head_is_last)
			return FETCH_ANSWERED;
		return has_switched(transfer) ? FETCH_MALFORMED : FETCH_PARTIAL;
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TIMEOUT;
	case CURLE_COULDNT_CONNECT:
		return transfer->is_vetoed && !transfer->has_socket ? FETCH_VETOED
								    : FETCH_REFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
		return FETCH_REFUSED;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR: /* a reset, or chunks that cannot be told apart */
	case CURLE_SEND_ERROR:
		return FETCH_PARTIAL;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_PEER_FAILED_VERIFICATION:
		return FETCH_TLS;
	default: /* no HTTP */
		return FETCH_MALFORMED;
	}
}

/* libcurl begins its sentences with a capital, or with an acronym, which stays. */
static void lower_first(char *text)
{
	bool is_capital = text[0] >= 'A' && text[0] <= 'Z';

	if (is_capital && text[1] >= 'a' && text[1] <= 'z')
		text[0] = (char)(text[0] - 'A' + 'a');
}

/* Why it came to that, in our words or libcurl's. */
static void explain(char *out, size_t size, const struct transfer *transfer, CURLcode code)
{
	const char *why = transfer->why[0] != '\0' ? transfer->why : curl_easy_strerror(code);

	if (transfer->ended_why != NULL)
		why = transfer->ended_why;
	else if (code == CURLE_OK)
		why = has_switched(transfer) ? "it switched to another protocol"
					     : "it ended within its head";
	else if (code == CURLE_OUT_OF_MEMORY) /* so libcurl calls a line over its limit */
		why = "more in a line than any head needs";
	else if (transfer->is_vetoed && !transfer->has_socket)
		why = "its address may not be contacted";
	escape_text(out, size, why, strlen(why));
	lower_first(out);
}

static void read_server(struct server_address *out, const struct transfer *transfer)
{
	const char *ip = NULL; /* libcurl's; "" while nothing is connected */
	long port = 0;

	*out = (struct server_address){0};
	curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &ip);
	curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_PORT, &port);
	if (ip == NULL || ip[0] == '\0')
		return;
	out->ip.family = strchr(ip, ':') != NULL ? 6 : 4;
	if (inet_pton(out->ip.family == 6 ? AF_INET6 : AF_INET, ip, out->ip.bytes) == 1)
		out->port = (uint16_t)port;
	else
		out->ip = (struct address){0};
}

void transfer_end(const struct transfer *transfer, int code)
{
	char why[ESCAPE_MAX(CURL_ERROR_SIZE)] = "";
	curl_off_t retry_after_s = 0;
	struct http_answer answer = {
		.outcome = outcome_of(transfer, (CURLcode)code),
		.status = status_of(transfer),
		.asked_wall_us = transfer->asked_wall_us,
		.asked_boot_us = transfer->asked_boot_us,
		.took_us = (uint32_t)(clock_boot_us(&clock_system) - transfer->asked_boot_us),
		.head = (const char *)transfer->head.data,
		.head_len = transfer->head.len,
		.body_len = transfer->body_len,
		.why = why,
	};

	if (answer.outcome != FETCH_ANSWERED)
		explain(why, sizeof(why), transfer, (CURLcode)code);
	read_server(&answer.server, transfer);
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
	answer.retry_after_s = retry_after_s;
	transfer->request.done(transfer->request.ctx, &answer);
}
