/* SPDX-License-Identifier: MIT */
#include "tests/unit/crawler/fetching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const outcome_words[] = {"answered", "cut",     "partial", "malformed",
				     "timeout",  "refused", "tls",     "vetoed"};
const struct address loopback = {4, {127, 0, 0, 1}};
struct loop *loop;
struct http *http;
unsigned port;
static struct error err;
static pid_t child;

static void on_turn(void *ctx)
{
	(void)ctx;
	http_turn(http);
	if (http_in_flight(http) == 0)
		loop_stop(loop);
}

static bool on_take(void *ctx, const void *octets, size_t len)
{
	struct fetch *fetch = ctx;
	size_t room = KEPT_MAX - (fetch->taken < KEPT_MAX ? fetch->taken : KEPT_MAX);

	if (room > 0)
		memcpy(fetch->body + fetch->taken, octets, len < room ? len : room);
	fetch->taken += len;
	return true;
}

static void on_done(void *ctx, const struct http_answer *answer)
{
	struct fetch *fetch = ctx;

	assert_true(answer->head_len <= FETCH_HEAD_MAX);
	if (answer->head_len > 0)
		memcpy(fetch->head, answer->head, answer->head_len);
	snprintf(fetch->why, sizeof(fetch->why), "%s", answer->why);
	fetch->answer = *answer;
	fetch->answer.head = fetch->head;
	fetch->answer.why = fetch->why;
	fetch->ends++;
}

struct http_request request_to(struct fetch *fetch, const char *host, const char *path)
{
	memset(fetch, 0, sizeof(*fetch));
	snprintf(fetch->url, sizeof(fetch->url), "%s:%u/%s", host, port, path);
	return (struct http_request){
		.url = fetch->url,
		.body_max = BODY_MAX,
		.timeout_ms = TIMEOUT_MS,
		.connect_timeout_ms = TIMEOUT_MS,
		.take = on_take,
		.done = on_done,
		.ctx = fetch,
	};
}

void start(const struct http_request *request)
{
	if (http_start(http, request, &err) != FT_OK)
		fail_msg("%s: %s", request->url, err.text);
}

void run(struct fetch *fetch, const struct http_request *request)
{
	start(request);
	loop_run(loop);
	assert_int_equal(fetch->ends, 1);
}

struct fetch *fetch_path(const char *path)
{
	static struct fetch fetch;
	struct http_request request = request_to(&fetch, "http://127.0.0.1", path);

	run(&fetch, &request);
	return &fetch;
}

unsigned connections(const char *name)
{
	struct fetch *fetch = fetch_path("count");
	char line[64];
	char *at;

	assert_int_equal(fetch->answer.outcome, FETCH_ANSWERED);
	snprintf(line, sizeof(line), "%s ", name);
	at = strstr(fetch->body, line);
	return at != NULL ? (unsigned)strtoul(at + strlen(line), NULL, 10) : 0;
}

struct http *new_http(const char *ca_file)
{
	const struct http_options options = {loop, "test/1", ca_file};
	struct http *new = http_new(&options, &err);

	assert_non_null(new);
	return new;
}

int set_up(void **state)
{
	char line[16] = "";
	int ends[2];

	(void)state;
	if (sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL) != 0 ||
	    pipe(ends) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		execlp("python3", "python3", HOSTILE_HTTP, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (child < 0 || read(ends[0], line, sizeof(line) - 1) <= 0)
		return -1;
	close(ends[0]);
	port = (unsigned)strtoul(line, NULL, 10);
	loop = loop_new(on_turn, NULL, &err);
	http = loop != NULL ? new_http(NULL) : NULL;
	return http != NULL ? 0 : -1;
}

int tear_down(void **state)
{
	(void)state;
	http_free(http);
	loop_free(loop);
	kill(child, SIGKILL);
	return waitpid(child, NULL, 0) == child ? 0 : -1;
}
