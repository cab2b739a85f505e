/* SPDX-License-Identifier: MIT */
#include "report/site_list.h"

#include <inttypes.h>
#include <stdlib.h>

#define PAGE_ROWS 500

enum {
	NAME,
	TITLE,
	TOTAL,
	NUMBER
};

/* One page after the other. */
struct writer {
	const struct site_list *list; /* borrowed */
	struct site_page page;
	bool is_open; /* is there a page that was begun? */
	size_t rows;
};

/* Which row of how many. */
struct spot {
	size_t row; /* from 0 on */
	size_t rows;
};

static size_t figure(const PGresult *row, int column)
{
	return (size_t)strtoumax(PQgetvalue(row, 0, column), NULL, 10);
}

static void put_step(struct site_page *page, struct site_place place, size_t number,
		     const char *text)
{
	place.number = number;
	fputs("<li>", page->out);
	site_page_link(page, &place, text);
	fputs("</li>", page->out);
}

/* The ways to the other pages of the list that place is one of. */
static void put_steps(struct site_page *page, const struct site_place *place, size_t pages)
{
	if (pages == 1)
		return;
	fprintf(page->out,
		"<nav class=\"pages\" aria-label=\"Pages\"><p>Page %zu of %zu</p><ul>",
		place->number, pages);
	if (place->number > 1) {
		put_step(page, *place, 1, "First");
		put_step(page, *place, place->number - 1, "Previous");
	}
	if (place->number < pages) {
		put_step(page, *place, place->number + 1, "Next");
		put_step(page, *place, pages, "Last");
	}
	fputs("</ul></nav>\n", page->out);
}

static struct site_place place_of(const struct writer *writer, const PGresult *row,
				  const struct spot *spot)
{
	return (struct site_place){
		.folder = writer->list->folder,
		.name = PQgetvalue(row, 0, NAME),
		.number = spot->row / PAGE_ROWS + 1,
		.title = PQgetvalue(row, 0, TITLE),
	};
}

static int begin_page(struct writer *writer, const PGresult *row, const struct spot *spot,
		      struct error *err)
{
	const struct site_list *list = writer->list;
	const struct site_place place = place_of(writer, row, spot);

	if (site_page_open(&writer->page, list->site, &place, err) != FT_OK)
		return err->code;
	writer->is_open = true;
	if (spot->row == 0 && list->head != NULL)
		list->head(list->ctx, &writer->page);
	site_table_begin(&writer->page, &list->columns);
	return FT_OK;
}

static int end_page(struct writer *writer, const PGresult *row, const struct spot *spot)
{
	const struct site_place place = place_of(writer, row, spot);

	html_table_end(writer->page.out);
	put_steps(&writer->page, &place, (spot->rows + PAGE_ROWS - 1) / PAGE_ROWS);
	writer->is_open = false;
	return site_page_close(&writer->page, writer->list->site);
}

static int take_row(void *ctx, const PGresult *row, struct error *err)
{
	struct writer *writer = ctx;
	const struct spot spot = {figure(row, NUMBER) - 1, figure(row, TOTAL)};

	if (spot.row % PAGE_ROWS == 0 && begin_page(writer, row, &spot, err) != FT_OK)
		return err->code;
	site_table_row(&writer->page, writer->list->columns.kinds, row, 0, SITE_LIST_CELLS);
	writer->rows++;
	if ((spot.row + 1) % PAGE_ROWS == 0 || spot.row + 1 == spot.rows)
		return end_page(writer, row, &spot);
	return FT_OK;
}

int site_list_write(const struct site_list *list, size_t *count, struct error *err)
{
	struct writer writer = {.list = list};
	int result = db_each(list->site->db, list->sql, take_row, &writer, err);

	*count = writer.rows;
	if (writer.is_open) /* what failed before stays the error that is told */
		result = site_page_close(&writer.page, list->site);
	return result;
}
