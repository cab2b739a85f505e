/* SPDX-License-Identifier: MIT */
/*
 * What all plots share: an SVG of fixed inner width that grows with the page, its axes, and
 * marks that style.css colours for light and dark. Each has a title and a description, and its
 * figures stand beside it as text too.
 */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include "report/html.h"

/* The inner area, in units of the SVG; what is around it holds the labels. */
#define PLOT_WIDTH  640
#define PLOT_LEFT   52
#define PLOT_RIGHT  628
#define PLOT_TOP    10
#define PLOT_BOTTOM 24 /* below the inner area */

struct plot {
	const char *id;    /* static; unique in the page */
	const char *title; /* static */
	int height;        /* of the inner area */
};

/* From the figure's beginning to the description, which tells in words what is to be seen. */
void plot_begin(FILE *out, const struct plot *plot, const char *description);
/* Ends the SVG; the figure goes on with what explains it. */
void plot_end(FILE *out);
void plot_figure_end(FILE *out);

/* Where a part of 0 to 1 lies across, and a value of 0 to most upwards. */
double plot_x(double part);
double plot_y(const struct plot *plot, double value, double most);
/* Where a slot's middle lies. */
double plot_slot_x(double slot, double slots);

/* A time at the beginning, the middle and the end. RFC 3339 texts, as SQL gives them. */
void plot_time_axis(FILE *out, const struct plot *plot, const char *first, const char *last);
/* Whole figures at the beginning and the end, with what they count. */
void plot_count_axis(FILE *out, const struct plot *plot, double most, const char *what);
/* Lines across at round values. */
void plot_value_axis(FILE *out, const struct plot *plot, double most);

#endif
