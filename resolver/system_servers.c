/* SPDX-License-Identifier: MIT */
/* The nameserver lines of resolv.conf(5); what else stands there is for other programs. */
#include "resolver/resolver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The address on a nameserver line, ended in place; NULL on any other line. */
static const char *nameserver_of(char *line)
{
	static const char KEY[] = "nameserver";
	char *address = line + sizeof(KEY) - 1;

	if (strncmp(line, KEY, sizeof(KEY) - 1) != 0 || (*address != ' ' && *address != '\t'))
		return NULL;
	address += strspn(address, " \t");
	address[strcspn(address, " \t\r\n#;")] = '\0';
	return address;
}

size_t resolver_read_servers(const char *path, struct server_address *out, size_t max,
			     struct error *err)
{
	FILE *file = fopen(path, "re");
	char line[256];
	size_t count = 0;

	if (file == NULL) {
		error_set(err, FT_USAGE, "cannot read %s: %s; name a server with --resolver",
			  path, strerror(errno));
		return 0;
	}
	while (count < max && fgets(line, sizeof(line), file) != NULL) {
		const char *address = nameserver_of(line);
		struct error ignored; /* an address with a scope, say: the others will do */

		if (address != NULL &&
		    server_address_parse(&out[count], address, &ignored) == FT_OK)
			count++;
	}
	fclose(file);
	if (count == 0)
		error_set(err, FT_USAGE, "no nameserver in %s; name one with --resolver", path);
	return count;
}

size_t resolver_system_servers(struct server_address *out, size_t max, struct error *err)
{
	return resolver_read_servers("/etc/resolv.conf", out, max, err);
}
