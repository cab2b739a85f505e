/* SPDX-License-Identifier: MIT */
#include "report/plot.h"

#include <stdint.h>
#include <string.h>

#include "base/timefmt.h"

#define VALUE_STEPS 5 /* lines across, at most */

void plot_begin(FILE *out, const struct plot *plot, const char *description)
{
	html_print(out,
		   "<figure><div class=\"scroll\" role=\"region\" aria-label=\"%s\" "
		   "tabindex=\"0\">\n<svg class=\"plot\" role=\"img\" "
		   "aria-labelledby=\"%s-t %s-d\"",
		   plot->title, plot->id, plot->id);
	fprintf(out, " viewBox=\"0 0 %d %d\">\n", PLOT_WIDTH,
		PLOT_TOP + plot->height + PLOT_BOTTOM);
	html_print(out, "<title id=\"%s-t\">%s</title>\n<desc id=\"%s-d\">%s</desc>\n",
		   plot->id, plot->title, plot->id, description);
}

void plot_end(FILE *out)
{
	fputs("</svg></div>\n", out);
}

void plot_figure_end(FILE *out)
{
	fputs("</figure>\n", out);
}

double plot_x(double part)
{
	return PLOT_LEFT + part * (PLOT_RIGHT - PLOT_LEFT);
}

double plot_y(const struct plot *plot, double value, double most)
{
	return PLOT_TOP + plot->height * (1 - (most > 0 ? value / most : 0));
}

double plot_slot_x(double slot, double slots)
{
	return plot_x(slots > 0 ? (slot + 0.5) / slots : 0);
}

static void put_label(FILE *out, double x, double y, const char *anchor, const char *text)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
	html_print(out, "%s</text>\n", text);
}

static double label_y(const struct plot *plot)
{
	return PLOT_TOP + plot->height + 17;
}

/* "2008-05-01 12:00:00" of a time in microseconds. */
static void put_time(FILE *out, const struct plot *plot, double part, int64_t wall_us)
{
	static const char *const anchors[] = {"start", "middle", "end"};
	char text[TIME_TEXT_SIZE];

	time_format(text, wall_us);
	text[10] = ' ';
	text[19] = '\0';
	put_label(out, plot_x(part), label_y(plot), anchors[(int)(2 * part)], text);
}

void plot_time_axis(FILE *out, const struct plot *plot, const char *first, const char *last)
{
	struct error err;
	int64_t from_us, to_us;

	if (first == NULL || last == NULL || time_parse(first, &from_us, &err) != FT_OK ||
	    time_parse(last, &to_us, &err) != FT_OK)
		return;
	put_time(out, plot, 0, from_us);
	if (to_us == from_us)
		return;
	put_time(out, plot, 0.5, from_us + (to_us - from_us) / 2);
	put_time(out, plot, 1, to_us);
}

void plot_count_axis(FILE *out, const struct plot *plot, double most, const char *what)
{
	char text[64];

	put_label(out, plot_x(0), label_y(plot), "start", "0");
	snprintf(text, sizeof(text), "%.0f %s", most, what);
	put_label(out, plot_x(1), label_y(plot), "end", text);
}

/* 1, 2 or 5 times a power of ten, so that few lines are needed. */
static double round_step(double most)
{
	double step = 1;

	for (int i = 0; step * VALUE_STEPS < most; i++)
		step *= i % 3 == 1 ? 2.5 : 2;
	return step;
}

void plot_value_axis(FILE *out, const struct plot *plot, double most)
{
	double step = round_step(most);
	char text[32];

	for (int i = 0; i * step <= most; i++) {
		double value = i * step, y = plot_y(plot, value, most);

		fprintf(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", PLOT_LEFT, y,
			PLOT_RIGHT);
		snprintf(text, sizeof(text), "%.0f", value);
		put_label(out, PLOT_LEFT - 6, y + 4, "end", text);
	}
}
