/* SPDX-License-Identifier: MIT */
/*
 * Signatures: what tells a lure by the page that a node serves. Each has a name, perhaps a
 * family, and patterns that all have to be found, in the head or in the body, as bytes
 * (alternatives stand within one pattern). One comes with the program:
 *
 *	storm-codec   Storm's page of 2008 that wants a video codec to be installed
 *
 * More come from the operator's file, of INI form: [NAME], family = WORD, and need = PATTERN,
 * as often as there are patterns. Never from a feed.
 */
#ifndef CRAWLER_SIGNATURES_H
#define CRAWLER_SIGNATURES_H

#include "store/segment.h"

#define SIGNATURES_MAX      32
#define SIGNATURE_NEEDS_MAX 8
#define SIGNATURE_WORD_SIZE 32 /* of a name or family; all names fit into TAGS_MAX */

struct signatures;

/* path: the operator's file; NULL: none. FT_FAIL with file, line and reason. */
struct signatures *signatures_new(const char *path, struct error *err) MUST_CHECK;
void signatures_free(struct signatures *signatures);

struct signature_page { /* borrowed */
	const uint8_t *head;
	size_t head_len;
	const uint8_t *body;
	size_t body_len;
};

struct signature_match {
	char names[TAGS_MAX + 1]; /* of all that the page bears, a blank between; "" for none */
	const char *name;         /* of the first; borrowed from signatures; NULL: none */
	const char *family;       /* of the first; borrowed; "": it tells none */
};

void signatures_match(struct signatures *signatures, const struct signature_page *page,
		      struct signature_match *out);

/* Windows of pages that a pattern came to its limit in: there it may have missed something. */
uint64_t signatures_undecided(const struct signatures *signatures);

#endif
