/* SPDX-License-Identifier: MIT */
#include "crawler/rdap_bootstrap.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/timefmt.h"
#include "crawler/http.h"

#define REGISTRY_MAX (4 * 1024 * 1024) /* octets; the largest has some 60,000 */
#define FRESH_S      (24 * 60 * 60)
#define TIMEOUT_MS   20000
#define CONNECT_MS   10000
#define SLOW_OCTETS  100 /* a second */

static const char *const files[] = {
	[RDAP_DNS] = "dns.json", [RDAP_IPV4] = "ipv4.json", [RDAP_IPV6] = "ipv6.json"};

/* A registry being had. */
struct registry {
	const struct rdap_source *source; /* borrowed */
	char url[FETCH_URL_MAX + 1];
	char path[PATH_SIZE]; /* of the copy */
	struct loop *loop;    /* owned while it is fetched */
	struct http *http;    /* likewise */
	struct buf body;      /* owned */
	struct error *err;    /* borrowed */
	bool is_over;
	bool is_stopped; /* by a signal */
};

/* Copies from several sources lie beside each other, each under its URL. */
static int name_copy(struct registry *registry, struct error *err)
{
	char name[sizeof(registry->url)];
	char folder[PATH_SIZE];
	size_t len = strlen(registry->url);

	for (size_t i = 0; i <= len; i++) {
		char letter = registry->url[i];

		name[i] = letter == '\0' || isalnum((unsigned char)letter) != 0 || letter == '.'
				  ? letter
				  : '_';
	}
	if (path_join(folder, registry->source->home, "cache/rdap", err) != FT_OK)
		return err->code;
	if (dir_make(folder, 0750, err) != FT_OK)
		return err->code;
	return path_join(registry->path, folder, name, err);
}

static bool on_body(void *ctx, const void *octets, size_t len)
{
	struct registry *registry = ctx;

	buf_put(&registry->body, octets, len);
	return buf_is_ok(&registry->body);
}

static void on_done(void *ctx, const struct http_answer *answer)
{
	struct registry *registry = ctx;

	registry->is_over = true;
	if (answer->outcome != FETCH_ANSWERED)
		error_set(registry->err, FT_AGAIN, "cannot fetch %s: %s", registry->url,
			  answer->why);
	else if (answer->status != 200)
		error_set(registry->err, FT_AGAIN, "cannot fetch %s: it answers with status %u",
			  registry->url, answer->status);
}

static void on_turn(void *ctx)
{
	struct registry *registry = ctx;

	http_turn(registry->http);
	if (!registry->is_over && loop_stop_asked(registry->loop)) {
		error_set(registry->err, FT_AGAIN, "%s was not fetched: a signal came",
			  registry->url);
		registry->is_over = true;
		registry->is_stopped = true;
	}
	if (registry->is_over)
		loop_stop(registry->loop);
}

static int run_request(struct registry *registry, struct error *err)
{
	const struct http_options how = {.loop = registry->loop,
					 .user_agent = registry->source->user_agent};
	const struct http_request request = {.url = registry->url,
					     .body_max = REGISTRY_MAX,
					     .timeout_ms = TIMEOUT_MS,
					     .connect_timeout_ms = CONNECT_MS,
					     .slow_octets_s = SLOW_OCTETS,
					     .take = on_body,
					     .done = on_done,
					     .ctx = registry};
	struct error failed = {0};

	registry->http = http_new(&how, err);
	if (registry->http == NULL)
		return err->code;
	registry->err = &failed;
	if (http_start(registry->http, &request, &failed) == FT_OK)
		loop_run(registry->loop);
	http_free(registry->http);
	if (failed.code != FT_OK)
		*err = failed;
	return failed.code;
}

static int fetch(struct registry *registry, struct error *err)
{
	int code;

	registry->loop = loop_new(on_turn, registry, err);
	if (registry->loop == NULL)
		return err->code;
	code = run_request(registry, err);
	loop_free(registry->loop);
	return code;
}

/* Fetches it, and keeps a copy of what can be read. */
static struct rdap_services *fetch_services(struct registry *registry, struct error *err)
{
	struct buf *body = &registry->body;
	struct rdap_services *services;

