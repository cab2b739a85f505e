/* SPDX-License-Identifier: MIT */
#include "resolver/chain.h"

void chain_init(struct chain *chain)
{
	chain->count = 0;
	chain->is_broken = false;
	chain->anomalies = 0;
	chain->end = NULL;
	chain->end_place = 0;
}

void chain_put(struct chain *chain, struct message *msg, const struct record *record)
{
	struct alias *alias = &chain->aliases[chain->count];

	if (chain->count == ANSWER_NAMES_MAX) {
		chain->anomalies |= ANOMALY_CHAIN;
		chain->is_broken = true;
		return;
	}
	if (!message_rdata_name(msg, record, &alias->target)) {
		chain->is_broken = true;
		return;
	}
	alias->owner = record->owner;
	alias->place = msg->seen;
	alias->followed = false;
	chain->count++;
}

/* The first CNAME at owner, or NULL. */
static struct alias *alias_find(struct chain *chain, const uint8_t *owner)
{
	for (size_t i = 0; i < chain->count; i++) {
		if (name_equal(chain->aliases[i].owner.wire, owner))
			return &chain->aliases[i];
	}
	return NULL;
}

/* What is odd about a CNAME that was not followed. */
static enum anomaly alias_judge(struct chain *chain, const struct alias *alias)
{
	const struct alias *first = alias_find(chain, alias->owner.wire);

	if (first == alias)
		return ANOMALY_FOREIGN;
	if (name_equal(alias->target.wire, first->target.wire))
		return ANOMALY_DUPLICATE;
	return ANOMALY_CHAIN;
}

size_t chain_follow(struct chain *chain, const uint8_t *qname, struct name *names)
{
	struct alias *alias = alias_find(chain, qname);
	size_t length = 0;

	chain->end = qname;
	/* Each is followed once at most: so a loop ends, and names has room. */
	while (alias != NULL && !alias->followed) {
		if (alias->place < chain->end_place)
			chain->anomalies |= ANOMALY_ORDER;
		alias->followed = true;
		chain->end = alias->target.wire;
		chain->end_place = alias->place;
		names[length++] = alias->target;
		alias = alias_find(chain, chain->end);
	}
	if (alias != NULL)
		chain->anomalies |= ANOMALY_CHAIN;
	for (size_t i = 0; i < chain->count; i++) {
		if (!chain->aliases[i].followed)
			chain->anomalies |= alias_judge(chain, &chain->aliases[i]);
	}
	return length;
}
