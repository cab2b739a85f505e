/* SPDX-License-Identifier: MIT */
/*
 * Where the private cluster of a home lies, and as whom it runs.
 *
 *	HOME/pg         the folder, or a link to /var/lib/fluxtrack/pg-HASH
 *	HOME/pg/data    the cluster
 *	HOME/pg/log     what the server says
 *	HOME/pg/lock    held while one process makes, starts or stops it
 *	HOME/pg/run     the socket; in /tmp/fluxtrack-HASH where that path is over 107 bytes
 *
 * HASH is of the path it stands for. All are of mode 0700 and belong to the account that the
 *server runs as: the caller's own; for root the folder's owner, at first postgres.
 */
#ifndef STORE_CLUSTER_PLACE_H
#define STORE_CLUSTER_PLACE_H

#include "base/file.h"

#include <stdbool.h>

#define ACCOUNT_SIZE 64

struct cluster_place {
	char dir[PATH_SIZE]; /* HOME/pg, links resolved where it is there */
	char account[ACCOUNT_SIZE];
	uid_t uid; /* of account */
	gid_t gid;
};

/* Where it is, or would be. FT_FAIL where there is no account to run it as. */
int cluster_find(const char *home, struct cluster_place *place, struct error *err) MUST_CHECK;

/*
 * Makes home and the folders where they are missing. A home of root:root is given to the
 * account's group, if its group may enter it at all, so that the account may pass; where it
 * still cannot, the cluster's folder goes under /var/lib/fluxtrack.
 */
int cluster_make_place(const char *home, struct cluster_place *place,
		       struct error *err) MUST_CHECK;

/* The folder of its socket. */
int cluster_sockets(const struct cluster_place *place, char out[PATH_SIZE],
		    struct error *err) MUST_CHECK;

/* A folder of the account alone; one there that is not is refused, for /tmp is open to all. */
int cluster_make_folder(const struct cluster_place *place, const char *path,
			struct error *err) MUST_CHECK;

/* Does work as the account, in a child where that is another one; hands its error back. */
int cluster_do(const struct cluster_place *place,
	       int (*work)(const struct cluster_place *place, struct error *err),
	       struct error *err) MUST_CHECK;

#endif
