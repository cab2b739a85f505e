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
 * align has a letter a column: 'l' or 'r'. width: columns of the terminal; 0: no limit. Where
 * that is too narrow the first column is cut, from the left: it holds domain names, and whose
 * a name is stands at its end. A null is an empty cell.
 */
void table_print(FILE *out, const PGresult *rows, const char *align, int width);

#endif
