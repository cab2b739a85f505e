/* SPDX-License-Identifier: MIT */
/*
 * The address timeline: each node a row, in the order of first sighting, with a dot where it
 * was seen, coloured by network. Of too many nodes each row holds several; then a dot is larger
 * where more of them were seen.
 */
#include "report/plots.h"

#include <stdbool.h>

#include "report/plot.h"

#define RANKS   8 /* seven networks with a colour, and all others */
#define SIZES   3 /* of dots; style.css has them as s1 to s3 */
#define ROW_MAX 14
#define ROW_MIN 5

struct timeline {
	struct plot plot;
	double rows;
	double per_row; /* nodes */
	double slots;
	const json_t *dots; /* borrowed; [row, slot, rank, nodes], by row and slot */
};

static double row_y(const struct timeline *line, const json_t *dot)
{
	return PLOT_TOP + (json_figure_at(dot, 0) + 0.5) * line->plot.height / line->rows;
}

/* A faint line a row, from its first dot to its last. */
static void put_lives(FILE *out, const struct timeline *line)
{
	const json_t *dot;
	const json_t *first = NULL;
	size_t i;

	fputs("<path class=\"life\" d=\"", out);
	json_array_foreach(line->dots, i, dot)
	{
		const json_t *next = json_array_get(line->dots, i + 1);

		if (first == NULL)
			first = dot;
		if (next != NULL && json_figure_at(next, 0) == json_figure_at(dot, 0))
			continue;
		fprintf(out, "M%.1f %.1fH%.1f",
			plot_slot_x(json_figure_at(first, 1), line->slots), row_y(line, dot),
			plot_slot_x(json_figure_at(dot, 1), line->slots));
		first = NULL;
	}
	fputs("\"/>\n", out);
}

/* 1 for a single node, 2 for up to a quarter of the row's, 3 for more. */
static int dot_size(const struct timeline *line, double nodes)
{
	return nodes <= 1 ? 1 : nodes <= line->per_row / 4 ? 2 : SIZES;
}

/* The dots of one network and size, as one path: a line without length has a round cap. */
static void put_dots(FILE *out, const struct timeline *line, int rank, int size)
{
	const json_t *dot;
	bool is_open = false;
	size_t i;

	json_array_foreach(line->dots, i, dot)
	{
		if ((int)json_figure_at(dot, 2) != rank ||
		    dot_size(line, json_figure_at(dot, 3)) != size)
			continue;
		if (!is_open)
			fprintf(out, "<path class=\"dot c%d s%d\" d=\"", rank, size);
		fprintf(out, "M%.1f %.1fh0", plot_slot_x(json_figure_at(dot, 1), line->slots),
			row_y(line, dot));
		is_open = true;
	}
	if (is_open)
		fputs("\"/>\n", out);
}

static void put_legend(FILE *out, const json_t *shares)
{
	const json_t *row;
	size_t i;

	fputs("<ul class=\"legend\">\n", out);
	json_array_foreach(json_object_get(shares, "rows"), i, row)
	{
		fprintf(out, "<li><span class=\"key c%.0f\"></span> ",
			json_figure(row, "rank"));
		html_print(out, "%s</li>\n", json_text(row, "name"));
	}
	if (json_figure(shares, "others_nodes") + json_figure(shares, "unknown_nodes") > 0)
		fputs("<li><span class=\"key c0\"></span> other or not known</li>\n", out);
	fputs("</ul>\n", out);
}

/* How coarse the plot is, in words. */
static void put_caption(FILE *out, const json_t *addresses)
{
	double per_row = json_figure(addresses, "per_row");
	double every = json_figure(addresses, "every");

	fputs("<figcaption>", out);
	if (per_row <= 1)
		fputs("Each row is one address, the one seen first on top; a dot is where it "
		      "was "
		      "seen, coloured by network.",
		      out);
	else
		fprintf(out,
			"Each row is %.0f addresses, those seen first on top. A dot is where "
			"any "
			"of them were seen: small for one, large for more than a quarter of "
			"the "
			"row, in the colour of the network that most of these are in.",
			per_row);
	fprintf(out, " Time is cut into %.0f slots.", json_figure(addresses, "slots"));
	if (every > 1)
		fprintf(out,
			" The first and last sighting of each address are drawn, and of the "
			"answers between about one in %.0f.",
			every);
	fputs(" The table of addresses below has the times.</figcaption>\n", out);
}

static void draw(FILE *out, const struct timeline *line, const json_t *series)
{
	char description[200];

	snprintf(description, sizeof(description),
		 "%.0f addresses in %.0f rows, in the order in which they were first seen; "
		 "those "
		 "further down are the newer ones",
		 json_figure(json_object_get(series, "addresses"), "nodes"), line->rows);
	plot_begin(out, &line->plot, description);
	plot_time_axis(out, &line->plot, json_text(series, "first"), json_text(series, "last"));
	put_lives(out, line);
	for (int rank = 0; rank < RANKS; rank++)
		for (int size = 1; size <= SIZES; size++)
			put_dots(out, line, rank, size);
	plot_end(out);
}

void plot_addresses(FILE *out, const json_t *series)
{
	const json_t *addresses = json_object_get(series, "addresses");
	struct timeline line = {
		.plot = {.id = "timeline", .title = "Addresses over time"},
		.rows = json_figure(addresses, "rows"),
		.per_row = json_figure(addresses, "per_row"),
		.slots = json_figure(addresses, "slots"),
		.dots = json_object_get(addresses, "dots"),
	};
	double height = 240;

	if (json_array_size(line.dots) == 0 || line.rows < 1) {
		fputs("<p>No answer brought an address.</p>\n", out);
		return;
	}
	if (height > line.rows * ROW_MAX)
		height = line.rows * ROW_MAX;
	if (height < line.rows * ROW_MIN)
		height = line.rows * ROW_MIN;
	line.plot.height = (int)height;
	draw(out, &line, series);
	put_caption(out, addresses);
	put_legend(out, json_object_get(series, "networks"));
	plot_figure_end(out);
}
