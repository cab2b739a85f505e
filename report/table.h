/* SPDX-License-Identifier: MIT */
/*
 * A query's result as an aligned text table: the columns' names as heads, a row a line, two
 * blanks between columns, none at a line's end. Cells hold printable ASCII.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <libpq-fe.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX 16

/*
 * align has a letter a column: 'l' or 'r'. width: columns of the terminal, to which the first
 * column is cut; 0: no limit. A null is an empty cell.
 */
void table_print(FILE *out, const PGresult *rows, const char *align, int width);

/* The width of the terminal that out is; 0 where it is none. */
int table_width(FILE *out);

#endif
