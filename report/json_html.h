/* SPDX-License-Identifier: MIT */
/* JSON that the database made, as text and tables of a page. What is missing or null is a dash.
 */
#ifndef REPORT_JSON_HTML_H
#define REPORT_JSON_HTML_H

#include "report/html.h"

#include <jansson.h>

/* The member's text; NULL where there is none or it is none. Borrowed from object. */
const char *json_text(const json_t *object, const char *key);
/* The member as a figure; 0 where there is none. */
double json_figure(const json_t *object, const char *key);
double json_figure_at(const json_t *array, size_t i);

/* Writes a value: text as html_text() does, yes or no, a figure, the members of an array. */
void json_html(FILE *out, const json_t *value);
/* A term and the member of that name; nothing where it is missing, null or an empty array. */
void json_fact(FILE *out, const char *term, const json_t *object, const char *key);
/* A list of the members of an array; nothing where it is empty. */
void json_list(FILE *out, const json_t *array);

struct json_column {
	char kind;        /* as in html_table; 0 ends the columns */
	const char *head; /* static */
	const char *key;  /* static; of the member */
};

#define JSON_COLUMNS_MAX 12

struct json_table {
	const char *caption; /* borrowed */
	size_t most;         /* rows; 0: all */
	struct json_column columns[JSON_COLUMNS_MAX + 1];
};

/* A row an object of array; "none" where it is empty. */
void json_table(FILE *out, const struct json_table *table, const json_t *array);

#endif
