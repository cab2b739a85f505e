/* SPDX-License-Identifier: MIT */
/* The public suffix list, as libpsl was built with it; the only file that sees libpsl. */
#ifndef STORE_SUFFIX_H
#define STORE_SUFFIX_H

#include <stdbool.h>

/*
 * The registrable name that name is or lies under: one label more than its public suffix. It is
 * the end of name, which is in presentation form, lower case, without the trailing dot. NULL
 * where name is a public suffix itself. A top-level domain that the list has not is one.
 */
const char *suffix_registrable(const char *name);
/* Has the list the top-level domain of name, which is in the same form? */
bool suffix_is_listed(const char *name);

#endif
