/* SPDX-License-Identifier: MIT */
/*
 * The server of a private cluster: what is done to it as the account it belongs to (see
 * cluster_do). PostgreSQL's own programs do the work; they are started without a shell, with an
 * environment of their own, and write to HOME/pg/log.
 */
#ifndef STORE_CLUSTER_SERVER_H
#define STORE_CLUSTER_SERVER_H

#include "store/cluster_place.h"

#define CLUSTER_OWNER    "fluxtrack_owner"
#define CLUSTER_DATABASE "fluxtrack"

/* Makes the cluster where it is missing, starts it where it is stopped, makes its database. */
int server_start(const struct cluster_place *place, struct error *err) MUST_CHECK;
int server_stop(const struct cluster_place *place, struct error *err) MUST_CHECK;
bool server_is_running(const struct cluster_place *place);

/* How to connect as user to database. */
int server_conninfo(const struct cluster_place *place, const char *user, const char *database,
		    char out[2 * PATH_SIZE], struct error *err) MUST_CHECK;

#endif
