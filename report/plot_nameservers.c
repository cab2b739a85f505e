/* SPDX-License-Identifier: MIT */
/* Nameservers over time: when each was named, and when it got an address it had not before. */
#include "report/plots.h"

#include <stdbool.h>
#include <string.h>

#include "report/plot.h"

#define LINE_HEIGHT 30 /* a name, and its line below it */
#define NAME_SHOWN  70 /* characters that fit; a longer name is cut from the left */

static void put_name(FILE *out, const char *name, double y)
{
	size_t len = name != NULL ? strlen(name) : 0;
	bool is_cut = len > NAME_SHOWN;

	fprintf(out, "<text x=\"%d\" y=\"%.1f\">%s", PLOT_LEFT, y, is_cut ? "..." : "");
	html_print(out, "%s</text>\n", is_cut ? name + len - NAME_SHOWN : name);
}

static void put_line(FILE *out, const json_t *line, double y, double slots)
{
	double half = 0.5; /* of a slot: a stretch of one slot has a length too */
	const json_t *mark;
	size_t i;

	fputs("<path class=\"named\" d=\"", out);
	json_array_foreach(json_object_get(line, "stretches"), i, mark) fprintf(
		out, "M%.1f %.1fH%.1f", plot_slot_x(json_figure_at(mark, 0) - half, slots), y,
		plot_slot_x(json_figure_at(mark, 1) + half, slots));
	fputs("\"/>\n<path class=\"change\" d=\"", out);
	json_array_foreach(json_object_get(line, "changes"), i, mark) fprintf(
		out, "M%.1f %.1fv10", plot_slot_x(json_number_value(mark), slots), y - 5);
	fputs("\"/>\n", out);
}

static void put_caption(FILE *out, double shown, double total, double slots)
{
	fputs("<figcaption>A line is when NS answers named the nameserver; a stroke across is "
	      "when it got an address that it had not before.",
	      out);
	fprintf(out, " Time is cut into %.0f slots.", slots);
	if (total > shown)
		fprintf(out, " Shown are the %.0f named most of %.0f.", shown, total);
	fputs(" The table of nameservers below has the times.</figcaption>\n", out);
}

void plot_nameservers(FILE *out, const json_t *series)
{
	const json_t *nameservers = json_object_get(series, "nameservers");
	const json_t *lines = json_object_get(nameservers, "lines");
	double slots = json_figure(nameservers, "slots");
	double total = json_figure(nameservers, "total");
	size_t count = json_array_size(lines);
	struct plot plot = {"nameservers-plot", "Nameservers over time",
			    (int)count * LINE_HEIGHT};
	char description[100];
	const json_t *line;
	size_t i;

	if (count == 0) {
		fputs("<p>No NS answer named a nameserver.</p>\n", out);
		return;
	}
	snprintf(description, sizeof(description),
		 "%zu of %.0f nameservers, the one named first on top", count, total);
	plot_begin(out, &plot, description);
	plot_time_axis(out, &plot, json_text(series, "first"), json_text(series, "last"));
	json_array_foreach(lines, i, line)
	{
		double y = PLOT_TOP + (double)i * LINE_HEIGHT;

		put_name(out, json_text(line, "name"), y + 10);
		put_line(out, line, y + 20, slots);
	}
	plot_end(out);
	put_caption(out, (double)count, total, slots);
	plot_figure_end(out);
}
