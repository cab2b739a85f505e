/* SPDX-License-Identifier: MIT */
/*
 * The questions in flight on one channel, found by their ids, which are random and differ. A
 * message is matched to its question here, and not by c-ares, whose versions cut, rewrite, drop
 * or ask again what they do not like. c-ares handles tickets instead: for each question a query
 * for the root, with the id as its type. It sends the ticket, and the socket sends our query in
 * its place; the reply comes, and the socket gives c-ares the ticket back, stamped.
 */
#ifndef RESOLVER_FLIGHT_H
#define RESOLVER_FLIGHT_H

#include "resolver/channel.h"
#include "resolver/query.h"

#include <sys/queue.h>

#define TICKET_SIZE  17
#define FLIGHT_LISTS 1024 /* a power of two; some 4,000 questions are in flight at most */
#define FLIGHT_IDS   64

/* One question in flight, or an unused place for one. */
struct asking {
	LIST_ENTRY(asking) next;
	struct channel *channel; /* borrowed: its owner */
	channel_done done;
	void *ctx;          /* the asker's */
	const uint8_t *msg; /* its reply, borrowed till the socket reads on; or NULL */
	size_t msg_len;
	uint16_t id;
	uint8_t ticket[TICKET_SIZE]; /* as c-ares has it */
	uint8_t query[QUERY_SIZE];
	size_t query_len;
};

LIST_HEAD(asking_list, asking);

struct flight {
	struct asking_list by_id[FLIGHT_LISTS];
	struct asking_list unused; /* owned; as many as were ever in flight at once */
	uint16_t ids[FLIGHT_IDS];  /* random, not used yet */
	size_t ids_left;
};

/* A cleared struct flight is an empty one. What is still in flight is not freed: end it. */
void flight_fini(struct flight *flight);
/* A new one with its query and its ticket; NULL without memory or randomness. */
struct asking *flight_take(struct flight *flight, const uint8_t *qname, uint16_t qtype);
void flight_put(struct flight *flight, struct asking *asking);
/* Whose ticket does c-ares send? NULL: that question has ended. */
struct asking *flight_redeem(struct flight *flight, const uint8_t ticket[TICKET_SIZE]);
/*
 * To which question is this the reply? Its id and its question tell; a failure's id alone,
 * where it comes without a question, as some servers send it. NULL: to none.
 */
struct asking *flight_match(struct flight *flight, const uint8_t *msg, size_t len);
/* Writes the ticket as c-ares takes it for answered. */
void ticket_stamp(uint8_t out[TICKET_SIZE], const struct asking *asking);

#endif
