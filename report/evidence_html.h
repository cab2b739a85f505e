/* SPDX-License-Identifier: MIT */
/*
 * The dossier as one HTML page that needs nothing else: for the abuse desk first, then the
 * plots, then the record. What it says is the JSON dossier's; a member that is missing is left
 * out.
 */
#ifndef REPORT_EVIDENCE_HTML_H
#define REPORT_EVIDENCE_HTML_H

#include "report/evidence.h"
#include "report/html.h"

struct evidence_page {
	const char *dossier;           /* borrowed; JSON, as evidence_dossier() gives it */
	const char *plots;             /* borrowed; JSON, as SQL's evidence_plots() gives it */
	const struct html_link *links; /* borrowed; to the other pages of a site, or NULL */
};

/* Writes the page. FT_FAIL where a text is no JSON object. */
int evidence_page_write(const struct evidence_page *page, FILE *out,
			struct error *err) MUST_CHECK;
/* The page of a name, by itself. FT_FAIL where the name is not followed. */
int evidence_html(const struct evidence *evidence, FILE *out, struct error *err) MUST_CHECK;

#endif
