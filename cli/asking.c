/* SPDX-License-Identifier: MIT */
#include "cli/asking.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

int servers_choose(struct server_list *list, struct error *err)
{
	if (list->count > 0)
		return FT_OK;
	list->count = resolver_system_servers(list->servers, RESOLVER_SERVERS_MAX, err);
	return list->count > 0 ? FT_OK : err->code;
}

void vantage_choose(char out[VANTAGE_MAX + 1], const char *given)
{
	out[VANTAGE_MAX] = '\0';
	if (given != NULL)
		snprintf(out, VANTAGE_MAX + 1, "%s", given);
	else if (gethostname(out, VANTAGE_MAX) != 0)
		snprintf(out, VANTAGE_MAX + 1, "unnamed");
}

int seed_draw(uint64_t *out, struct error *err)
{
	if (getrandom(out, sizeof(*out), 0) != (ssize_t)sizeof(*out))
		return error_set(err, FT_FAIL, "the system gives no random bytes");
	return FT_OK;
}
