/* SPDX-License-Identifier: MIT */
#include "report/dossier.h"

#include <stdbool.h>
#include <string.h>

#include "base/escape.h"

#define LOOKUPS_MAX  1000
#define SEGMENTS_MAX 1000
#define CHAINS_MAX   1000
#define LINKS_MAX    2000
#define SOURCES_MAX  1000
#define PAGES_MAX    1000
#define NUMBER_MAX   (INT64_C(1) << 53) /* what any reader of JSON has exactly (RFC 8259, 6) */

struct member {
	const char *key;
	json_type type;
	bool is_optional; /* it may be null, not missing */
};

/* The members that a kind of object has to have, and an array of those objects. */
struct kind {
	const char *name; /* of the array */
	size_t max;
	const struct member *members;
};

static const struct member lookup_members[] = {
	{"observed_at", JSON_STRING, false}, {"type", JSON_STRING, false},
	{"outcome", JSON_STRING, false},     {"ttl", JSON_INTEGER, true},
	{"addresses", JSON_ARRAY, true},     {"names", JSON_ARRAY, true},
	{"anomalies", JSON_ARRAY, false},    {"server", JSON_STRING, false},
	{"port", JSON_INTEGER, false},       {"vantage", JSON_STRING, false},
	{"segment", JSON_STRING, false},     {"sha256", JSON_STRING, false},
	{"record", JSON_INTEGER, false},     {"source", JSON_STRING, true},
	{"source_line", JSON_INTEGER, true}, {0},
};

static const struct member chosen_members[] = {
	{"message", JSON_OBJECT, true},
	{0},
};

static const struct member segment_members[] = {
	{"segment", JSON_STRING, false},    {"uuid", JSON_STRING, false},
	{"sha256", JSON_STRING, false},     {"previous_sha256", JSON_STRING, true},
	{"collector", JSON_STRING, false},  {"sequence", JSON_INTEGER, false},
	{"created_at", JSON_STRING, false}, {"vantage", JSON_STRING, false},
	{"records", JSON_INTEGER, false},   {0},
};

static const struct member chain_members[] = {
	{"collector", JSON_STRING, false},
	{"links", JSON_ARRAY, false},
	{"omitted", JSON_INTEGER, false},
	{"head", JSON_OBJECT, false},
	{0},
};

static const struct member link_members[] = {
	{"sequence", JSON_INTEGER, false},
	{"segment", JSON_STRING, false},
	{"uuid", JSON_STRING, false},
	{"sha256", JSON_STRING, false},
	{0},
};

static const struct member source_members[] = {
	{"source", JSON_STRING, false},
	{"sha256", JSON_STRING, false},
	{0},
};

static const struct member page_members[] = {
	{"signatures", JSON_ARRAY, false},
	{"outcome", JSON_STRING, false},
	{"status", JSON_INTEGER, true},
	{"octets", JSON_INTEGER, false},
	{"body_sha256", JSON_STRING, true},
	{"server_header", JSON_STRING, true},
	{"last_at", JSON_STRING, false},
	{"address", JSON_STRING, false},
	{"url", JSON_STRING, false},
	{"segment", JSON_STRING, false},
	{"sha256", JSON_STRING, false},
	{"record", JSON_INTEGER, false},
	{0},
};

static const struct kind kinds[] = {
	{"observations", LOOKUPS_MAX, lookup_members},
	{"chosen", LOOKUPS_MAX, lookup_members},
	{"chosen", LOOKUPS_MAX, chosen_members},
	{"segments", SEGMENTS_MAX, segment_members},
	{"chain", CHAINS_MAX, chain_members},
	{"sources", SOURCES_MAX, source_members},
};

/* Dossiers that were written before there were such have none. */
static const struct kind pages = {"pages", PAGES_MAX, page_members};

static const struct kind links = {"links", LINKS_MAX, link_members};

static bool is_well(const json_t *value, const struct member *member)
{
	json_int_t number = json_integer_value(value); /* 0 where it is none */

	if (value == NULL || (member->is_optional && json_is_null(value)))
		return value != NULL;
	return json_typeof(value) == member->type && number >= 0 && number <= NUMBER_MAX;
}

