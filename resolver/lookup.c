/* SPDX-License-Identifier: MIT */
/* The words for what a lookup was and came to. */
#include "resolver/lookup.h"

#include <stdio.h>

bool outcome_is_definite(enum outcome outcome)
{
	return outcome == OUTCOME_ANSWERED || outcome == OUTCOME_NODATA ||
	       outcome == OUTCOME_NXDOMAIN;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_ANSWERED] = "answered",   [OUTCOME_NODATA] = "nodata",
		[OUTCOME_NXDOMAIN] = "nxdomain",   [OUTCOME_SERVFAIL] = "servfail",
		[OUTCOME_REFUSED] = "refused",     [OUTCOME_OTHER_RCODE] = "other_rcode",
		[OUTCOME_TRUNCATED] = "truncated", [OUTCOME_MALFORMED] = "malformed",
		[OUTCOME_TIMEOUT] = "timeout",
	};

	return names[outcome];
}

const char *qtype_name(uint16_t qtype)
{
	static _Thread_local char other[sizeof("TYPE65535")];

	switch (qtype) {
	case QTYPE_A:
		return "A";
	case QTYPE_NS:
		return "NS";
	case QTYPE_CNAME:
		return "CNAME";
	case QTYPE_SOA:
		return "SOA";
	case QTYPE_PTR:
		return "PTR";
	case QTYPE_TXT:
		return "TXT";
	case QTYPE_AAAA:
		return "AAAA";
	default:
		snprintf(other, sizeof(other), "TYPE%u", qtype); /* RFC 3597, 5 */
		return other;
	}
}
