/* SPDX-License-Identifier: MIT */
#include "resolver/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

#define DNS_PORT 53

size_t address_len(const struct address *address)
{
	return address->family == 4 ? 4 : 16;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, address_len(a)) == 0;
}

void address_to_text(char out[ADDRESS_TEXT_SIZE], const struct address *address)
{
	int family = address->family == 4 ? AF_INET : AF_INET6;

	inet_ntop(family, address->bytes, out, ADDRESS_TEXT_SIZE); /* always fits */
}

void server_address_to_text(char out[SERVER_ADDRESS_TEXT_SIZE],
			    const struct server_address *server)
{
	char ip[ADDRESS_TEXT_SIZE];

	address_to_text(ip, &server->ip);
	if (server->ip.family == 4)
		snprintf(out, SERVER_ADDRESS_TEXT_SIZE, "%s:%u", ip, server->port);
	else
		snprintf(out, SERVER_ADDRESS_TEXT_SIZE, "[%s]:%u", ip, server->port);
}

static bool ip_parse(struct address *out, const char *text, size_t len)
{
	char ip[ADDRESS_TEXT_SIZE];

	if (len >= sizeof(ip))
		return false;
	memcpy(ip, text, len);
	ip[len] = '\0';
	*out = (struct address){.family = 4};
	if (inet_pton(AF_INET, ip, out->bytes) == 1)
		return true;
	out->family = 6;
	return inet_pton(AF_INET6, ip, out->bytes) == 1;
}

/* text is what follows the address: nothing, or a colon and 1 to 65535. */
static bool port_parse(uint16_t *out, const char *text)
{
	uint32_t port = 0;

	*out = DNS_PORT;
	if (*text == '\0')
		return true;
	if (*text++ != ':')
		return false;
	for (; *text >= '0' && *text <= '9' && port <= UINT16_MAX; text++)
		port = port * 10 + (uint32_t)(*text - '0');
	*out = (uint16_t)port;
	return *text == '\0' && port > 0 && port <= UINT16_MAX;
}

/* Where the address stands; returns what follows it. NULL where a bracket is left open. */
static const char *ip_find(const char *text, const char **ip, size_t *len)
{
	const char *colon = strchr(text, ':');
	const char *end = text + strlen(text);
	size_t bracket = text[0] == '[';

	if (bracket)
		end = strchr(text, ']');
	else if (colon != NULL && strchr(colon + 1, ':') == NULL)
		end = colon; /* a second colon makes it IPv6, which has no port but in brackets
			      */
	if (end == NULL)
		return NULL;
	*ip = text + bracket;
	*len = (size_t)(end - *ip);
	return end + bracket;
}

int server_address_parse(struct server_address *out, const char *text, struct error *err)
{
	char shown[ESCAPE_MAX(60)];
	const char *ip;
	size_t len;
	const char *rest = ip_find(text, &ip, &len);

	if (rest != NULL && ip_parse(&out->ip, ip, len) && port_parse(&out->port, rest))
		return FT_OK;
	escape_text(shown, sizeof(shown), text, strnlen(text, 60));
	return error_set(err, FT_USAGE,
			 "\"%s\" is no server address; write ADDR, ADDR:PORT or [ADDR]:PORT",
			 shown);
}
