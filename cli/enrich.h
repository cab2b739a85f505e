/* SPDX-License-Identifier: MIT */
#ifndef CLI_ENRICH_H
#define CLI_ENRICH_H

#include "cli/command.h"
#include "cli/values.h"
#include "store/db.h"

/*
 * What --online means: a pass of enrich before a score, with enrich's rate and limit. The
 * home's lock is held; servers may be none: then the system's. vantage may be NULL: then the
 * host's name. A failure is warned of, for the score does not depend on it.
 */
void enrich_before_score(const struct context *context, struct db *db,
			 const struct server_list *servers, const char *vantage);

#endif
