/* SPDX-License-Identifier: MIT */
/*
 * PCRE2 with limits, over bytes that may be hostile; the only file that sees it. Patterns come
 * from us or from the operator, never from a feed. A subject of any length is searched through
 * windows of PATTERN_WINDOW octets that overlap, for PCRE2's match limit begins anew at each
 * offset and is no bound of time; a match longer than the overlap may be missed, and an empty
 * one is none. Bytes are bytes: no UTF-8 mode. A pattern is for one thread.
 */
#ifndef STORE_PATTERN_H
#define STORE_PATTERN_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATTERN_WINDOW  8192
#define PATTERN_OVERLAP 1024

struct pattern;

/*
 * Compiles text. Case matters unless the pattern says (?i). FT_USAGE with the place and PCRE2's
 * reason where it is none, and where matching it costs too much: it is tried at once on
 * subjects that make quantifiers within quantifiers come to the limit.
 */
struct pattern *pattern_new(const char *text, struct error *err) MUST_CHECK;
/* The same for one of ours, which has been tried by our tests: compiles it, no more. */
struct pattern *pattern_new_own(const char *text, struct error *err) MUST_CHECK;
void pattern_free(struct pattern *pattern);

struct pattern_match {
	size_t at; /* in the subject */
	size_t len;
	size_t whole_at; /* where all of the match begins, which is group 1 or holds it */
};

/*
 * The first match at or after *at, group 1 of it where the pattern has one, else the whole;
 * *at then is behind it. false: none. A window that came to a limit is undecided: it is
 * counted, and the search goes on behind it.
 */
bool pattern_find(struct pattern *pattern, const void *subject, size_t len, size_t *at,
		  struct pattern_match *out);
bool pattern_holds(struct pattern *pattern, const void *subject, size_t len);

/* Writes the version of PCRE2 that runs, "10.42 2022-12-11"; is it one to rely upon? */
#define PATTERN_VERSION_SIZE 32
bool pattern_version_is_good(char out[PATTERN_VERSION_SIZE]);

/* Windows that were undecided since pattern_new(). */
uint64_t pattern_undecided(const struct pattern *pattern);

#endif
