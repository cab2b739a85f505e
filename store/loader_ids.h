/* SPDX-License-Identifier: MIT */
/*
 * The names and servers of one segment, each once, and the keys the database has for them. They
 * are asked for in sorted order, so that two loaders that add the same ones wait for each other
 * instead of deadlocking.
 */
#ifndef STORE_LOADER_IDS_H
#define STORE_LOADER_IDS_H

#include "store/db.h"
#include "store/segment.h"

struct loader_ids;

struct loader_ids *loader_ids_new(struct error *err) MUST_CHECK;
void loader_ids_free(struct loader_ids *ids);

/* Notes a lookup's name and server, and what a TARGET says of a name (the last one counts). */
int loader_ids_add_lookup(struct loader_ids *ids, const struct lookup *lookup,
			  struct error *err) MUST_CHECK;
/* A name without either: a page's. */
int loader_ids_add_name(struct loader_ids *ids, const uint8_t *name,
			struct error *err) MUST_CHECK;
int loader_ids_add_target(struct loader_ids *ids, const struct segment_target *target,
			  struct error *err) MUST_CHECK;

/* Asks the database for all of them. told_us: when the segment was created. */
int loader_ids_fetch(struct loader_ids *ids, struct db *db, int64_t told_us,
		     struct error *err) MUST_CHECK;

/* After the fetch, of what was added before it; 0 for anything else. */
int32_t loader_ids_domain(const struct loader_ids *ids, const uint8_t *name);
int32_t loader_ids_server(const struct loader_ids *ids, const struct server_address *server);

#endif