/* Of object, which is the place-th of the array that kind names. */
static int check_members(const json_t *object, const struct kind *kind, size_t place,
			 struct error *err)
{
	for (const struct member *member = kind->members; member->key != NULL; member++) {
		const json_t *value = json_object_get(object, member->key);

		if (!is_well(value, member))
			return error_set(err, FT_FAIL,
					 "no dossier: %s %zu has no %s, or an odd one",
					 kind->name, place, member->key);
	}
	return FT_OK;
}

static int check_array(const json_t *parent, const struct kind *kind, struct error *err)
{
	const json_t *array = json_object_get(parent, kind->name);
	const json_t *object;
	size_t i;

	if (!json_is_array(array))
		return error_set(err, FT_FAIL, "no dossier: it has no list of %s", kind->name);
	if (json_array_size(array) > kind->max)
		return error_set(err, FT_FAIL, "no dossier: more than %zu %s", kind->max,
				 kind->name);
	json_array_foreach(array, i, object)
	{
		if (check_members(object, kind, i, err) != FT_OK)
			return err->code;
	}
	return FT_OK;
}

/* Links rise: so none is there twice, and none is read twice. */
static int check_order(const json_t *chain, struct error *err)
{
	const json_t *link;
	json_int_t before = -1;
	size_t i;

	json_array_foreach(json_object_get(chain, "links"), i, link)
	{
		json_int_t sequence = json_integer_value(json_object_get(link, "sequence"));

		if (sequence <= before)
			return error_set(err, FT_FAIL,
					 "no dossier: links %zu does not come after the one "
					 "before it",
					 i);
		before = sequence;
	}
	return FT_OK;
}

/* No two objects of the dossier's list may have the same member: each is read once. */
static int check_single(const json_t *dossier, const char *list, const char *key,
			struct error *err)
{
	const json_t *array = json_object_get(dossier, list);
	const json_t *object;
	size_t i;

	json_array_foreach(array, i, object)
	{
		for (size_t j = 0; j < i; j++)
			if (strcmp(dossier_text(json_array_get(array, j), key),
				   dossier_text(object, key)) == 0)
				return error_set(err, FT_FAIL,
						 "no dossier: %s %zu has the %s of another",
						 list, i, key);
	}
	return FT_OK;
}

static int check_chain(const json_t *chain, struct error *err)
{
	const struct kind head = {"head", 1, link_members};

	if (check_array(chain, &links, err) != FT_OK)
		return err->code;
	if (check_members(json_object_get(chain, "head"), &head, 0, err) != FT_OK)
		return err->code;
	return check_order(chain, err);
}

static int check(const json_t *dossier, struct error *err)
{
	const json_t *chain;
	size_t i;

	if (!json_is_string(json_object_get(dossier, "domain")))
		return error_set(err, FT_FAIL, "no dossier: it names no domain");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (check_array(dossier, &kinds[i], err) != FT_OK)
			return err->code;
	if (json_object_get(dossier, pages.name) != NULL &&
	    check_array(dossier, &pages, err) != FT_OK)
		return err->code;
	json_array_foreach(json_object_get(dossier, "chain"), i, chain)
	{
		if (check_chain(chain, err) != FT_OK)
			return err->code;
	}
	if (check_single(dossier, "segments", "uuid", err) != FT_OK)
		return err->code;
	return check_single(dossier, "chain", "collector", err);
}

struct reading {
	FILE *in; /* borrowed */
	size_t read;
	bool is_too_long;
};

static size_t read_piece(void *piece, size_t size, void *data)
{
	struct reading *reading = data;
	size_t got = fread(piece, 1, size, reading->in);

	reading->read += got;
	reading->is_too_long = reading->read > DOSSIER_MAX;
	return ferror(reading->in) || reading->is_too_long ? (size_t)-1 : got;
}

json_t *dossier_read(FILE *in, struct error *err)
{
	struct reading reading = {.in = in};
	char shown[WORD_SHOWN_SIZE];
	json_error_t why;
	json_t *dossier =
		json_load_callback(read_piece, &reading, JSON_REJECT_DUPLICATES, &why);

	if (reading.is_too_long)
		error_set(err, FT_FAIL, "no dossier: longer than %lu octets", DOSSIER_MAX);
	else if (ferror(in))
		error_set(err, FT_FAIL, "cannot read it");
	else if (dossier == NULL) {
		escape_word(shown, why.text);
		error_set(err, FT_FAIL, "no JSON: line %d: %s", why.line, shown);
	} else if (check(dossier, err) == FT_OK) {
		return dossier;
	}
	json_decref(dossier);
	return NULL;
}

const char *dossier_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}
