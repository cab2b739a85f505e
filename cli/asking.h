/* SPDX-License-Identifier: MIT */
/* What all commands that ask the DNS settle before they begin. */
#ifndef CLI_ASKING_H
#define CLI_ASKING_H

#include "cli/values.h"
#include "store/segment.h"

/* Puts the system's servers into a list that has none. */
int servers_choose(struct server_list *list, struct error *err) MUST_CHECK;
/* given, or the host's name where it is NULL. */
void vantage_choose(char out[VANTAGE_MAX + 1], const char *given);
/* For the schedule's jitter. */
int seed_draw(uint64_t *out, struct error *err) MUST_CHECK;

#endif
