/* SPDX-License-Identifier: MIT */
/* The sections of the dossier's page, in their order; each takes the whole dossier. */
#ifndef REPORT_EVIDENCE_SECTIONS_H
#define REPORT_EVIDENCE_SECTIONS_H

#include "report/json_html.h"

/* report/evidence_case.c: what a reader decides by. */
void evidence_summary(FILE *out, const json_t *dossier);
void evidence_reasons(FILE *out, const json_t *dossier);
void evidence_meaning(FILE *out, const json_t *dossier);
void evidence_family(FILE *out, const json_t *dossier);
void evidence_related(FILE *out, const json_t *dossier);
void evidence_figures(FILE *out, const json_t *dossier);

/* report/evidence_record.c: what it rests on. */
void evidence_nameservers(FILE *out, const json_t *dossier);
void evidence_nodes(FILE *out, const json_t *dossier);
void evidence_pages(FILE *out, const json_t *dossier);
void evidence_observations(FILE *out, const json_t *dossier);
void evidence_chosen(FILE *out, const json_t *dossier);
void evidence_segments(FILE *out, const json_t *dossier);

#endif
