/* SPDX-License-Identifier: MIT */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "store/db.h"

/* The status of all followed names on stdout, as wide as the terminal where it is one. */
int status_show(struct db *db, bool json, struct error *err) MUST_CHECK;

#endif
