/* SPDX-License-Identifier: MIT */
#include "report/site_page.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

#define COLUMNS_MAX  16
#define NETWORK_SIZE 32

/* Where the page at a place is, seen from one that is `up` below the root. */
static int site_href(char out[SITE_HREF_SIZE], const char *up, const struct site_place *place,
		     struct error *err)
{
	const char *slash = place->folder[0] != '\0' ? "/" : "";
	char name[SITE_NAME_SIZE];
	char number[24] = "";

	if (site_name(name, place->name, err) != FT_OK)
		return err->code;
	if (place->number > 1) /* no site_name() has a "_p" */
		snprintf(number, sizeof(number), "_p%zu", place->number);
	snprintf(out, SITE_HREF_SIZE, "%s%s%s%s%s.html", up, place->folder, slash, name,
		 number);
	return FT_OK;
}

int site_page_make(struct site_page *page, const struct site *site,
		   const struct site_place *place, struct error *err)
{
	char href[SITE_HREF_SIZE];

	page->err = err;
	page->up = place->folder[0] != '\0' ? "../" : "";
	if (site_href(href, "", place, err) != FT_OK ||
	    path_join(page->path, site->dir, href, err) != FT_OK)
		return err->code;
	page->out = fopen(page->path, "we");
	if (page->out != NULL)
		return FT_OK;
	return error_set(err, FT_FAIL, "cannot make %s: %s", page->path, strerror(errno));
}

int site_page_finish(struct site_page *page, struct site *site)
{
	bool failed = ferror(page->out) != 0;

	if (fclose(page->out) != 0 || failed)
		return error_set(page->err, FT_FAIL, "cannot write %s: %s", page->path,
				 strerror(errno));
	site->pages++;
	return page->err->code;
}

void site_ways_add(struct site_ways *ways, struct site_page *page,
		   const struct site_place *place, const char *text)
{
	char *href = ways->hrefs[ways->count];

	if (ways->count < SITE_WAYS_MAX && site_href(href, page->up, place, page->err) == FT_OK)
		ways->links[ways->count++] = (struct html_link){href, text};
}

void site_ways_init(struct site_ways *ways, struct site_page *page)
{
	static const struct site_place lists[] = {
		{.folder = "", .name = "index", .title = "All names"},
		{.folder = "", .name = "networks", .title = "Networks"},
		{.folder = "", .name = "clusters", .title = "Clusters"},
	};

	*ways = (struct site_ways){.count = 0};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		site_ways_add(ways, page, &lists[i], lists[i].title);
}

int site_page_open(struct site_page *page, const struct site *site,
		   const struct site_place *place, struct error *err)
{
	struct site_ways ways;

	if (site_page_make(page, site, place, err) != FT_OK)
		return err->code;
	site_ways_init(&ways, page);
	html_begin(page->out, place->title, ways.links);
	return FT_OK;
}

int site_page_close(struct site_page *page, struct site *site)
{
	char footer[128];

	snprintf(footer, sizeof(footer), "Written by fluxtrack at %s.", site->written_at);
	html_end(page->out, footer);
	return site_page_finish(page, site);
}

void site_page_link(struct site_page *page, const struct site_place *place, const char *text)
{
	char href[SITE_HREF_SIZE];

	if (site_href(href, page->up, place, page->err) == FT_OK)
		html_link(page->out, href, text);
}

/* What html_table calls column i. */
static char cell_kind(const char *kinds, int i)
{
	if (i == 0)
		return 'h';
	if (kinds[i] == 'r' || kinds[i] == 'c')
		return 'r';
	return kinds[i] == 't' ? 't' : 'l';
}

void site_table_begin(struct site_page *page, const struct site_columns *columns)
{
	char kinds[COLUMNS_MAX + 1] = "";
	char hrefs[COLUMNS_MAX][SITE_HREF_SIZE];
	const char *links[COLUMNS_MAX];
	struct html_table table = {
		.caption = columns->caption, .kinds = kinds, .heads = columns->heads};

	assert(strlen(columns->kinds) <= COLUMNS_MAX);
	for (int i = 0; columns->kinds[i] != '\0'; i++)
		kinds[i] = cell_kind(columns->kinds, i);
	for (size_t i = 0; columns->sorts != NULL && columns->kinds[i] != '\0'; i++) {
		const struct site_place place = {.folder = "", .name = columns->sorts[i]};

		if (site_href(hrefs[i], page->up, &place, page->err) != FT_OK)
			return;
		links[i] = hrefs[i];
	}
	if (columns->sorts != NULL) {
		table.hrefs = links;
		table.sorted = columns->sorted;
	}
	html_table_begin(page->out, &table);
}

/* The folder of what a kind of column leads to; NULL where that is nothing. */
static const char *folder_of(char kind)
{
	switch (kind) {
	case 'd':
		return "domains";
	case 'f':
		return "families";
	case 'c':
		return "clusters";
	case 'w':
		return "verdicts";
	default:
		return NULL;
	}
}

/* A number leads to the page of that network; else there is none. */
static void put_network(struct site_page *page, const char *asn)
{
	char name[NETWORK_SIZE];
	char text[NETWORK_SIZE];
	const struct site_place place = {.folder = "networks", .name = name};

	snprintf(name, sizeof(name), "as%s", asn);
	snprintf(text, sizeof(text), "AS%s", asn);
	if (asn[0] >= '0' && asn[0] <= '9')
		site_page_link(page, &place, text);
	else
		html_text(page->out, asn);
}

static void put_content(struct site_page *page, char kind, const char *text)
{
	const struct site_place place = {.folder = folder_of(kind), .name = text};

	if (kind == 'v' && text != NULL)
		html_badge(page->out, text);
	else if (kind == 'n' && text != NULL)
		put_network(page, text);
	else if (text == NULL || place.folder == NULL)
		html_text(page->out, text);
	else
		site_page_link(page, &place, text);
}

void site_table_row(struct site_page *page, const char *kinds, const PGresult *rows, int row,
		    int first)
{
	html_row_begin(page->out);
	for (int i = 0; kinds[i] != '\0'; i++) {
		const char *text = PQgetisnull(rows, row, first + i)
					   ? NULL
					   : PQgetvalue(rows, row, first + i);

		html_cell_begin(page->out, cell_kind(kinds, i));
		put_content(page, kinds[i], text);
		html_cell_end(page->out, cell_kind(kinds, i));
	}
	html_row_end(page->out);
}

void site_section_put(struct site_page *page, const struct site_section *section,
		      const PGresult *rows)
{
	if (PQntuples(rows) == 0)
		return;
	html_section_begin(page->out, 2, section->id, section->heading);
	site_table_begin(page, &section->columns);
	for (int row = 0; row < PQntuples(rows); row++)
		site_table_row(page, section->columns.kinds, rows, row, 0);
	html_table_end(page->out);
	html_section_end(page->out);
}

void site_sections_write(struct site_page *page, const struct site *site,
			 const struct site_section *sections, const char *param)
{
	for (; sections->id != NULL && page->err->code == FT_OK; sections++) {
		PGresult *rows = db_query(site->db, sections->sql, 1, &param, page->err);

		if (rows != NULL)
			site_section_put(page, sections, rows);
		PQclear(rows);
	}
}

int site_write_empty(struct site *site, const char *name, const char *title,
		     const char *sentence, struct error *err)
{
	const struct site_place place = {.folder = "", .name = name, .title = title};
	struct site_page page;

	if (site_page_open(&page, site, &place, err) != FT_OK)
		return err->code;
	html_print(page.out, "<p>%s</p>\n", sentence);
	return site_page_close(&page, site);
}
