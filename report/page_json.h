/* SPDX-License-Identifier: MIT */
/*
 * A page as JSON, as the dossier has it (cited_pages() in sql/evidence.sql): read out of the
 * record, so that what the database says can be compared with what the record holds.
 */
#ifndef REPORT_PAGE_JSON_H
#define REPORT_PAGE_JSON_H

#include "store/segment.h"

#include <jansson.h>

/*
 * The members of a page of the dossier that its record tells: signatures, outcome, status,
 * octets, body_sha256, server_header, last_at, address, url. The caller's; NULL where memory
 * is out.
 */
json_t *page_json(const struct segment_fetch *fetch);

#endif
