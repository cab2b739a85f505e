/* SPDX-License-Identifier: MIT */
/*
 * In which order RDAP servers are asked what: each has a queue, answers one request at a time,
 * and is left alone for a second after each. A server is known by the authority of its URLs
 * (RFC 3986, 3.2), so that what another server refers to it waits in the same queue. There is
 * no network and no clock in here.
 */
#ifndef CRAWLER_RDAP_PLAN_H
#define CRAWLER_RDAP_PLAN_H

#include "resolver/address.h"
#include "resolver/name.h"

#include <sys/queue.h>

#define RDAP_PAUSE_US 1000000 /* between an answer of a server and the next question to it */

struct rdap_server;

/* Something that is asked about, until it is answered or given up. */
struct rdap_item {
	struct name name;              /* the root: an address is asked about */
	struct address address;        /* family 0: a name is */
	char *url;                     /* owned; printable ASCII */
	unsigned redirects;            /* that led here */
	struct rdap_server *server;    /* borrowed from the plan; set by rdap_plan_add() */
	STAILQ_ENTRY(rdap_item) links; /* the queue's */
};

/* An item that owns a copy of url; NULL where memory is out. */
struct rdap_item *rdap_item_new(const char *url, struct error *err);
void rdap_item_free(struct rdap_item *item);

/*
 * What a reference in the head of an answer comes to (RFC 3986, 5): a URL of http or https
 * alone, of at most size - 1 octets of printable ASCII, without a user, and not from https to
 * http, where others could write the answer; or an absolute path of the server of base. false:
 * it is not followed.
 */
bool rdap_url_resolve(char *out, size_t size, const char *base, const char *reference);

struct rdap_plan;

struct rdap_plan *rdap_plan_new(struct error *err) MUST_CHECK;
void rdap_plan_free(struct rdap_plan *plan); /* with all that is in it */

/*
 * Puts the item, the plan's from here on, at the end of its server's queue; freed on an error,
 * and where its server is closed.
 */
int rdap_plan_add(struct rdap_plan *plan, struct rdap_item *item, struct error *err) MUST_CHECK;
/* Does an item with that URL wait already? */
bool rdap_plan_holds(const struct rdap_plan *plan, const char *url);
/* An item to ask about now, the caller's; its server is busy from here on. NULL: none yet. */
struct rdap_item *rdap_plan_take(struct rdap_plan *plan, int64_t now_us);
/* The server has answered, or has not: it may be asked again after the pause. */
void rdap_plan_release(struct rdap_server *server, int64_t now_us, int64_t pause_us);
/* Forgets what waits for a server, and what another refers to it later. */
void rdap_plan_close(struct rdap_plan *plan, struct rdap_server *server);
/* Requests in a row that a server has not answered, with one more: told is false; or with one
 * that it has. */
unsigned rdap_server_told(struct rdap_server *server, bool told);
/* Items that wait for a server. */
size_t rdap_plan_waiting(const struct rdap_plan *plan);
/* Items that were never taken: those that wait, and those that a closed server would have had.
 */
size_t rdap_plan_left(const struct rdap_plan *plan);

#endif
