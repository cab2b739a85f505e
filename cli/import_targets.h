/* SPDX-License-Identifier: MIT */
/* import targets: names to follow, out of feeds and files. */
#ifndef CLI_IMPORT_TARGETS_H
#define CLI_IMPORT_TARGETS_H

#include "cli/command.h"

struct target_options {
	const char *format; /* borrowed, as all; NULL: none was given */
	const char *tags;   /* of what URLs and files name; "" for none */
	const char *feeds;  /* path; NULL: HOME/feeds.ini */
	bool may_shrink;
};

int import_targets(const struct context *context, const struct target_options *how,
		   struct error *err) MUST_CHECK;

#endif
