/* SPDX-License-Identifier: MIT */
/*
 * Which RDAP service tells of a name or an address: IANA's three registries (RFC 9224), each a
 * JSON file. This file reads and searches them; rdap_bootstrap.c gets them.
 */
#ifndef CRAWLER_RDAP_SERVICES_H
#define CRAWLER_RDAP_SERVICES_H

#include "resolver/address.h"

struct rdap_services;

/* Of one registry. FT_FAIL where it is no such file; what is odd within it is passed over. */
struct rdap_services *rdap_services_read(const void *json, size_t len,
					 struct error *err) MUST_CHECK;
void rdap_services_free(struct rdap_services *services);

/*
 * The base URL of the service with the longest key that the name ends in, or that the address
 * is in: https where it has both. Printable ASCII, borrowed until rdap_services_free(); NULL:
 * there is none. A name is in presentation form.
 */
const char *rdap_services_of_name(const struct rdap_services *services, const char *name);
const char *rdap_services_of_address(const struct rdap_services *services,
				     const struct address *address);

#endif
