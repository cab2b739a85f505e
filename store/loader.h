/* SPDX-License-Identifier: MIT */
/*
 * Turns sealed segments into rows, each exactly once: its ledger row and its observations are
 * one transaction, so a segment is in the database wholly or not at all, and a second try meets
 * the ledger's unique id (SQLSTATE 23505). What was loaded moves from the spool to the archive.
 * Blocking; lives in a thread of its own beside the collector, or alone in `load`. The work is
 * done as role fluxtrack_ingest where the login may take it: no more than inserting.
 */
#ifndef STORE_LOADER_H
#define STORE_LOADER_H

#include "store/db.h"
#include "store/segment_file.h"

struct loader_totals {
	uint64_t segments; /* loaded now */
	uint64_t known;    /* were loaded before */
	uint64_t rows;
	uint64_t broken; /* could not be read: left where they are, and said */
};

/*
 * Loads one segment file, wherever it lies. FT_AGAIN where the database is away; FT_FAIL, and
 * counted as broken, where the segment itself is at fault.
 */
int loader_load_file(struct db *db, const char *path, struct loader_totals *totals,
		     struct error *err) MUST_CHECK;
/* Loads and archives all that HOME/spool holds, oldest first. A broken one does not stop it. */
int loader_load_spool(struct db *db, const char *home, struct loader_totals *totals,
		      struct error *err) MUST_CHECK;

/* One who loads a home's spool again and again. Zeroed but for the first two, to begin. */
struct loader {
	struct db *db;    /* borrowed */
	const char *home; /* borrowed */
	struct loader_totals totals;
	char **broken; /* owned: paths of broken segments, neither read nor said twice */
	size_t broken_count;
};

/* loader_load_spool() for such a one. */
int loader_load_new(struct loader *loader, struct error *err) MUST_CHECK;
void loader_fini(struct loader *loader);

/* The loader thread of track: connects (again and again), loads what is sealed, every second.
 */
struct loader_thread;

/* Both strings are borrowed until loader_stop(). */
struct loader_thread *loader_start(const char *conninfo, const char *home,
				   struct error *err) MUST_CHECK;
/*
 * Loads what is left if the database can be reached, then ends the thread and frees it.
 * FT_AGAIN with the reason where segments had to stay in the spool.
 */
int loader_stop(struct loader_thread *thread, struct loader_totals *totals,
		struct error *err) MUST_CHECK;

#endif
