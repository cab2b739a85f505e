/* SPDX-License-Identifier: MIT */
#include "report/json_html.h"

#include <assert.h>
#include <stdbool.h>

const char *json_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

double json_figure(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

double json_figure_at(const json_t *array, size_t i)
{
	return json_number_value(json_array_get(array, i));
}

static void put_members(FILE *out, const json_t *array)
{
	const json_t *member;
	size_t i;

	json_array_foreach(array, i, member)
	{
		if (i > 0)
			fputs(", ", out);
		json_html(out, member);
	}
}

void json_html(FILE *out, const json_t *value)
{
	if (json_is_integer(value))
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		fprintf(out, "%.6g", json_real_value(value));
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "yes" : "no", out);
	else if (json_array_size(value) > 0)
		put_members(out, value);
	else
		html_text(out, json_string_value(value));
}

/* Is there anything to show? */
static bool is_shown(const json_t *value)
{
	return value != NULL && !json_is_null(value) &&
	       !(json_is_array(value) && json_array_size(value) == 0);
}

void json_fact(FILE *out, const char *term, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!is_shown(value))
		return;
	html_print(out, "<dt>%s</dt><dd>", term);
	json_html(out, value);
	fputs("</dd>\n", out);
}

void json_list(FILE *out, const json_t *array)
{
	const json_t *member;
	size_t i;

	if (json_array_size(array) == 0)
		return;
	fputs("<ul>\n", out);
	json_array_foreach(array, i, member)
	{
		fputs("<li>", out);
		json_html(out, member);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void put_row(FILE *out, const struct json_column *columns, const json_t *object)
{
	html_row_begin(out);
	for (const struct json_column *column = columns; column->kind != '\0'; column++) {
		const json_t *value = json_object_get(object, column->key);

		html_cell_begin(out, column->kind);
		json_html(out, value);
		html_cell_end(out, column->kind);
	}
	html_row_end(out);
}

void json_table(FILE *out, const struct json_table *table, const json_t *array)
{
	char kinds[JSON_COLUMNS_MAX + 1] = {0};
	const char *heads[JSON_COLUMNS_MAX];
	struct html_table frame = {.caption = table->caption, .kinds = kinds, .heads = heads};
	const json_t *row;
	size_t i;

	if (json_array_size(array) == 0) {
		html_print(out, "<p>%s: none.</p>\n", table->caption);
		return;
	}
	for (i = 0; table->columns[i].kind != '\0'; i++) {
		assert(i < JSON_COLUMNS_MAX);
		kinds[i] = table->columns[i].kind;
		heads[i] = table->columns[i].head;
	}
	html_table_begin(out, &frame);
	json_array_foreach(array, i, row)
	{
		if (table->most == 0 || i < table->most)
			put_row(out, table->columns, row);
	}
	html_table_end(out);
}
