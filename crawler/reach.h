/* SPDX-License-Identifier: MIT */
/*
 * Whom we may connect to when the address, or the name that led to it, came from somebody else:
 * never a private, local or otherwise special one, for a hostile answer would make us ask the
 * machines of our own network (server-side request forgery). What an operator writes himself is
 * not asked about here.
 */
#ifndef CRAWLER_REACH_H
#define CRAWLER_REACH_H

#include "resolver/address.h"

#define REACH_EXCEPTIONS_MAX 8

/* {0}: public addresses alone. */
struct reach {
	struct {
		struct address prefix;
		uint8_t len;          /* bits */
	} also[REACH_EXCEPTIONS_MAX]; /* special ones that are allowed all the same: a lab's */
	size_t count;
};

/* Adds "127.0.0.0/8", "fc00::/7" or an address. FT_USAGE where text is none, or too many. */
int reach_allow(struct reach *reach, const char *text, struct error *err) MUST_CHECK;

bool reach_holds(const struct reach *reach, const struct address *address);

#endif
