/* SPDX-License-Identifier: MIT */
#include "crawler/import_json.h"

#include <jansson.h>
#include <stdio.h>

/* A struct import_json is jansson's json_t under a name of ours. */
static const json_t *ours(const struct import_json *value)
{
	return (const json_t *)(const void *)value;
}

static const struct import_json *theirs(const json_t *value)
{
	return (const struct import_json *)(const void *)value;
}

struct import_json *import_json_read(const char *line, size_t len)
{
	json_t *value = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(value))
		return (struct import_json *)(void *)value;
	json_decref(value);
	return NULL;
}

void import_json_free(struct import_json *object)
{
	json_decref((json_t *)(void *)object);
}

const struct import_json *import_json_member(const struct import_json *object, const char *key)
{
	return theirs(json_object_get(ours(object), key));
}

size_t import_json_count(const struct import_json *array)
{
	return json_array_size(ours(array));
}

const struct import_json *import_json_item(const struct import_json *array, size_t at)
{
	return theirs(json_array_get(ours(array), at));
}

const char *import_json_string(const struct import_json *value)
{
	return json_string_value(ours(value));
}

const char *import_json_word(const struct import_json *object, const char *key)
{
	return import_json_string(import_json_member(object, key));
}

const char *import_json_text(const struct import_json *value,
			     char scratch[IMPORT_JSON_TEXT_SIZE])
{
	const json_t *json = ours(value);

	if (json_is_integer(json))
		snprintf(scratch, IMPORT_JSON_TEXT_SIZE, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(json));
	else if (json_is_real(json)) /* a double tells an epoch's microseconds just so */
		snprintf(scratch, IMPORT_JSON_TEXT_SIZE, "%.6f", json_real_value(json));
	else if (json_is_boolean(json))
		snprintf(scratch, IMPORT_JSON_TEXT_SIZE, "%s", json_is_true(json) ? "T" : "F");
	else
		return json_string_value(json);
	return scratch;
}
