/* SPDX-License-Identifier: MIT */
#include "cli/open.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/home.h"
#include "store/cluster.h"
#include "store/migrate.h"

/* Does libpq's environment name a database? PGUSER and the like alone do not. */
static bool environment_names_one(void)
{
	static const char *const names[] = {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return true;
	}
	return false;
}

bool database_is_private(const struct context *context)
{
	return context->conninfo == NULL && !environment_names_one();
}

int database_find(const struct context *context, char out[CONNINFO_SIZE], struct error *err)
{
	const char *named = context->conninfo != NULL ? context->conninfo : "";

	if (database_is_private(context)) {
		if (home_check(context->home, err) != FT_OK ||
		    cluster_start(context->home, err) != FT_OK)
			return err->code;
		return cluster_conninfo(context->home, out, CONNINFO_SIZE, err);
	}
	if (snprintf(out, CONNINFO_SIZE, "%s", named) >= CONNINFO_SIZE)
		return error_set(err, FT_USAGE, "--db: longer than %d characters",
				 CONNINFO_SIZE - 1);
	return FT_OK;
}

int database_open(const struct context *context, struct db *db, struct error *err)
{
	char conninfo[CONNINFO_SIZE];

	if (database_find(context, conninfo, err) != FT_OK)
		return err->code;
	return migrate_connect(db, conninfo, err);
}
