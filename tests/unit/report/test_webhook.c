/* SPDX-License-Identifier: MIT */
/* report/webhook: what is tried again, what is not, and that no receiver can hold or lead us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "report/webhook.h"

#define POSTS_MAX 8
#define ENDLESS   "X-Endless:\r\n\r\nand so on "

/* A server in a thread: answers each post with the next text, as it is; NULL: never. */
static struct {
	const char *const *answers; /* borrowed; ends with "" */
	char heads[POSTS_MAX][1024];
	size_t lens[POSTS_MAX]; /* of the bodies */
	unsigned posts;
	int listener;
	pthread_t thread;
	char url[64];
} server;

static struct webhook webhook;
static struct error err;

/* Reads a head, and counts the body that it announces. */
static void read_post(int fd)
{
	char *head = server.heads[server.posts];
	const char *length;
	size_t len = 0;
	size_t expected;
	static char body[65536];

	while (strstr(head, "\r\n\r\n") == NULL && len < sizeof(server.heads[0]) - 1) {
		if (read(fd, head + len, 1) != 1)
			return;
		head[++len] = '\0';
	}
	length = strstr(head, "Content-Length: ");
	expected = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
	for (len = 0; len < expected;) {
		ssize_t got = read(fd, body, sizeof(body));

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	server.lens[server.posts++] = len;
}

/* Says what follows its head again and again, until the other end has enough. */
static void answer_post(int fd, const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n") + 4;
	ssize_t sent = send(fd, answer, strlen(answer), MSG_NOSIGNAL);

	while (sent > 0 && strstr(answer, ENDLESS) != NULL)
		sent = send(fd, body, strlen(body), MSG_NOSIGNAL);
}

static void *serve(void *ctx)
{
	char byte;

	(void)ctx;
	for (const char *const *answer = server.answers; *answer == NULL || **answer != '\0';
	     answer++) {
		int fd = accept(server.listener, NULL, NULL);

		if (fd < 0)
			return NULL;
		read_post(fd);
		if (*answer != NULL)
			answer_post(fd, *answer);
		else
			(void)!read(fd, &byte, 1); /* until the other end gives up */
		close(fd);
	}
	return NULL;
}

static void start(const char *const *answers)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	memset(&server, 0, sizeof(server));
	server.answers = answers;
	server.listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(server.listener >= 0);
	assert_int_equal(bind(server.listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(server.listener, 4), 0);
	assert_int_equal(getsockname(server.listener, (struct sockaddr *)&at, &len), 0);
	snprintf(server.url, sizeof(server.url), "http://127.0.0.1:%u/hook",
		 ntohs(at.sin_port));
	assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
	assert_int_equal(webhook_open(&webhook, server.url, "key", &err), FT_OK);
	webhook.timeout_ms = 2000;
	webhook.wait_ms = 1;
}

static void stop(void)
{
	webhook_close(&webhook);
	shutdown(server.listener, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.listener);
}

/* Posts a line to a server of these answers. */
static int post(const char *const *answers)
{
	err = (struct error){0};
	start(answers);
	assert_int_equal(webhook_put(&webhook, "{}", &err), FT_OK);
	return webhook_flush(&webhook, &err);
}

#define GOOD  "HTTP/1.1 204 No Content\r\n\r\n"
#define ERROR "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"

static void an_error_of_the_receiver_is_tried_again(void **state)
{
	(void)state;
	assert_int_equal(post((const char *const[]){ERROR, ERROR, GOOD, ""}), FT_OK);
	stop();
	assert_int_equal(server.posts, 3);
	assert_int_equal(server.lens[2], 3);
	assert_non_null(strstr(server.heads[0], "POST /hook HTTP/1.1\r\n"));
	assert_non_null(strstr(server.heads[0], "Content-Type: application/x-ndjson\r\n"));
	assert_null(strstr(server.heads[0], "Expect"));
	assert_int_equal(post((const char *const[]){ERROR, ERROR, ERROR, ERROR, GOOD, ""}),
			 FT_AGAIN);
	stop();
	assert_int_equal(server.posts, 4);
	assert_string_equal(err.text, "webhook: the receiver answered 500");
}

static void a_receiver_that_waited_too_long_is_tried_again(void **state)
{
	static const char late[] = "HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n";

	(void)state;
	assert_int_equal(post((const char *const[]){late, GOOD, ""}), FT_OK);
	stop();
	assert_int_equal(server.posts, 2);
}

static void a_busy_receiver_says_how_long(void **state)
{
	static const char busy[] =
		"HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
	static const char later[] =
		"HTTP/1.1 503 Later\r\nRetry-After: 61\r\nContent-Length: 0\r\n\r\n";
	int64_t begun_us = clock_boot_us(&clock_system);

	(void)state;
	assert_int_equal(post((const char *const[]){busy, GOOD, ""}), FT_OK);
	stop();
	assert_true(clock_boot_us(&clock_system) - begun_us >= 1000000);
	assert_int_equal(post((const char *const[]){later, GOOD, ""}), FT_AGAIN);
	stop();
	assert_int_equal(server.posts, 1);
}

static void a_refusal_is_final(void **state)
{
	(void)state;
	assert_int_equal(post((const char *const[]){"HTTP/1.1 404 No\r\n"
						    "Content-Length: 8\r\n\r\n\033[31mhey",
						    GOOD, ""}),
			 FT_FAIL);
	stop();
	assert_int_equal(server.posts, 1);
	assert_non_null(strstr(err.text, "answered 404: \\027[31mhey"));
}

static void a_redirect_is_not_followed(void **state)
{
	char answer[200];

	(void)state;
	start((const char *const[]){answer, GOOD, ""});
	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 307 Go\r\nLocation: %s/2\r\nContent-Length: 0\r\n\r\n", server.url);
	assert_int_equal(webhook_put(&webhook, "{}", &err), FT_OK);
	assert_int_equal(webhook_flush(&webhook, &err), FT_FAIL);
	stop();
	assert_int_equal(server.posts, 1);
	assert_non_null(strstr(err.text, "redirect"));
}

static void a_receiver_that_hangs_is_left(void **state)
{
	(void)state;
	err = (struct error){0};
	start((const char *const[]){NULL, NULL, GOOD, ""});
	webhook.timeout_ms = 100;
	webhook.tries = 2;
	assert_int_equal(webhook_put(&webhook, "{}", &err), FT_OK);
	assert_int_equal(webhook_flush(&webhook, &err), FT_AGAIN);
	stop();
	assert_int_equal(server.posts, 2);
}

/* What counts is the status; what comes behind it without an end is not waited for. */
static void an_endless_answer_is_cut_off(void **state)
{
	(void)state;
	assert_int_equal(post((const char *const[]){"HTTP/1.1 200 Good\r\n" ENDLESS, ""}),
			 FT_OK);
	stop();
	assert_int_equal(post((const char *const[]){"HTTP/1.1 400 Bad\r\n" ENDLESS, GOOD, ""}),
			 FT_FAIL);
	stop();
	assert_int_equal(server.posts, 1);
	assert_true(strlen(err.text) < 200);
}

static void nobody_there_is_for_later_and_the_url_is_not_told(void **state)
{
	(void)state;
	err = (struct error){0};
	assert_int_equal(webhook_open(&webhook, "http://127.0.0.1:1/token", NULL, &err), FT_OK);
	webhook.wait_ms = 1;
	assert_int_equal(webhook_put(&webhook, "{}", &err), FT_OK);
	assert_int_equal(webhook_flush(&webhook, &err), FT_AGAIN);
	assert_null(strstr(err.text, "token"));
	webhook_close(&webhook);
}

static void no_proxy_and_no_other_protocol(void **state)
{
	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	assert_int_equal(post((const char *const[]){GOOD, ""}), FT_OK);
	stop();
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_int_equal(webhook_open(&webhook, "ftp://127.0.0.1:1/", NULL, &err), FT_OK);
	assert_int_equal(webhook_put(&webhook, "{}", &err), FT_OK);
	assert_int_equal(webhook_flush(&webhook, &err), FT_FAIL);
	webhook_close(&webhook);
}

static void bodies_are_bounded(void **state)
{
	static char line[WEBHOOK_BODY_MAX / 2];
	static char longest[WEBHOOK_BODY_MAX + 1];

	(void)state;
	err = (struct error){0};
	start((const char *const[]){GOOD, GOOD, GOOD, GOOD, ""});
	for (int i = 0; i < 2 * WEBHOOK_LINES_MAX + 1; i++)
		assert_int_equal(webhook_put(&webhook, "{}", &err), FT_OK);
	memset(line, 'x', sizeof(line) - 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(webhook_put(&webhook, line, &err), FT_OK);
	assert_int_equal(webhook_flush(&webhook, &err), FT_OK);
	assert_int_equal(webhook_flush(&webhook, &err), FT_OK);
	memset(longest, 'x', sizeof(longest) - 1);
	assert_int_equal(webhook_put(&webhook, longest, &err), FT_FAIL);
	stop();
	assert_int_equal(server.posts, 4);
	assert_int_equal(server.lens[0], 3 * WEBHOOK_LINES_MAX);
	assert_int_equal(server.lens[1], 3 * WEBHOOK_LINES_MAX);
	assert_int_equal(server.lens[2], 3 + sizeof(line));
	assert_int_equal(server.lens[3], sizeof(line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_of_the_receiver_is_tried_again),
		cmocka_unit_test(a_receiver_that_waited_too_long_is_tried_again),
		cmocka_unit_test(a_busy_receiver_says_how_long),
		cmocka_unit_test(a_refusal_is_final),
		cmocka_unit_test(a_redirect_is_not_followed),
		cmocka_unit_test(a_receiver_that_hangs_is_left),
		cmocka_unit_test(an_endless_answer_is_cut_off),
		cmocka_unit_test(nobody_there_is_for_later_and_the_url_is_not_told),
		cmocka_unit_test(no_proxy_and_no_other_protocol),
		cmocka_unit_test(bodies_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
