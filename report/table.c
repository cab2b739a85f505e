/* SPDX-License-Identifier: MIT */
#include "report/table.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define GAP       2  /* blanks between columns */
#define FIRST_MIN 12 /* the first column keeps this much, however narrow the terminal */

struct layout {
	const char *align; /* borrowed; 'l' or 'r' a column */
	int widths[TABLE_COLUMNS_MAX];
};

static int longest_cell(const PGresult *rows, int column)
{
	int longest = (int)strlen(PQfname(rows, column));

	for (int row = 0; row < PQntuples(rows); row++) {
		int len = PQgetlength(rows, row, column);

		longest = len > longest ? len : longest;
	}
	return longest;
}

/* The first column gives way where the whole is wider than the terminal. */
static void fit(int *widths, int count, int width)
{
	int total = GAP * (count - 1);

	for (int i = 0; i < count; i++)
		total += widths[i];
	if (width == 0 || total <= width)
		return;
	widths[0] -= total - width;
	if (widths[0] < FIRST_MIN)
		widths[0] = FIRST_MIN;
}

static const char *cell(const PGresult *rows, int row, int column)
{
	return row < 0 ? PQfname(rows, column) : PQgetvalue(rows, row, column);
}

/* Prints the last width octets of text behind blanks. */
static void print_text(FILE *out, const char *text, int width, int blanks)
{
	int over = (int)strlen(text) - width;

	fprintf(out, "%*s%s%s", blanks, "", over > 0 ? "..." : "",
		over > 0 ? text + over + 3 : text);
}

/* Blanks wait until a text follows them, so that none ends a line. */
static void print_line(FILE *out, const PGresult *rows, int row, const struct layout *layout)
{
	int blanks = 0;

	for (int i = 0; i < PQnfields(rows); i++) {
		const char *text = cell(rows, row, i);
		int len = (int)strlen(text);
		int room = layout->widths[i] > len ? layout->widths[i] - len : 0;
		bool right = layout->align[i] == 'r';

		if (right)
			blanks += room;
		if (len > 0) {
			print_text(out, text, layout->widths[i], blanks);
			blanks = 0;
		}
		blanks += GAP + (right ? 0 : room);
	}
	fputc('\n', out);
}

void table_print(FILE *out, const PGresult *rows, const char *align, int width)
{
	struct layout layout = {.align = align};
	int count = PQnfields(rows);

	assert(count <= TABLE_COLUMNS_MAX && strlen(align) == (size_t)count);
	for (int i = 0; i < count; i++)
		layout.widths[i] = longest_cell(rows, i);
	fit(layout.widths, count, width);
	for (int row = -1; row < PQntuples(rows); row++)
		print_line(out, rows, row, &layout);
}
