/* SPDX-License-Identifier: MIT */
/*
 * Writes HTML pages: the frame that all share, and the few elements they are made of. Every
 * text that is given goes through html_text(), so nothing that a domain's owner wrote can act.
 * A page holds no script, no image, no font and no link out, and its content security policy
 * forbids them; its one style sheet (report/style.css) stands inside it and is named there by
 * its hash.
 *
 * Nothing here fails: who opened the stream asks ferror() when the page is whole. A null text
 * is shown as a dash.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/error.h"

#include <stdio.h>

struct html_link {
	const char *href; /* borrowed; relative to the page; NULL ends a list of links */
	const char *text; /* borrowed */
};

/* From the doctype to the heading (h1); links: to other pages of a site, NULL for none. */
void html_begin(FILE *out, const char *title, const struct html_link *links);
/* Closes the page. footer: one sentence, or NULL. */
void html_end(FILE *out, const char *footer);

/*
 * Writes text so that it shows and does nothing, in an element or in a quoted attribute. What
 * cannot be seen or moves other text (controls, bidi marks, zero width, private use) is written
 * as its code point between U+27E8 and U+27E9, a byte that is no UTF-8 as 0xFF between the
 * same; U+27E8 itself is too, so the text can be had back.
 */
void html_text(FILE *out, const char *text);
/* Writes our own markup, in which each %s stands for a text; nothing else is replaced. */
void html_print(FILE *out, const char *markup, ...) PRINTF(2, 3);

/* A link to a place in the page or site. href has no scheme and no host, as a suspect name
 * would. */
void html_link(FILE *out, const char *href, const char *text);
/* A verdict's word, with a colour where it is one that we know. */
void html_badge(FILE *out, const char *verdict);

/* A section with its heading: level 2 below the page's, 3 within one of these, ... */
void html_section_begin(FILE *out, int level, const char *id, const char *heading);
void html_section_end(FILE *out);

/* Terms and what they are: html_facts_begin, html_fact for each, html_facts_end. */
void html_facts_begin(FILE *out);
void html_fact(FILE *out, const char *term, const char *text);
void html_facts_end(FILE *out);

struct html_table {
	const char *caption; /* borrowed */
	const char *
		kinds; /* borrowed; a letter a column: h row's head, l text, r figure, t time */
	const char *const *heads; /* borrowed; one a column */
	const char *const *hrefs; /* borrowed; where each head leads; NULL: nowhere */
	int sorted; /* the column, from 1, that orders the rows, of those with hrefs; or 0 */
};

/* A table, which scrolls in a box of its own where the page is too narrow. */
void html_table_begin(FILE *out, const struct html_table *table);
/* A row of texts, one a column. */
void html_row(FILE *out, const struct html_table *table, const char *const *cells);
/* A row whose cells are written one by one: begin, the content, end. kind as in html_table. */
void html_row_begin(FILE *out);
void html_cell_begin(FILE *out, char kind);
void html_cell_end(FILE *out, char kind);
void html_row_end(FILE *out);
void html_table_end(FILE *out);

#endif
