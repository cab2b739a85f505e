/* SPDX-License-Identifier: MIT */
/* The questions we send: RD set, one question of class IN, EDNS with 1232 octets (RFC 6891). */
#ifndef RESOLVER_QUERY_H
#define RESOLVER_QUERY_H

#include "resolver/name.h"

#define QUERY_SIZE (12 + NAME_WIRE_MAX + 4 + 11)

/* Writes a query message into out and returns its length. */
size_t query_build(uint8_t out[QUERY_SIZE], uint16_t id, const uint8_t *qname, uint16_t qtype);

#endif
