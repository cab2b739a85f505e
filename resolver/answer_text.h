/* SPDX-License-Identifier: MIT */
/* The rdata of TXT records (RFC 1035, 3.3.14). Part of reading an answer. */
#ifndef RESOLVER_ANSWER_TEXT_H
#define RESOLVER_ANSWER_TEXT_H

#include "resolver/message.h"

/*
 * Adds the record's text to out, the same one once; what is odd goes into out->anomalies. False
 * where the rdata is broken.
 */
bool answer_text_take(struct answer *out, const struct record *record);

#endif
