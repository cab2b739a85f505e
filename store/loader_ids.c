/* SPDX-License-Identifier: MIT */
#include "store/loader_ids.h"

#include <assert.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/timefmt.h"
#include "store/suffix.h"

#define BATCH     10000              /* names in one call */
#define ARRAYS    4                  /* of a call for domains: what each is told by */
#define ARRAY_MAX (64 * 1024 * 1024) /* bytes of an array as text: BATCH of the longest fit */

struct domain_entry {
	const uint8_t *name; /* octets below; in a key borrowed */
	int32_t id;
	bool is_target;
	enum target_role role;
	char *tags; /* owned, NULL where no TARGET told */
	uint8_t octets[];
};

struct server_entry {
	struct server_address server;
	int32_t id;
};

/* Red-black trees (search.h): no name can be chosen so that looking up gets slow. */
struct loader_ids {
	void *domains; /* owned, of owned struct domain_entry */
	void *servers; /* owned, of owned struct server_entry */
	size_t domain_count;
	size_t server_count;
};

/* An array literal for each parameter of a call, and the entries it asks for. */
struct batch {
	void **entries; /* owned array; borrowed entries, sorted */
	size_t count;
};

static int compare_domains(const void *a, const void *b)
{
	const struct domain_entry *left = a;
	const struct domain_entry *right = b;

	return name_compare(left->name, right->name);
}

static int compare_servers(const void *a, const void *b)
{
	const struct server_address *left = &((const struct server_entry *)a)->server;
	const struct server_address *right = &((const struct server_entry *)b)->server;
	int order = memcmp(left->ip.bytes, right->ip.bytes, sizeof(left->ip.bytes));

	if (order == 0)
		order = left->ip.family - right->ip.family;
	return order != 0 ? order : left->port - right->port;
}

struct loader_ids *loader_ids_new(struct error *err)
{
	struct loader_ids *ids = calloc(1, sizeof(*ids));

	if (ids == NULL)
		error_set(err, FT_FAIL, "no memory for the names of a segment");
	return ids;
}

static void free_domain(void *entry)
{
	free(((struct domain_entry *)entry)->tags);
	free(entry);
}

void loader_ids_free(struct loader_ids *ids)
{
	if (ids == NULL)
		return;
	tdestroy(ids->domains, free_domain);
	tdestroy(ids->servers, free);
	free(ids);
}

/* The entry of name, made where it is new; NULL where there is no memory. */
static struct domain_entry *domain_of(struct loader_ids *ids, const uint8_t *name)
{
	const struct domain_entry key = {.name = name};
	struct domain_entry *entry;
	void *found = tfind(&key, &ids->domains, compare_domains);
	size_t len = name_len(name);

	if (found != NULL)
		return *(struct domain_entry **)found;
	entry = calloc(1, sizeof(*entry) + len);
	if (entry == NULL)
		return NULL;
	memcpy(entry->octets, name, len);
	name_lower(entry->octets);
	entry->name = entry->octets;
	if (tsearch(entry, &ids->domains, compare_domains) == NULL) {
		free(entry);
		return NULL;
	}
	ids->domain_count++;
	return entry;
}

static bool add_server(struct loader_ids *ids, const struct server_address *server)
{
	const struct server_entry key = {.server = *server};
	struct server_entry *entry;

	if (tfind(&key, &ids->servers, compare_servers) != NULL)
		return true;
	entry = malloc(sizeof(*entry));
	if (entry == NULL)
		return false;
	*entry = key;
	if (tsearch(entry, &ids->servers, compare_servers) == NULL) {
		free(entry);
		return false;
	}
	ids->server_count++;
	return true;
}

int loader_ids_add_lookup(struct loader_ids *ids, const struct lookup *lookup,
			  struct error *err)
{
	if (domain_of(ids, lookup->qname) == NULL || !add_server(ids, &lookup->server))
		return error_set(err, FT_AGAIN, "no memory for the names of a segment");
	return FT_OK;
}

