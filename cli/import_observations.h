/* SPDX-License-Identifier: MIT */
/* import observations: what another tool saw, through the spool into the database. */
#ifndef CLI_IMPORT_OBSERVATIONS_H
#define CLI_IMPORT_OBSERVATIONS_H

#include "cli/command.h"

struct observation_options {
	const char *format;  /* borrowed; NULL: none was given */
	const char *vantage; /* borrowed; NULL: "import" */
	const char *tags;    /* borrowed; of the names; "" for none */
};

int import_observations(const struct context *context, const struct observation_options *how,
			struct error *err) MUST_CHECK;

#endif
