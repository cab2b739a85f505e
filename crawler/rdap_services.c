/* SPDX-License-Identifier: MIT */
/*
 * The JSON stays as it is and is walked anew for each question: the largest registry has some
 * 1,500 keys, and a question is asked once a second at most.
 */
#include "crawler/rdap_services.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct rdap_services {
	json_t *root;           /* owned */
	const json_t *services; /* borrowed from root: [[[key, ...], [url, ...]], ...] */
};

/* How well a key fits, the longer the better; 0: not at all. */
typedef size_t (*key_fits)(const char *key, const void *about);

/* Whole labels from the end: "com" and "example.com" fit www.example.com, "ample.com" not. */
static size_t name_fits(const char *key, const void *about)
{
	const char *name = about;
	size_t key_len = strlen(key);
	size_t len = strlen(name);

	if (key_len == 0 || key_len > len || strcasecmp(name + len - key_len, key) != 0)
		return 0;
	return key_len == len || name[len - key_len - 1] == '.' ? key_len : 0;
}

static bool prefix_read(struct address *out, unsigned long *bits, const char *key)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *slash = strchr(key, '/');
	size_t len = slash != NULL ? (size_t)(slash - key) : sizeof(text);
	char *end;

	if (len >= sizeof(text))
		return false;
	memcpy(text, key, len);
	text[len] = '\0';
	*out = (struct address){.family = strchr(text, ':') != NULL ? 6 : 4};
	*bits = strtoul(slash + 1, &end, 10);
	return end != slash + 1 && *end == '\0' && *bits <= address_len(out) * 8 &&
	       inet_pton(out->family == 6 ? AF_INET6 : AF_INET, text, out->bytes) == 1;
}

/* One more than its bits, for 0.0.0.0/0 fits too. */
static size_t prefix_fits(const char *key, const void *about)
{
	const struct address *address = about;
	struct address prefix;
	unsigned long bits;

	if (!prefix_read(&prefix, &bits, key) || prefix.family != address->family)
		return 0;
	for (unsigned long i = 0; i < bits; i++) {
		unsigned differ = prefix.bytes[i / 8] ^ address->bytes[i / 8];

		if ((differ >> (7 - i % 8) & 1) != 0)
			return 0;
	}
	return bits + 1;
}

static size_t keys_fit(const json_t *keys, key_fits fits, const void *about)
{
	size_t best = 0;

	for (size_t i = 0; i < json_array_size(keys); i++) {
		const char *key = json_string_value(json_array_get(keys, i));
		size_t fit = key != NULL ? fits(key, about) : 0;

		if (fit > best)
			best = fit;
	}
	return best;
}

/* A URL that may be printed, and to which a path can be added. */
static bool is_base_url(const char *url, const char *scheme)
{
	if (strncasecmp(url, scheme, strlen(scheme)) != 0)
		return false;
	for (; *url != '\0'; url++)
		if (*url <= ' ' || *url > '~' || strchr("?#\\", *url) != NULL)
			return false;
	return true;
}

static const char *choose_url(const json_t *urls)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t scheme = 0; scheme < 2; scheme++) {
		for (size_t i = 0; i < json_array_size(urls); i++) {
			const char *url = json_string_value(json_array_get(urls, i));

			if (url != NULL && is_base_url(url, schemes[scheme]))
				return url;
		}
	}
	return NULL;
}

static const char *find(const struct rdap_services *services, key_fits fits, const void *about)
{
	const char *found = NULL;
	size_t best = 0;

	for (size_t i = 0; i < json_array_size(services->services); i++) {
		const json_t *service = json_array_get(services->services, i);
		size_t fit = keys_fit(json_array_get(service, 0), fits, about);
		const char *url = fit > best ? choose_url(json_array_get(service, 1)) : NULL;

		if (url != NULL) {
			found = url;
			best = fit;
		}
	}
	return found;
}

const char *rdap_services_of_name(const struct rdap_services *services, const char *name)
{
	return find(services, name_fits, name);
}

const char *rdap_services_of_address(const struct rdap_services *services,
				     const struct address *address)
{
	return find(services, prefix_fits, address);
}

struct rdap_services *rdap_services_read(const void *json, size_t len, struct error *err)
{
	struct rdap_services *new = calloc(1, sizeof(*new));

	if (new == NULL) {
		error_set(err, FT_FAIL, "no memory for RDAP services");
		return NULL;
	}
	new->root = json_loadb(json, len, 0, NULL);
	new->services = json_object_get(new->root, "services");
	if (json_array_size(new->services) > 0)
		return new;
	error_set(err, FT_FAIL, "no list of RDAP services (RFC 9224)");
	rdap_services_free(new);
	return NULL;
}

void rdap_services_free(struct rdap_services *services)
{
	if (services == NULL)
		return;
	json_decref(services->root);
	free(services);
}
