/* SPDX-License-Identifier: MIT */
/*
 * A page of the site: its file, its frame with the ways to other pages, and the tables that
 * queries fill. Where a link leads is made here alone, by site_name().
 */
#ifndef REPORT_SITE_PAGE_H
#define REPORT_SITE_PAGE_H

#include "base/file.h"
#include "base/timefmt.h"
#include "report/html.h"
#include "report/site_name.h"
#include "store/db.h"

#include <stddef.h>

struct site {
	struct db *db;        /* borrowed; in a transaction: all pages are of one moment */
	const char *conninfo; /* borrowed; for more connections like db */
	const char *dir;      /* borrowed; where it is written */
	char written_at[TIME_TEXT_SIZE]; /* RFC 3339 */
	size_t names;                    /* that have a page */
	size_t pages;                    /* written so far */
};

struct site_place {
	const char *folder; /* borrowed; of the page in the site, "" for the site's own */
	const char *name;   /* borrowed; any text; the file is site_name() of it and ".html" */
	size_t number;      /* of a list's pages, from 1 on */
	const char *title;  /* borrowed */
};

struct site_page {
	FILE *out;            /* owned */
	const char *up;       /* static; leads from the page to the site's root: "" or "../" */
	struct error *err;    /* borrowed; the first failure while the page was written */
	char path[PATH_SIZE]; /* of the file */
};

/* Makes a page's file, and closes it in any case: for who writes all that is in it. */
int site_page_make(struct site_page *page, const struct site *site,
		   const struct site_place *place, struct error *err) MUST_CHECK;
int site_page_finish(struct site_page *page, struct site *site) MUST_CHECK;

/* The same with the frame; what fails between the two is told by site_page_close(). */
int site_page_open(struct site_page *page, const struct site *site,
		   const struct site_place *place, struct error *err) MUST_CHECK;
int site_page_close(struct site_page *page, struct site *site) MUST_CHECK;

#define SITE_HREF_SIZE (SITE_NAME_SIZE + 64) /* with folders, number and ending */
#define SITE_WAYS_MAX  16

/* The links at the top of a page. */
struct site_ways {
	struct html_link links[SITE_WAYS_MAX + 1]; /* with the NULL that ends them */
	char hrefs[SITE_WAYS_MAX][SITE_HREF_SIZE];
	size_t count;
};

/* Begins with the lists, which every page leads to. */
void site_ways_init(struct site_ways *ways, struct site_page *page);
/* The page of that name in a folder; no more where there is no room. text: borrowed. */
void site_ways_add(struct site_ways *ways, struct site_page *page,
		   const struct site_place *place, const char *text);

/* A link to the page at a place, which needs no title. */
void site_page_link(struct site_page *page, const struct site_place *place, const char *text);

/*
 * A table's columns, the first of which heads its row. kinds has a letter a column: l text, r
 * figure, t time, v verdict, and what leads to a page: d domain, w verdict, f family, c
 * cluster, n network (of a number alone). A null is a dash.
 */
struct site_columns {
	const char *caption;      /* borrowed */
	const char *kinds;        /* borrowed */
	const char *const *heads; /* borrowed; one a column */
	const char *const *sorts; /* borrowed; the list that each head leads to, or NULL */
	int sorted;               /* as in struct html_table */
};

void site_table_begin(struct site_page *page, const struct site_columns *columns);
/* A row of cells that begin at column first of rows. */
void site_table_row(struct site_page *page, const char *kinds, const PGresult *rows, int row,
		    int first);

/* A page that says in one sentence that there is nothing to list. */
int site_write_empty(struct site *site, const char *name, const char *title,
		     const char *sentence, struct error *err) MUST_CHECK;

/* A section of one table; none, without rows. */
struct site_section {
	const char *id;      /* borrowed */
	const char *heading; /* borrowed */
	const char *sql;     /* borrowed; gives the cells, and may ask for a parameter */
	struct site_columns columns;
};
void site_section_put(struct site_page *page, const struct site_section *section,
		      const PGresult *rows);
/* Those of an array, each with the rows that its sql gives for param; what fails is in page. */
void site_sections_write(struct site_page *page, const struct site *site,
			 const struct site_section *sections, const char *param);

#endif