int loader_ids_add_name(struct loader_ids *ids, const uint8_t *name, struct error *err)
{
	if (domain_of(ids, name) == NULL)
		return error_set(err, FT_AGAIN, "no memory for the names of a segment");
	return FT_OK;
}

int loader_ids_add_target(struct loader_ids *ids, const struct segment_target *target,
			  struct error *err)
{
	struct domain_entry *entry = domain_of(ids, target->name);
	char *tags = strndup(target->tags, target->tags_len);

	if (entry == NULL || tags == NULL) {
		free(tags);
		return error_set(err, FT_AGAIN, "no memory for the names of a segment");
	}
	/* What the user says of a name stands above its being somebody's nameserver. */
	if (entry->is_target && entry->role < target->role) {
		free(tags);
		return FT_OK;
	}
	free(entry->tags);
	entry->tags = tags;
	entry->is_target = true;
	entry->role = target->role;
	return FT_OK;
}

static void collect(const void *node, VISIT visit, void *ctx)
{
	struct batch *batch = ctx;

	if (visit == postorder || visit == leaf)
		batch->entries[batch->count++] = *(void *const *)node;
}

/* All entries of tree, sorted. */
static int list_entries(const void *tree, size_t count, struct batch *out, struct error *err)
{
	*out = (struct batch){.entries = calloc(count > 0 ? count : 1, sizeof(*out->entries))};
	if (out->entries == NULL)
		return error_set(err, FT_AGAIN, "no memory for the names of a segment");
	twalk_r(tree, collect, out);
	assert(out->count == count);
	return FT_OK;
}

/* An element of an array literal, NULL for null, quoted. */
static void put_element(struct buf *out, const char *text)
{
	buf_put_u8(out, out->len == 0 ? '{' : ',');
	if (text == NULL) {
		buf_put(out, "NULL", 4);
		return;
	}
	buf_put_u8(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_put_u8(out, '\\');
		buf_put_u8(out, (uint8_t)*text);
	}
	buf_put_u8(out, '"');
}

static void end_array(struct buf *array)
{
	buf_put(array, "}", 2); /* with its NUL */
}

static void put_domain(struct buf arrays[ARRAYS], const struct domain_entry *entry)
{
	static const char *const roles[] = {[TARGET_FOLLOWED] = "followed",
					    [TARGET_NAMESERVER] = "nameserver",
					    [TARGET_ADDRESS] = "address"};
	char text[NAME_TEXT_SIZE];

	name_to_text(text, entry->name);
	put_element(&arrays[0], text);
	put_element(&arrays[1], entry->is_target ? roles[entry->role] : NULL);
	put_element(&arrays[2], entry->tags);
	put_element(&arrays[3], suffix_registrable(text));
}

/* Runs a statement that gives count ids; the result is the caller's. */
static PGresult *query_ids(struct db *db, const char *sql, size_t count,
			   const char *const params[ARRAYS + 1], struct error *err)
{
	PGresult *result = db_query(db, sql, params[2] != NULL ? ARRAYS + 1 : 2, params, err);

	if (result != NULL && (size_t)PQntuples(result) != count) {
		error_set(err, FT_FAIL, "database: %d ids for %zu names", PQntuples(result),
			  count);
		PQclear(result);
		return NULL;
	}
	return result;
}

static int32_t id_at(const PGresult *result, size_t row)
{
	return (int32_t)strtol(PQgetvalue(result, (int)row, 0), NULL, 10);
}

static int fetch_batch(struct db *db, const struct batch *batch, const char *told,
		       struct error *err)
{
	struct buf arrays[ARRAYS];
	const char *params[ARRAYS + 1];
	PGresult *result = NULL;
	bool is_ok = true;

