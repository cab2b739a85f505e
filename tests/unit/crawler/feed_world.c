/* SPDX-License-Identifier: MIT */
#include "feed_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

static int listener;
static pthread_t thread;
static char home[64];
struct feed_server server;
char cache[PATH_SIZE];
struct feed_config config;
struct feed_job job;

static void answer_one(int fd)
{
	char *head = server.asked[server.count % ASKED_MAX];
	const char *answer = "HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n";
	size_t len = 0;

	memset(head, 0, sizeof(server.asked[0]));
	while (strstr(head, "\r\n\r\n") == NULL && len < sizeof(server.asked[0]) - 1)
		if (read(fd, head + len++, 1) != 1)
			return;
	server.count++;
	for (const struct page *page = server.pages; page->path != NULL; page++) {
		size_t path_len = strlen(page->path);

		if (strncmp(head + 4, page->path, path_len) == 0 && head[4 + path_len] == ' ')
			answer = page->answer;
	}
	assert_true(send(fd, answer, strlen(answer), MSG_NOSIGNAL) > 0);
}

static void *serve(void *ctx)
{
	(void)ctx;
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			return NULL;
		answer_one(fd);
		close(fd);
	}
}

int world_start(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	struct error err = {0};

	(void)state;
	snprintf(home, sizeof(home), "/tmp/fluxtrack-fetch.XXXXXX");
	if (mkdtemp(home) == NULL || feed_cache_open(cache, home, &err) != FT_OK)
		return -1;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(listener, 16) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) != 0)
		return -1;
	server.port = ntohs(at.sin_port);
	return pthread_create(&thread, NULL, serve, NULL);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int world_stop(void **state)
{
	(void)state;
	shutdown(listener, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(listener);
	return nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void begin(const char *name, const char *path)
{
	config = (struct feed_config){.format = "auto", .interval_s = 3600, .octets_max = 1000};
	snprintf(config.name, sizeof(config.name), "%s", name);
	snprintf(config.url, sizeof(config.url), "http://127.0.0.1:%u%s", server.port, path);
}

void fetch(const struct page *pages)
{
	struct error err = {0};

	server.pages = pages;
	server.count = 0;
	assert_int_equal(feed_job_open(&job, &config, cache, &err), FT_OK);
	job.is_wanted = true;
	if (feed_fetch(&job, 1, &err) != FT_OK)
		fail_msg("%s", err.text);
}

void import(void)
{
	struct error err = {0};

	assert_int_equal(job.state.body, FEED_BODY_WAITS);
	job.state.body = FEED_BODY_IMPORTED;
	assert_int_equal(feed_job_save(&job, &err), FT_OK);
}

void cached_path(char out[PATH_SIZE], const char *name)
{
	assert_true(snprintf(out, PATH_SIZE, "%s/%s", cache, name) < PATH_SIZE);
}

void holds(const char *name, const char *expected)
{
	char path[PATH_SIZE];
	char text[256] = "";
	FILE *file;

	cached_path(path, name);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, expected);
}

bool is_there(const char *name)
{
	char path[PATH_SIZE];

	cached_path(path, name);
	return access(path, F_OK) == 0;
}

bool asked(unsigned at, const char *text)
{
	return at < server.count && strstr(server.asked[at], text) != NULL;
}

bool is_due_in(int64_t seconds)
{
	int64_t left_us = job.state.next_us - clock_wall_us(&clock_system);

	return left_us <= seconds * 1000000 && left_us > (seconds - 60) * 1000000;
}
