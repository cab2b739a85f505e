/* SPDX-License-Identifier: MIT */
#include "resolver/flight.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "resolver/message.h"

#define HEADER_SIZE     12
#define RCODE_SERVFAIL  2
#define RCODE_NXDOMAIN  3
#define TICKET_FLAGS_AT 2
#define TICKET_TYPE_AT  13

void flight_fini(struct flight *flight)
{
	struct asking *asking;

	while ((asking = LIST_FIRST(&flight->unused)) != NULL) {
		LIST_REMOVE(asking, next);
		free(asking);
	}
}

static struct asking *find(struct flight *flight, uint16_t id)
{
	struct asking *asking;

	LIST_FOREACH (asking, &flight->by_id[id % FLIGHT_LISTS], next)
		if (asking->id == id)
			break;
	return asking;
}

/*
 * An id that is not in flight, of the kernel's randomness; false where a sandbox forbids that:
 * rather none than a weak id.
 */
static bool take_id(struct flight *flight, uint16_t *id)
{
	do {
		if (flight->ids_left == 0) {
			if (getrandom(flight->ids, sizeof(flight->ids), 0) !=
			    (ssize_t)sizeof(flight->ids))
				return false;
			flight->ids_left = FLIGHT_IDS;
		}
		*id = flight->ids[--flight->ids_left];
	} while (find(flight, *id) != NULL);
	return true;
}

static struct asking *take_unused(struct flight *flight)
{
	struct asking *asking = LIST_FIRST(&flight->unused);

	if (asking == NULL)
		return malloc(sizeof(*asking));
	LIST_REMOVE(asking, next);
	return asking;
}

static void ticket_write(uint8_t out[TICKET_SIZE], uint16_t id)
{
	static const uint8_t QUERY[TICKET_SIZE] = {[5] = 1, [TICKET_SIZE - 1] = CLASS_IN};

	memcpy(out, QUERY, TICKET_SIZE);
	out[0] = out[TICKET_TYPE_AT] = (uint8_t)(id >> 8);
	out[1] = out[TICKET_TYPE_AT + 1] = (uint8_t)id;
}

struct asking *flight_take(struct flight *flight, const uint8_t *qname, uint16_t qtype)
{
	struct asking *asking;
	uint16_t id;

	if (!take_id(flight, &id))
		return NULL;
	asking = take_unused(flight);
	if (asking == NULL)
		return NULL;
	asking->msg = NULL;
	asking->id = id;
	asking->query_len = query_build(asking->query, id, qname, qtype);
	ticket_write(asking->ticket, id);
	LIST_INSERT_HEAD(&flight->by_id[id % FLIGHT_LISTS], asking, next);
	return asking;
}

void flight_put(struct flight *flight, struct asking *asking)
{
	LIST_REMOVE(asking, next);
	LIST_INSERT_HEAD(&flight->unused, asking, next);
}

struct asking *flight_redeem(struct flight *flight, const uint8_t ticket[TICKET_SIZE])
{
	const uint8_t *type = ticket + TICKET_TYPE_AT;
	struct asking *asking = find(flight, (uint16_t)(type[0] << 8 | type[1]));

	/* c-ares 1.34 has given it another id, by which it will know it again. */
	if (asking != NULL)
		memcpy(asking->ticket, ticket, TICKET_SIZE);
	return asking;
}

static bool is_failure(uint16_t flags)
{
	uint16_t rcode = flags & FLAG_RCODE;

	return rcode != 0 && rcode != RCODE_NXDOMAIN;
}

/* The question cannot be compressed: no name stands before it. */
static bool question_is_next(struct wire *wire, const struct asking *asking)
{
	const uint8_t *asked = asking->query + HEADER_SIZE;
	size_t len = name_len(asked);
	const uint8_t *told = wire_bytes(wire, len + 4);

	return told != NULL && name_equal(asked, told) &&
	       memcmp(asked + len, told + len, 4) == 0;
}

struct asking *flight_match(struct flight *flight, const uint8_t *msg, size_t len)
{
	struct asking *asking;
	struct wire wire;
	uint16_t flags, questions;

	wire_init(&wire, msg, len);
	asking = find(flight, wire_u16(&wire));
	flags = wire_u16(&wire);
	questions = wire_u16(&wire);
	wire_skip(&wire, 6);
	if (asking == NULL || !wire_is_ok(&wire))
		return NULL;
	if (questions == 0)
		return is_failure(flags) ? asking : NULL;
	return questions == 1 && question_is_next(&wire, asking) ? asking : NULL;
}

/*
 * As a failure, which c-ares is told to hand on like any reply: from successes 1.34 learns how
 * fast the server is, and then gives up early on what takes longer.
 */
void ticket_stamp(uint8_t out[TICKET_SIZE], const struct asking *asking)
{
	memcpy(out, asking->ticket, TICKET_SIZE);
	out[TICKET_FLAGS_AT] |= FLAG_QR >> 8;
	out[TICKET_FLAGS_AT + 1] |= RCODE_SERVFAIL;
}
