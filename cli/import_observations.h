/* SPDX-License-Identifier: MIT */
/* import observations: what another tool saw, through the spool into the database. */
#ifndef CLI_IMPORT_OBSERVATIONS_H
#define CLI_IMPORT_OBSERVATIONS_H

#include "cli/command.h"
#include "store/segment.h"

struct observation_options {
	const char *format;      /* borrowed; NULL: none was given */
	const char *vantage;     /* borrowed; NULL: "import" */
	char tags[TAGS_MAX + 1]; /* of the names; "" for none */
};

/* Option readers for the two that need one of their own. */
int read_format(void *out_string, const char *text, struct error *err) MUST_CHECK;
/* Adds key=value to the tags: the option may be repeated. */
int read_tag(void *out_tags, const char *text, struct error *err) MUST_CHECK;

int import_observations(const struct context *context, const struct observation_options *how,
			struct error *err) MUST_CHECK;

#endif
