/* SPDX-License-Identifier: MIT */
/* Lists as pages of 500 rows, written as the rows come: never all in memory. */
#ifndef REPORT_SITE_LIST_H
#define REPORT_SITE_LIST_H

#include "report/site_page.h"

#define SITE_LIST_CELLS 4 /* columns of a list's rows before its cells */

struct site_list {
	struct site *site;  /* borrowed */
	const char *folder; /* static; of the pages, as in struct site_place */
	/*
	 * Borrowed; gives the rows of several lists, one list after the other: the list's name,
	 * its title, how many rows it has, the row's number in it from 1 on, and the cells.
	 */
	const char *sql;
	struct site_columns columns;
	/* What stands above the rows of each first page; NULL: nothing. Says what fails in
	 * page. */
	void (*head)(void *ctx, struct site_page *page);
	void *ctx; /* borrowed; given to head */
};

/* count: how many rows all the lists had. */
int site_list_write(const struct site_list *list, size_t *count, struct error *err) MUST_CHECK;

#endif
