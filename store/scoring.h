/* SPDX-License-Identifier: MIT */
/*
 * Scoring: the judging is SQL (sql/score.sql). Many names are judged by several connections at
 * once, each with its part of them, while one session holds the lock.
 */
#ifndef STORE_SCORING_H
#define STORE_SCORING_H

#include "store/db.h"

struct scoring {
	struct db *db;        /* borrowed */
	const char *conninfo; /* borrowed: for more connections like db; NULL: db alone */
	const char *at;       /* borrowed: RFC 3339; NULL: as of the newest observations */
	const char *known;    /* borrowed: likewise; NULL: as known now */
	bool everything;      /* not just the names that are due */
};

/*
 * Judges, and says how many names. What a failure left unjudged stays due; db is to be closed
 * then, for it may hold the lock.
 */
int scoring_run(const struct scoring *scoring, uint64_t *scored, struct error *err) MUST_CHECK;

#endif
