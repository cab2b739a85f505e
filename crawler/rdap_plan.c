/* SPDX-License-Identifier: MIT */
#include "crawler/rdap_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct rdap_server {
	char *authority; /* owned */
	int64_t due_us;
	bool is_busy;
	bool is_closed;
	unsigned silent; /* requests in a row without an answer */
	STAILQ_HEAD(, rdap_item) items;
	TAILQ_ENTRY(rdap_server) links;
};

struct rdap_plan {
	TAILQ_HEAD(, rdap_server) servers; /* who was asked longest ago is first */
	size_t waiting;
	size_t forgotten; /* for their server is closed */
};

/* The length of what comes before the authority; 0: no URL of ours. */
static size_t scheme_len(const char *url)
{
	if (strncasecmp(url, "https://", 8) == 0)
		return 8;
	return strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
}

/* Of scheme and authority. */
static size_t authority_end(const char *url)
{
	size_t scheme = scheme_len(url);

	return scheme + strcspn(url + scheme, "/?#");
}

struct rdap_item *rdap_item_new(const char *url, struct error *err)
{
	struct rdap_item *new = calloc(1, sizeof(*new));

	if (new != NULL)
		new->url = strdup(url);
	if (new != NULL &&new->url != NULL)
		return new;
	free(new);
	error_set(err, FT_FAIL, "no memory for what RDAP is asked");
	return NULL;
}

void rdap_item_free(struct rdap_item *item)
{
	free(item->url);
	free(item);
}

static bool is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~' || *text == '\\')
			return false;
	return true;
}

bool rdap_url_resolve(char *out, size_t size, const char *base, const char *reference)
{
	size_t kept = reference[0] == '/' && reference[1] != '/' ? authority_end(base) : 0;
	size_t end;

	if (!is_printable(reference) || (kept == 0 && scheme_len(reference) == 0) ||
	    (size_t)snprintf(out, size, "%.*s%s", (int)kept, base, reference) >= size ||
	    scheme_len(out) < scheme_len(base))
		return false;
	end = authority_end(out);
	return end > scheme_len(out) && memchr(out, '@', end) == NULL;
}

struct rdap_plan *rdap_plan_new(struct error *err)
{
	struct rdap_plan *new = calloc(1, sizeof(*new));

	if (new == NULL) {
		error_set(err, FT_FAIL, "no memory for what RDAP is asked");
		return NULL;
	}
	TAILQ_INIT(&new->servers);
	return new;
}

void rdap_plan_free(struct rdap_plan *plan)
{
	struct rdap_server *server;

	while ((server = TAILQ_FIRST(&plan->servers)) != NULL) {
		TAILQ_REMOVE(&plan->servers, server, links);
		rdap_plan_close(plan, server);
		free(server->authority);
		free(server);
	}
	free(plan);
}

static struct rdap_server *server_find(const struct rdap_plan *plan, const char *url)
{
	size_t len = authority_end(url);
	struct rdap_server *server;

	TAILQ_FOREACH(server, &plan->servers, links)
	if (strlen(server->authority) == len && strncasecmp(server->authority, url, len) == 0)
		return server;
	return NULL;
}

static struct rdap_server *server_new(struct rdap_plan *plan, const char *url)
{
	struct rdap_server *new = calloc(1, sizeof(*new));

	if (new != NULL)
		new->authority = strndup(url, authority_end(url));
	if (new == NULL || new->authority == NULL) {
		free(new);
		return NULL;
	}
	STAILQ_INIT(&new->items);
	TAILQ_INSERT_HEAD(&plan->servers, new, links);
	return new;
}

int rdap_plan_add(struct rdap_plan *plan, struct rdap_item *item, struct error *err)
{
	item->server = server_find(plan, item->url);
	if (item->server == NULL)
		item->server = server_new(plan, item->url);
	if (item->server == NULL) {
		rdap_item_free(item);
		return error_set(err, FT_FAIL, "no memory for what RDAP is asked");
	}
	if (item->server->is_closed) {
		rdap_item_free(item);
		plan->forgotten++;
		return FT_OK;
	}
	STAILQ_INSERT_TAIL(&item->server->items, item, links);
	plan->waiting++;
	return FT_OK;
}

bool rdap_plan_holds(const struct rdap_plan *plan, const char *url)
{
	const struct rdap_server *server = server_find(plan, url);
	const struct rdap_item *item;

	if (server == NULL)
		return false;
	STAILQ_FOREACH (item, &server->items, links)
		if (strcmp(item->url, url) == 0)
			return true;
	return false;
}

/* The server goes to the end, so that no other waits for it twice. */
struct rdap_item *rdap_plan_take(struct rdap_plan *plan, int64_t now_us)
{
	struct rdap_server *server;
	struct rdap_item *item;

	TAILQ_FOREACH(server, &plan->servers, links)
	if (!server->is_busy && server->due_us <= now_us && !STAILQ_EMPTY(&server->items))
		break;
	if (server == NULL)
		return NULL;
	TAILQ_REMOVE(&plan->servers, server, links);
	TAILQ_INSERT_TAIL(&plan->servers, server, links);
	server->is_busy = true;
	item = STAILQ_FIRST(&server->items);
	STAILQ_REMOVE_HEAD(&server->items, links);
	plan->waiting--;
	return item;
}

void rdap_plan_release(struct rdap_server *server, int64_t now_us, int64_t pause_us)
{
	server->is_busy = false;
	server->due_us = now_us + pause_us;
}

void rdap_plan_close(struct rdap_plan *plan, struct rdap_server *server)
{
	struct rdap_item *item;

	server->is_closed = true;
	while ((item = STAILQ_FIRST(&server->items)) != NULL) {
		STAILQ_REMOVE_HEAD(&server->items, links);
		rdap_item_free(item);
		plan->waiting--;
		plan->forgotten++;
	}
}

unsigned rdap_server_told(struct rdap_server *server, bool told)
{
	server->silent = told ? 0 : server->silent + 1;
	return server->silent;
}

size_t rdap_plan_waiting(const struct rdap_plan *plan)
{
	return plan->waiting;
}

size_t rdap_plan_left(const struct rdap_plan *plan)
{
	return plan->waiting + plan->forgotten;
}