	for (size_t i = 0; i < ARRAYS; i++)
		buf_init(&arrays[i], ARRAY_MAX);
	for (size_t i = 0; i < batch->count; i++)
		put_domain(arrays, batch->entries[i]);
	for (size_t i = 0; i < ARRAYS; i++) {
		end_array(&arrays[i]);
		is_ok = is_ok && buf_is_ok(&arrays[i]);
		params[i] = (const char *)arrays[i].data;
	}
	params[ARRAYS] = told;
	if (is_ok)
		result = query_ids(db, "select unnest(domain_ids($1, $2, $3, $4, $5))",
				   batch->count, params, err);
	else
		error_set(err, FT_AGAIN, "no memory for the names of a segment");
	for (size_t i = 0; result != NULL && i < batch->count; i++)
		((struct domain_entry *)batch->entries[i])->id = id_at(result, i);
	for (size_t i = 0; i < ARRAYS; i++)
		buf_fini(&arrays[i]);
	PQclear(result);
	return result != NULL ? FT_OK : err->code;
}

static int fetch_domains(struct loader_ids *ids, struct db *db, const char *told,
			 struct error *err)
{
	struct batch all;
	int code = FT_OK;

	if (list_entries(ids->domains, ids->domain_count, &all, err) != FT_OK)
		return err->code;
	for (size_t at = 0; code == FT_OK && at < all.count; at += BATCH) {
		struct batch part = {.entries = all.entries + at, .count = all.count - at};

		if (part.count > BATCH)
			part.count = BATCH;
		code = fetch_batch(db, &part, told, err);
	}
	free(all.entries);
	return code;
}

static int fetch_servers(struct loader_ids *ids, struct db *db, struct error *err)
{
	struct batch all;
	struct buf arrays[2];
	PGresult *result = NULL;

	if (list_entries(ids->servers, ids->server_count, &all, err) != FT_OK)
		return err->code;
	for (size_t i = 0; i < 2; i++)
		buf_init(&arrays[i], ARRAY_MAX);
	for (size_t i = 0; i < all.count; i++) {
		const struct server_entry *entry = all.entries[i];
		char text[ADDRESS_TEXT_SIZE];

		address_to_text(text, &entry->server.ip);
		put_element(&arrays[0], text);
		buf_printf(&arrays[1], "%c%u", i == 0 ? '{' : ',', entry->server.port);
	}
	end_array(&arrays[0]);
	end_array(&arrays[1]);
	if (buf_is_ok(&arrays[0]) && buf_is_ok(&arrays[1]))
		result =
			query_ids(db, "select unnest(resolver_ids($1, $2))", all.count,
				  (const char *const[ARRAYS + 1]){(const char *)arrays[0].data,
								  (const char *)arrays[1].data},
				  err);
	else
		error_set(err, FT_AGAIN, "no memory for the servers of a segment");
	for (size_t i = 0; result != NULL && i < all.count; i++)
		((struct server_entry *)all.entries[i])->id = id_at(result, i);
	buf_fini(&arrays[0]);
	buf_fini(&arrays[1]);
	free(all.entries);
	PQclear(result);
	return result != NULL ? FT_OK : err->code;
}

int loader_ids_fetch(struct loader_ids *ids, struct db *db, int64_t told_us, struct error *err)
{
	char told[TIME_TEXT_SIZE];

	time_format(told, told_us);
	if (ids->server_count > 0 && fetch_servers(ids, db, err) != FT_OK)
		return err->code;
	return fetch_domains(ids, db, told, err);
}

int32_t loader_ids_domain(const struct loader_ids *ids, const uint8_t *name)
{
	const struct domain_entry key = {.name = name};
	void *found = tfind(&key, &ids->domains, compare_domains);

	return found != NULL ? (*(struct domain_entry **)found)->id : 0;
}

int32_t loader_ids_server(const struct loader_ids *ids, const struct server_address *server)
{
	const struct server_entry key = {.server = *server};
	void *found = tfind(&key, &ids->servers, compare_servers);

	return found != NULL ? (*(struct server_entry **)found)->id : 0;
}
