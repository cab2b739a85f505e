/* SPDX-License-Identifier: MIT */
/*
 * Whether a pattern comes to its limits on texts that make quantifiers within quantifiers try
 * everything: runs of what it may repeat, then an octet that ends the run, then what it wants
 * to see. Not a proof; what passes is still held by the limits.
 */
#ifndef STORE_PATTERN_TRIAL_H
#define STORE_PATTERN_TRIAL_H

#include "store/pattern.h"

/* FT_USAGE where it does. text: what pattern was compiled from. */
int pattern_trial(struct pattern *pattern, const char *text, struct error *err) MUST_CHECK;

#endif
