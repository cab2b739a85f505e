/* SPDX-License-Identifier: MIT */
/*
 * Lookups as JSON, as the dossier has them (sql/evidence.sql): read out of the record by our
 * own parser, so that what the database says can be compared with what the record holds.
 */
#ifndef REPORT_MESSAGE_JSON_H
#define REPORT_MESSAGE_JSON_H

#include "store/segment.h"

#include <jansson.h>

/*
 * {"hex", "decoded": {id, flags, rcode, question, answer, authority, additional, whole}}, the
 * caller's; NULL where memory is out. Octets that are not printable are escaped.
 */
json_t *message_json(const uint8_t *msg, size_t len);

/*
 * The members of an observation of the dossier that a record tells: time, type, outcome, TTL,
 * addresses, names, anomalies, server, port. has_ttl: do the message's TTLs mean anything? The
 * caller's; NULL where memory is out.
 */
json_t *lookup_json(const struct lookup *lookup, bool has_ttl);

/* bytes in hexadecimal, the caller's; NULL where memory is out. */
json_t *hex_json(const uint8_t *bytes, size_t len);

/* A uuid as PostgreSQL writes it, the caller's; NULL where memory is out. */
json_t *uuid_json(const uint8_t uuid[UUID_LEN]);

/* A name as the database has it: lower case, no trailing dot. */
void name_to_lower_text(char out[NAME_TEXT_SIZE], const uint8_t *wire);

#endif
