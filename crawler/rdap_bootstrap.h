/* SPDX-License-Identifier: MIT */
/*
 * IANA's registries of RDAP services, kept in HOME/cache/rdap and fetched anew once a day. An
 * older copy is used, and that is said, where they cannot be fetched.
 */
#ifndef CRAWLER_RDAP_BOOTSTRAP_H
#define CRAWLER_RDAP_BOOTSTRAP_H

#include "crawler/rdap_services.h"

#define RDAP_BOOTSTRAP_URL "https://data.iana.org/rdap"

enum rdap_registry {
	RDAP_DNS,
	RDAP_IPV4,
	RDAP_IPV6,
	RDAP_REGISTRIES,
};

struct rdap_bootstrap {
	struct rdap_services *services[RDAP_REGISTRIES]; /* owned */
};

struct rdap_source { /* all borrowed for the call */
	const char *home;
	const char *url; /* of the folder that the three are in: http or https */
	const char *user_agent;
};

/* FT_AGAIN where one can neither be fetched nor is there in an older copy. */
int rdap_bootstrap_open(struct rdap_bootstrap *bootstrap, const struct rdap_source *source,
			struct error *err) MUST_CHECK;
/* After an error too. */
void rdap_bootstrap_close(struct rdap_bootstrap *bootstrap);

/* The base URL of the service that tells of it; NULL: there is none. */
const char *rdap_bootstrap_of_name(const struct rdap_bootstrap *bootstrap, const char *name);
const char *rdap_bootstrap_of_address(const struct rdap_bootstrap *bootstrap,
				      const struct address *address);

#endif
