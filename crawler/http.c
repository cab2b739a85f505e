/* SPDX-License-Identifier: MIT */
#include "crawler/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"
#include "crawler/http_head.h"
#include "crawler/http_transfer.h"

struct http {
	CURLM *multi;      /* owned */
	struct loop *loop; /* borrowed */
	CURL *pattern;     /* owned; of all requests */
	LIST_HEAD(, transfer) transfers;
	size_t in_flight;
	int64_t due_us; /* boot clock: when libcurl wants to be called */
};

/* A watched connection; libcurl keeps it beside the socket (curl_multi_assign). */
struct connection {
	struct http *http;   /* borrowed */
	struct watch *watch; /* owned */
	curl_socket_t fd;    /* libcurl's */
};

static void on_ready(void *ctx, bool readable, bool writable)
{
	struct connection *connection = ctx; /* may be freed within the call */
	int ready = (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0);
	int running;

	curl_multi_socket_action(connection->http->multi, connection->fd, ready, &running);
}

static struct connection *connection_new(struct http *http, curl_socket_t fd)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct error err = {0};

	if (connection == NULL)
		return NULL;
	connection->http = http;
	connection->fd = fd;
	connection->watch = loop_watch(http->loop, fd, on_ready, connection, &err);
	if (connection->watch != NULL &&
	    curl_multi_assign(http->multi, fd, connection) == CURLM_OK)
		return connection;
	if (connection->watch != NULL)
		watch_end(connection->watch);
	free(connection);
	return NULL;
}

/* libcurl would end all transfers for a failure here; so this one alone waits for its time-out.
 */
static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *assigned)
{
	struct connection *connection = assigned;

	(void)easy;
	if (connection == NULL && what != CURL_POLL_REMOVE) {
		connection = connection_new(ctx, fd);
		if (connection == NULL)
			log_warn("http: no memory to watch a connection");
	}
	if (connection == NULL)
		return 0;
	if (what == CURL_POLL_REMOVE) {
		watch_end(connection->watch);
		free(connection);
	} else {
		watch_set(connection->watch, (what & CURL_POLL_IN) != 0,
			  (what & CURL_POLL_OUT) != 0);
	}
	return 0;
}

static int note_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct http *http = ctx;

	(void)multi;
	http->due_us =
		timeout_ms < 0 ? INT64_MAX : clock_boot_us(&clock_system) + timeout_ms * 1000;
	return 0;
}

bool http_header(char *out, size_t size, const struct http_answer *answer, const char *name)
{
	struct head_piece rest = {answer->head, answer->head_len};
	struct head_piece value = {NULL, 0};
	size_t len = 0;

	while (head_next_value(&rest, name, &value))
		;
	if (value.at == NULL)
		return false;
	for (; len < value.len && len + 1 < size; len++) {
		if (value.at[len] < ' ' || value.at[len] > '~')
			return false;
		out[len] = value.at[len];
	}
	out[len] = '\0';
	return true;
}

/* Takes it out of what is in flight; the caller's to free. */
static void take_out(struct http *http, struct transfer *transfer)
{
	curl_multi_remove_handle(http->multi, transfer->easy);
	LIST_REMOVE(transfer, link);
	http->in_flight--;
}

int http_start(struct http *http, const struct http_request *request, struct error *err)
{
	struct transfer *transfer = transfer_new(http->pattern, request, err);

	if (transfer == NULL)
		return err->code;
	if (curl_multi_add_handle(http->multi, transfer->easy) != CURLM_OK) {
		transfer_free(transfer);
		return error_set(err, FT_FAIL, "no memory for a request");
	}
	LIST_INSERT_HEAD(&http->transfers, transfer, link);
	http->in_flight++;
	return FT_OK;
}

void http_turn(struct http *http)
{
	CURLMsg *message;
	int count;

	if (http->due_us <= clock_boot_us(&clock_system)) {
		http->due_us = INT64_MAX;
		curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &count);
	}
	while ((message = curl_multi_info_read(http->multi, &count)) != NULL) {
		CURLcode code = message->data.result; /* the message goes with its transfer */
		struct transfer *transfer;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		take_out(http, transfer);
		transfer_end(transfer, (int)code);
		transfer_free(transfer);
	}
}

size_t http_in_flight(const struct http *http)
{
	return http->in_flight;
}

static bool set_multi(struct http *http)
{
	unsigned failed = 0;

	failed |=
		(unsigned)curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	failed |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	failed |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, note_timer);
	failed |= (unsigned)curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return failed == 0;
}

/* libcurl would tell at each request, as if it were the server's fault. */
static int check_ca_file(const char *path, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (path == NULL || access(path, R_OK) == 0)
		return FT_OK;
	escape_path(shown, path);
	return error_set(err, FT_USAGE, "cannot read certificates from %s: %s", shown,
			 strerror(errno));
}

struct http *http_new(const struct http_options *options, struct error *err)
{
	struct http *http;

	if (check_ca_file(options->ca_file, err) != FT_OK)
		return NULL;
	http = calloc(1, sizeof(*http));
	if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(http);
		error_set(err, FT_FAIL, "cannot set up libcurl");
		return NULL;
	}
	LIST_INIT(&http->transfers);
	http->loop = options->loop;
	http->due_us = INT64_MAX;
	http->multi = curl_multi_init();
	http->pattern = transfer_pattern_new(options->user_agent, options->ca_file);
	if (http->multi != NULL && http->pattern != NULL && set_multi(http))
		return http;
	http_free(http);
	error_set(err, FT_FAIL, "cannot set up libcurl");
	return NULL;
}

void http_free(struct http *http)
{
	while (!LIST_EMPTY(&http->transfers)) {
		struct transfer *transfer = LIST_FIRST(&http->transfers);

		take_out(http, transfer);
		transfer_free(transfer);
	}
	curl_multi_cleanup(http->multi);
	curl_easy_cleanup(http->pattern);
	curl_global_cleanup();
	free(http);
}
