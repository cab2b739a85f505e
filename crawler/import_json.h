/* SPDX-License-Identifier: MIT */
/*
 * A line of JSON, for the readers of import: objects, arrays and texts. A number is a text too,
 * for it may as well come as a string.
 */
#ifndef CRAWLER_IMPORT_JSON_H
#define CRAWLER_IMPORT_JSON_H

#include <stddef.h>

#define IMPORT_JSON_TEXT_SIZE 32 /* room for a number as text */

struct import_json; /* a value; those within one live as long as it */

/* The object that line is; NULL where it is none, or holds a NUL or a member twice. */
struct import_json *import_json_read(const char *line, size_t len);
void import_json_free(struct import_json *object);

/* NULL where object is none or has no such member. */
const struct import_json *import_json_member(const struct import_json *object, const char *key);
/* 0 and NULL for what is no array. */
size_t import_json_count(const struct import_json *array);
const struct import_json *import_json_item(const struct import_json *array, size_t at);

/* The string that value is; NULL for anything else. */
const char *import_json_string(const struct import_json *value);
/* The same for a member of object. */
const char *import_json_word(const struct import_json *object, const char *key);
/* A string as it is; a number, or a truth as "T" or "F", written to scratch; else NULL. */
const char *import_json_text(const struct import_json *value,
			     char scratch[IMPORT_JSON_TEXT_SIZE]);

#endif
