/* SPDX-License-Identifier: MIT */
/*
 * Where the readers of all formats hand in what they find: an entry is judged, and goes on as a
 * name with its tags, or is refused with a reason, which is counted and the first times said.
 */
#ifndef CRAWLER_FEED_INTAKE_H
#define CRAWLER_FEED_INTAKE_H

#include "base/escape.h"
#include "crawler/feed.h"
#include "store/listed_names.h"
#include "store/segment.h"

/* Leaves room for feed=NAME within TAGS_MAX. */
#define FEED_TAGS_MAX 900

/* Takes a good name; an error ends the reading. */
typedef int (*feed_put)(void *ctx, const char *name, const char *tags, struct error *err);

struct feed_intake {
	const struct feed_source *source;  /* borrowed */
	const struct listed_names *listed; /* borrowed */
	struct feed_totals *totals;        /* borrowed */
	feed_put put;
	void *ctx;                   /* borrowed, given to put */
	char shown[WORD_SHOWN_SIZE]; /* the file being read, for messages */
	const char *unit;            /* static: "line" or "entry" */
	uint64_t number;             /* of the current one, from 1 */
	uint64_t said;               /* refusals */
};

/* Judges an entry, which is written to. tags: what the feed says of it, "" for nothing. */
int feed_intake_take(struct feed_intake *intake, char *word, const char *tags,
		     struct error *err) MUST_CHECK;
/* Counts an entry that no name could be read from. why: NULL where it is not worth saying. */
void feed_intake_refuse(struct feed_intake *intake, enum feed_refusal refusal, const char *why);

/*
 * Adds KEY=VALUE to tags, the value in the letters that names of families come in: lower case,
 * "_" for what is no letter, digit, dot or hyphen. An empty value, or one without room, is left
 * out.
 */
void feed_tags_add(char tags[FEED_TAGS_MAX + 1], const char *key, const char *value);

#endif
