/* SPDX-License-Identifier: MIT */
/* Distinct addresses by lookups, beside what a fixed pool would give; the TTL over time. */
#include "report/plots.h"

#include <stdbool.h>

#include "report/plot.h"

#define TABLE_ROWS 8 /* of the figures beside a curve */

/* Is point i of count one of the few that the table shows? The last always is. */
static bool is_shown(size_t i, size_t count)
{
	return i * TABLE_ROWS / count != (i + 1) * TABLE_ROWS / count;
}

struct curve {
	const json_t *points; /* borrowed; [lookups, addresses] */
	const char *class;
	double lookups; /* the highest */
	double most;    /* addresses, the highest */
};

static void put_curve(FILE *out, const struct plot *plot, const struct curve *curve)
{
	const json_t *point;
	size_t i;

	fprintf(out, "<path class=\"%s\" d=\"", curve->class);
	json_array_foreach(curve->points, i, point)
		fprintf(out, "%c%.1f %.1f", i == 0 ? 'M' : 'L',
			plot_x(json_figure_at(point, 0) / curve->lookups),
			plot_y(plot, json_figure_at(point, 1), curve->most));
	if (json_array_size(curve->points) == 1)
		fputs("h0", out);
	fputs("\"/>\n", out);
}

static void put_growth_table(FILE *out, const json_t *points, const json_t *fixed)
{
	static const char *const heads[] = {"Lookups", "Addresses seen", "Of a fixed pool"};
	static const struct html_table table = {
		.caption = "Distinct addresses after so many A lookups",
		.kinds = "rrr",
		.heads = heads};
	size_t count = json_array_size(points);

	html_table_begin(out, &table);
	for (size_t i = 0; i < count; i++) {
		const json_t *point = json_array_get(points, i);

		if (is_shown(i, count))
			fprintf(out,
				"<tr><td class=\"r\">%.0f</td><td class=\"r\">%.0f</td>"
				"<td class=\"r\">%.0f</td></tr>\n",
				json_figure_at(point, 0), json_figure_at(point, 1),
				json_figure_at(json_array_get(fixed, i), 1));
	}
	html_table_end(out);
}

static void put_growth_caption(FILE *out, const json_t *pool)
{
	fprintf(out,
		"<figcaption>Solid: distinct IPv4 addresses seen. Dashed: what a fixed pool "
		"would "
		"have given that the first half of the lookups (%.0f) had shown in full: %.0f "
		"addresses, of which each answer has %.1f at random. A pool that is used up "
		"bends "
		"as the dashed line does; a solid line that goes on rising past it has new "
		"addresses still coming.</figcaption>\n",
		json_figure(pool, "lookups"), json_figure(pool, "size"),
		json_figure(pool, "drawn"));
}

void plot_growth(FILE *out, const json_t *series)
{
	static const struct plot plot = {"growth", "Distinct addresses by lookups", 200};
	const json_t *growth = json_object_get(series, "growth");
	const json_t *fixed = json_object_get(growth, "fixed");
	const json_t *pool = json_object_get(growth, "pool");
	struct curve curve = {json_object_get(growth, "points"), "curve",
			      json_figure(growth, "lookups"), 0};
	size_t count = json_array_size(curve.points);
	char description[200];

	if (count == 0 || curve.lookups < 1) {
		fputs("<p>No A lookup brought an address.</p>\n", out);
		return;
	}
	curve.most = json_figure_at(json_array_get(curve.points, count - 1), 1);
	snprintf(description, sizeof(description),
		 "%.0f distinct addresses after %.0f lookups; a fixed pool of %.0f would have "
		 "shown %.0f of them",
		 curve.most, curve.lookups, json_figure(pool, "size"),
		 json_figure_at(json_array_get(fixed, count - 1), 1));
	plot_begin(out, &plot, description);
	plot_value_axis(out, &plot, curve.most);
	plot_count_axis(out, &plot, curve.lookups, "lookups");
	put_curve(out, &plot, &curve);
	curve.points = fixed;
	curve.class = "curve fixed";
	put_curve(out, &plot, &curve);
	plot_end(out);
	put_growth_caption(out, pool);
	put_growth_table(out, json_object_get(growth, "points"), fixed);
	plot_figure_end(out);
}

static void put_ttl_marks(FILE *out, const struct plot *plot, const json_t *ttl)
{
	double most = json_figure(ttl, "highest");
	const json_t *point;
	size_t i;

	fputs("<path class=\"range\" d=\"", out);
	json_array_foreach(json_object_get(ttl, "points"), i, point)
		fprintf(out, "M%.1f %.1fV%.1f",
			plot_slot_x(json_figure_at(point, 0), json_figure(ttl, "slots")),
			plot_y(plot, json_figure_at(point, 1), most) + 0.1,
			plot_y(plot, json_figure_at(point, 2), most));
	fputs("\"/>\n", out);
}

void plot_ttl(FILE *out, const json_t *series)
{
	static const struct plot plot = {"ttl", "TTL over time", 120};
	const json_t *ttl = json_object_get(series, "ttl");
	double lowest = json_figure(ttl, "lowest");
	double highest = json_figure(ttl, "highest");
	char description[100];

	if (json_array_size(json_object_get(ttl, "points")) == 0) {
		fputs("<p>No TTL of an answer with addresses is known.</p>\n", out);
		return;
	}
	snprintf(description, sizeof(description), "between %.0f and %.0f seconds", lowest,
		 highest);
	plot_begin(out, &plot, description);
	plot_value_axis(out, &plot, highest);
	plot_time_axis(out, &plot, json_text(series, "first"), json_text(series, "last"));
	put_ttl_marks(out, &plot, ttl);
	plot_end(out);
	fprintf(out,
		"<figcaption>Seconds: from the lowest to the highest TTL of the answers with "
		"addresses in each of %.0f slots of time; the lowest of all is %.0f, the "
		"highest "
		"%.0f. Behind a cache it is what remained of it.</figcaption>\n",
		json_figure(ttl, "slots"), lowest, highest);
	plot_figure_end(out);
}