	if (fetch(registry, err) != FT_OK)
		return NULL;
	services = rdap_services_read(body->data, body->len, err);
	if (services == NULL)
		error_prefix(err, "%s", registry->url);
	else if (file_replace(registry->path, body->data, body->len, err) != FT_OK)
		log_warn("%s; it is fetched again next time", err->text);
	return services;
}

/* The whole file; false: there is none, or it cannot be read. */
static bool read_copy(struct buf *out, const char *path)
{
	uint8_t chunk[16 * 1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = -1;

	buf_reset(out);
	if (fd < 0)
		return false;
	while ((got = read(fd, chunk, sizeof(chunk))) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			buf_put(out, chunk, (size_t)got);
	close(fd);
	return got == 0 && buf_is_ok(out);
}

/* When the copy was made, in seconds since 1970; -1: there is none. */
static int64_t copied_at_s(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? status.st_mtim.tv_sec : -1;
}

static struct rdap_services *copied_services(struct registry *registry)
{
	struct error ignored = {0};

	if (!read_copy(&registry->body, registry->path))
		return NULL;
	return rdap_services_read(registry->body.data, registry->body.len, &ignored);
}

/* A copy of the future is not fresh: it would be so for too long. */
static bool copy_is_fresh(const char *path)
{
	int64_t age_s = clock_wall_us(&clock_system) / 1000000 - copied_at_s(path);

	return age_s >= 0 && age_s < FRESH_S;
}

static struct rdap_services *have_services(struct registry *registry, struct error *err)
{
	char when[TIME_TEXT_SIZE];
	struct rdap_services *services = NULL;

	if (copy_is_fresh(registry->path))
		services = copied_services(registry);
	if (services != NULL)
		return services;
	buf_reset(&registry->body);
	services = fetch_services(registry, err);
	if (services != NULL || registry->is_stopped)
		return services;
	services = copied_services(registry);
	if (services == NULL) {
		error_prefix(err, "which RDAP server to ask is not known");
		err->code = FT_AGAIN;
		return NULL;
	}
	time_format(when, copied_at_s(registry->path) * 1000000);
	log_warn("%s; the copy of %.10s is used", err->text, when);
	return services;
}

static int open_registry(struct rdap_bootstrap *bootstrap, enum rdap_registry which,
			 const struct rdap_source *source, struct error *err)
{
	struct registry registry = {.source = source};
	size_t len = strlen(source->url);
	bool has_slash = len > 0 && source->url[len - 1] == '/';

	if ((size_t)snprintf(registry.url, sizeof(registry.url), "%s%s%s", source->url,
			     has_slash ? "" : "/", files[which]) >= sizeof(registry.url))
		return error_set(err, FT_USAGE, "the bootstrap's URL is too long");
	if (name_copy(&registry, err) != FT_OK)
		return err->code;
	buf_init(&registry.body, REGISTRY_MAX);
	bootstrap->services[which] = have_services(&registry, err);
	buf_fini(&registry.body);
	return bootstrap->services[which] != NULL ? FT_OK : err->code;
}

int rdap_bootstrap_open(struct rdap_bootstrap *bootstrap, const struct rdap_source *source,
			struct error *err)
{
	*bootstrap = (struct rdap_bootstrap){{NULL}};
	for (int which = 0; which < RDAP_REGISTRIES; which++)
		if (open_registry(bootstrap, (enum rdap_registry)which, source, err) != FT_OK)
			return err->code;
	return FT_OK;
}

void rdap_bootstrap_close(struct rdap_bootstrap *bootstrap)
{
	for (int which = 0; which < RDAP_REGISTRIES; which++)
		rdap_services_free(bootstrap->services[which]);
}

const char *rdap_bootstrap_of_name(const struct rdap_bootstrap *bootstrap, const char *name)
{
	return rdap_services_of_name(bootstrap->services[RDAP_DNS], name);
}

const char *rdap_bootstrap_of_address(const struct rdap_bootstrap *bootstrap,
				      const struct address *address)
{
	enum rdap_registry which = address->family == 4 ? RDAP_IPV4 : RDAP_IPV6;

	return rdap_services_of_address(bootstrap->services[which], address);
}
