/* SPDX-License-Identifier: MIT */
/*
 * The CNAME chain of one answer section. CNAMEs are put in as they come, in whatever order, and
 * then followed from the question's name. Part of reading an answer; nobody else needs it.
 */
#ifndef RESOLVER_CHAIN_H
#define RESOLVER_CHAIN_H

#include "resolver/message.h"

struct alias {
	struct name owner;
	struct name target;
	uint32_t place; /* the record's number in the message, from 1 */
	bool followed;
};

struct chain {
	size_t count;
	bool is_broken;     /* a CNAME could not be read or kept: the end may be a false one */
	uint32_t anomalies; /* enum anomaly */
	const uint8_t *end; /* borrowed from qname or aliases: the name the chain ends at */
	uint32_t end_place; /* of the CNAME that leads there; 0 where there is none */
	struct alias aliases[ANSWER_NAMES_MAX]; /* the first count are set */
};

/* Clears all but the aliases, which are 33 kB. */
void chain_init(struct chain *chain);
/* record is the CNAME that message_next() gave last. */
void chain_put(struct chain *chain, struct message *msg, const struct record *record);
/*
 * Sets end and end_place, and judges the CNAMEs that lead nowhere. Writes the targets in chain
 * order into names, which has ANSWER_NAMES_MAX places, and returns how many they are.
 */
size_t chain_follow(struct chain *chain, const uint8_t *qname, struct name *names);

#endif
