/* SPDX-License-Identifier: MIT */
#include "store/cluster.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store/cluster_server.h"

int cluster_start(const char *home, struct error *err)
{
	struct cluster_place place;

	if (cluster_make_place(home, &place, err) != FT_OK)
		return err->code;
	return cluster_do(&place, server_start, err);
}

int cluster_stop(const char *home, struct error *err)
{
	struct cluster_place place;
	struct stat st;

	if (cluster_find(home, &place, err) != FT_OK)
		return err->code;
	return stat(place.dir, &st) == 0 ? cluster_do(&place, server_stop, err) : FT_OK;
}

int cluster_conninfo(const char *home, char *out, size_t size, struct error *err)
{
	struct cluster_place place;
	char text[2 * PATH_SIZE];

	if (cluster_find(home, &place, err) != FT_OK ||
	    server_conninfo(&place, CLUSTER_OWNER, CLUSTER_DATABASE, text, err) != FT_OK)
		return err->code;
	if (strlen(text) >= size)
		return error_set(err, FT_FAIL, "no room for the conninfo of %s", home);
	memcpy(out, text, strlen(text) + 1);
	return FT_OK;
}

bool cluster_is_running(const char *home)
{
	struct cluster_place place;
	struct error ignored;

	return cluster_find(home, &place, &ignored) == FT_OK && server_is_running(&place);
}
