/* SPDX-License-Identifier: MIT */
#include "store/listed_names.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 30) /* some forty million names */
#define DYNDNS   "dyndns"

static const char *const lists[] = {"allow", "cdn", "pool", DYNDNS};

void listed_names_init(struct listed_names *names)
{
	*names = (struct listed_names){0};
	buf_init(&names->text, TEXT_MAX);
}

void listed_names_fini(struct listed_names *names)
{
	buf_fini(&names->text);
	free(names->entries);
}

static int make_room(struct listed_names *names, struct error *err)
{
	size_t size = names->size == 0 ? 1024 : 2 * names->size;
	struct listed_name *entries;

	if (names->count < names->size)
		return FT_OK;
	entries = realloc(names->entries, size * sizeof(*entries));
	if (entries == NULL)
		return error_set(err, FT_FAIL, "no memory for the names of the lists");
	names->entries = entries;
	names->size = size;
	return FT_OK;
}

static const char *list_of(const char *word)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(word, lists[i]) == 0)
			return lists[i];
	return DYNDNS;
}

static int take_row(void *ctx, const PGresult *row, struct error *err)
{
	struct listed_names *names = ctx;
	const char *list = list_of(PQgetvalue(row, 0, 1));

	if (make_room(names, err) != FT_OK)
		return err->code;
	names->entries[names->count++] = (struct listed_name){
		.at = (uint32_t)names->text.len,
		.is_dyndns = strcmp(list, DYNDNS) == 0,
		.list = list,
	};
	buf_put(&names->text, PQgetvalue(row, 0, 0), (size_t)PQgetlength(row, 0, 0) + 1);
	if (!buf_is_ok(&names->text))
		return error_set(err, FT_FAIL, "no memory for the names of the lists");
	return FT_OK;
}

int listed_names_read(struct listed_names *names, struct db *db, struct error *err)
{
	/* Of a name on several lists the one that holds what is below it counts. */
	return db_each(db,
		       "select name, coalesce(min(list) filter (where list <> 'dyndns'), "
		       "'dyndns') from list_entry where name is not null and removed_at is "
		       "null and list in ('allow', 'cdn', 'pool', 'dyndns') group by name "
		       "order by name collate \"C\"",
		       take_row, names, err);
}

static const struct listed_name *find(const struct listed_names *names, const char *name)
{
	size_t low = 0;
	size_t high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct listed_name *entry = &names->entries[middle];
		int order = strcmp(name, (const char *)names->text.data + entry->at);

		if (order == 0)
			return entry;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *listed_names_find(const struct listed_names *names, const char *name,
			      const char **entry)
{
	for (const char *at = name; at != NULL;) {
		const struct listed_name *found = find(names, at);

		*entry = at;
		if (found != NULL && (at == name || !found->is_dyndns))
			return found->list;
		at = strchr(at, '.');
		at = at == NULL ? NULL : at + 1;
	}
	return NULL;
}
