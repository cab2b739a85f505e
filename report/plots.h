/* SPDX-License-Identifier: MIT */
/*
 * The plots of a name, from the series of evidence_plots() (sql/plots.sql). A series that is
 * missing or empty is a sentence.
 */
#ifndef REPORT_PLOTS_H
#define REPORT_PLOTS_H

#include "report/json_html.h"

/* All of them, each in a section of that level. */
void plots_html(FILE *out, const json_t *series, int level);

/* Each by itself. */
void plot_addresses(FILE *out, const json_t *series);
void plot_growth(FILE *out, const json_t *series);
void plot_ttl(FILE *out, const json_t *series);
void plot_nameservers(FILE *out, const json_t *series);
/* Bars in a table; what: of what the rows are, such as "network". */
void plot_shares(FILE *out, const json_t *shares, const char *caption, const char *what);

#endif
