/* SPDX-License-Identifier: MIT */
#ifndef CLI_ENRICH_H
#define CLI_ENRICH_H

#include "cli/command.h"
#include "cli/values.h"
#include "store/db.h"

struct enrich_first {                      /* all borrowed for the call */
	const struct server_list *servers; /* none in it: the system's */
	const char *vantage;               /* NULL: the host's name */
	bool no_rdap;
};

/*
 * What --online means: a pass of enrich before a score, with enrich's rate and limit. The
 * home's lock is held. A failure is warned of, for the score does not depend on it.
 */
void enrich_before_score(const struct context *context, struct db *db,
			 const struct enrich_first *first);

#endif
