/* SPDX-License-Identifier: MIT */
/*
 * Who reports: the organization that answers for a report, its e-mail address and its domain,
 * from HOME/reporter.ini. Receivers of XARF, STIX and MISP want to know it.
 */
#ifndef REPORT_REPORTER_H
#define REPORT_REPORTER_H

#include "base/error.h"

#define REPORTER_WORD_SIZE 200

struct reporter {
	char org[REPORTER_WORD_SIZE];     /* UTF-8 without control characters */
	char contact[REPORTER_WORD_SIZE]; /* an e-mail address */
	char domain[REPORTER_WORD_SIZE];
};

/* Where there is no such file, or it lacks one of the three, the error says what to write. */
int reporter_read(struct reporter *reporter, const char *home, struct error *err) MUST_CHECK;
/* {"org", "contact", "domain"} as JSON, the caller's to free; NULL where memory is out. */
char *reporter_json(const struct reporter *reporter, struct error *err);

#endif
