/* SPDX-License-Identifier: MIT */
#include "report/plots.h"

struct bar {
	const char *name;
	double nodes;
	double total; /* over all bars */
	double most;  /* of a bar */
	int rank;     /* 0: no colour of its own */
};

static void put_bar(FILE *out, const struct bar *bar)
{
	if (bar->nodes <= 0)
		return;
	html_print(out, "<tr><th scope=\"row\">%s</th>", bar->name);
	fprintf(out,
		"<td class=\"r\">%.0f</td><td class=\"r\">%.1f %%</td><td><svg class=\"bar\" "
		"viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		"<rect class=\"c%d\" width=\"%.1f\" height=\"10\"/></svg></td></tr>\n",
		bar->nodes, 100 * bar->nodes / bar->total, bar->rank,
		100 * bar->nodes / bar->most);
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* Total and longest bar, over the rows and what is beside them. */
static struct bar measure(const json_t *shares)
{
	double others = json_figure(shares, "others_nodes");
	double unknown = json_figure(shares, "unknown_nodes");
	struct bar all = {.total = others + unknown, .most = larger(others, unknown)};
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(shares, "rows"), i, row)
	{
		all.total += json_figure(row, "nodes");
		all.most = larger(all.most, json_figure(row, "nodes"));
	}
	return all;
}

void plot_shares(FILE *out, const json_t *shares, const char *caption, const char *what)
{
	static const char *const heads[] = {"", "Addresses", "Share", "Bar"};
	const char *const row_heads[] = {what, heads[1], heads[2], heads[3]};
	const struct html_table table = {
		.caption = caption, .kinds = "hrrl", .heads = row_heads};
	struct bar bar = measure(shares);
	char others[64];
	const json_t *row;
	size_t i;

	if (json_array_size(json_object_get(shares, "rows")) == 0) {
		html_print(out, "<p>%s: not known of any address.</p>\n", caption);
		return;
	}
	html_table_begin(out, &table);
	json_array_foreach(json_object_get(shares, "rows"), i, row)
	{
		bar.name = json_text(row, "name");
		bar.nodes = json_figure(row, "nodes");
		bar.rank = (int)json_figure(row, "rank");
		put_bar(out, &bar);
	}
	snprintf(others, sizeof(others), "%.0f others", json_figure(shares, "others"));
	bar.rank = 0;
	bar.name = others;
	bar.nodes = json_figure(shares, "others_nodes");
	put_bar(out, &bar);
	bar.name = "not known";
	bar.nodes = json_figure(shares, "unknown_nodes");
	put_bar(out, &bar);
	html_table_end(out);
}

static void networks(FILE *out, const json_t *series)
{
	plot_shares(out, json_object_get(series, "networks"), "Addresses by network (ASN)",
		    "Network");
}

static void countries(FILE *out, const json_t *series)
{
	plot_shares(out, json_object_get(series, "countries"),
		    "Addresses by country, as the registry has it", "Country");
}

void plots_html(FILE *out, const json_t *series, int level)
{
	static const struct {
		const char *id;
		const char *heading;
		void (*draw)(FILE *out, const json_t *series);
	} plots[] = {
		{"plot-addresses", "Addresses over time", plot_addresses},
		{"plot-growth", "New addresses by lookups", plot_growth},
		{"plot-ttl", "TTL over time", plot_ttl},
		{"plot-networks", "Networks", networks},
		{"plot-countries", "Countries", countries},
		{"plot-nameservers", "Nameservers over time", plot_nameservers},
	};

	for (size_t i = 0; i < sizeof(plots) / sizeof(plots[0]); i++) {
		html_section_begin(out, level, plots[i].id, plots[i].heading);
		plots[i].draw(out, series);
		html_section_end(out);
	}
}
