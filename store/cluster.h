/* SPDX-License-Identifier: MIT */
/*
 * The private PostgreSQL of a home: a cluster in HOME/pg on a unix socket alone, used where the
 * user names no database. The newest PostgreSQL installed is taken (15 or newer). As root it
 * runs as the postgres account; where that account cannot reach HOME/pg, the cluster lies under
 * /var/lib/fluxtrack and HOME/pg is a link to it. The socket lies in a folder of mode 0700 and
 * asks the kernel who connects: the account and root get in, with no password.
 */
#ifndef STORE_CLUSTER_H
#define STORE_CLUSTER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Makes it where missing, starts it where stopped. */
int cluster_start(const char *home, struct error *err) MUST_CHECK;
/* Stops it; one that does not run is fine. */
int cluster_stop(const char *home, struct error *err) MUST_CHECK;
/* Its conninfo, whether it runs or not: database fluxtrack, user fluxtrack_owner. */
int cluster_conninfo(const char *home, char *out, size_t size, struct error *err) MUST_CHECK;
bool cluster_is_running(const char *home);

#endif
