/* SPDX-License-Identifier: MIT */
/*
 * Checks a dossier against the segments that it cites, without the database: that each segment
 * is whole and has the hash given, that it stands in the chain of its collector, where each
 * names the one before it, and that every lookup, with its message, and every page is what the
 * record holds. What the dossier computes from lookups (verdict, counts, nodes, related names)
 * is not checked: the lookups it cites are a part of those, and nodes are counted up to the
 * last scoring alone.
 */
#ifndef REPORT_VERIFY_H
#define REPORT_VERIFY_H

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

/* Things of one kind in the dossier, and how many of them are as it says. */
struct verify_count {
	size_t all;
	size_t good;
};

struct verify {
	const char *archive; /* borrowed; the folder that holds the segments */
	/* Hears of each thing that is not as the dossier says, in one line, and where. */
	void (*differs)(void *ctx, const char *line);
	void *ctx;          /* borrowed */
	size_t differences; /* such things so far */

	struct verify_count segments; /* cited ones */
	struct verify_count links;    /* of the chains, and their heads */
	struct verify_count lookups;
	struct verify_count messages; /* of the chosen lookups */
	struct verify_count pages;
};

/* FT_FAIL where it is no dossier; else it holds where there are no differences. */
int verify_dossier(struct verify *verify, FILE *in, struct error *err) MUST_CHECK;

#endif
