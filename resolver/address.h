/* SPDX-License-Identifier: MIT */
/* An IP address, and where a server listens. Plain values. */
#ifndef RESOLVER_ADDRESS_H
#define RESOLVER_ADDRESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
	uint8_t family;    /* 4 or 6 */
	uint8_t bytes[16]; /* network order; an IPv4 address in the first four, the rest 0 */
};

struct server_address {
	struct address ip;
	uint16_t port;
};

#define ADDRESS_TEXT_SIZE        46
#define SERVER_ADDRESS_TEXT_SIZE 56

size_t address_len(const struct address *address); /* 4 or 16 */
bool address_equal(const struct address *a, const struct address *b);
void address_to_text(char out[ADDRESS_TEXT_SIZE], const struct address *address);
/* "192.0.2.1:53" or "[2001:db8::1]:53". */
void server_address_to_text(char out[SERVER_ADDRESS_TEXT_SIZE],
			    const struct server_address *server);
/* Reads ADDR, ADDR:PORT or [ADDR]:PORT; the port is 53 where none is given. */
int server_address_parse(struct server_address *out, const char *text,
			 struct error *err) MUST_CHECK;

#endif
