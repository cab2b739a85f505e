/* SPDX-License-Identifier: MIT */
#include "store/loader_fetch.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "store/loader_hex.h"
#include "store/segment_file.h"

#define NUMBER_SIZE 24

/* What both tables have, as parameters. */
struct columns {
	char segment[NUMBER_SIZE], record[NUMBER_SIZE], status[NUMBER_SIZE];
	char about[ADDRESS_TEXT_SIZE];
	char asked[TIME_TEXT_SIZE];
	char url[FETCH_URL_MAX + 1];
};

static void put_columns(struct columns *out, const struct segment_fetch *fetch,
			int32_t segment_id, uint32_t number)
{
	snprintf(out->segment, sizeof(out->segment), "%" PRId32, segment_id);
	snprintf(out->record, sizeof(out->record), "%" PRIu32, number);
	snprintf(out->status, sizeof(out->status), "%u", fetch->status);
	snprintf(out->url, sizeof(out->url), "%.*s", (int)fetch->url_len, fetch->url);
	if (fetch->about.family != 0)
		address_to_text(out->about, &fetch->about);
	time_format(out->asked, fetch->asked_wall_us);
}

static bool hash_body(char out[LOADER_HEX_SIZE], const struct segment_fetch *fetch)
{
	struct sha256 *sha = sha256_new();
	uint8_t sum[SHA256_LEN];

	if (sha == NULL)
		return false;
	sha256_add(sha, fetch->body, fetch->body_len);
	sha256_end(sha, sum);
	sha256_free(sha);
	loader_hex(out, "\\x", sum, SHA256_LEN);
	return true;
}

static int run(struct db *db, const char *sql, int count, const char *const *params,
	       struct error *err)
{
	PGresult *result = db_query(db, sql, count, params, err);

	PQclear(result);
	return result != NULL ? FT_OK : err->code;
}

static int write_page(const struct loader_fetches *fetches, struct db *db,
		      const struct segment_fetch *fetch, const struct columns *columns,
		      struct error *err)
{
	char head[ESCAPE_MAX(FETCH_HEAD_MAX)];
	char domain[NUMBER_SIZE], port[NUMBER_SIZE], took[NUMBER_SIZE], octets[NUMBER_SIZE];
	char sha256[LOADER_HEX_SIZE];
	char tags[TAGS_MAX + 1];
	const char *params[] = {columns->segment,
				columns->record,
				domain,
				columns->about,
				port,
				columns->asked,
				took,
				fetch_outcome_name(fetch->outcome),
				fetch->status != 0 ? columns->status : NULL,
				columns->url,
				head,
				fetch->body_len > 0 ? sha256 : NULL,
				octets,
				tags};

	snprintf(domain, sizeof(domain), "%" PRId32,
		 loader_ids_domain(fetches->ids, fetch->name));
	snprintf(port, sizeof(port), "%u", fetch->server.port);
	snprintf(took, sizeof(took), "%" PRIu32, fetch->took_us);
	snprintf(octets, sizeof(octets), "%zu", fetch->body_len);
	snprintf(tags, sizeof(tags), "%.*s", (int)fetch->tags_len, fetch->tags);
	escape_text(head, sizeof(head), fetch->head, fetch->head_len);
	if (!hash_body(sha256, fetch))
		return error_set(err, FT_AGAIN, "no memory for rows");
	return run(db,
		   "select page_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
		   "$14)",
		   14, params, err);
}

/*
 * The object that came, as PostgreSQL takes it: jansson refuses what jsonb could not hold (NUL,
 * broken UTF-8, numbers without end). NULL where it is none.
 */
static char *json_of(const struct segment_fetch *fetch)
{
	json_t *json = json_loadb((const char *)fetch->body, fetch->body_len, 0, NULL);
	char *text = json_is_object(json) ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	return text;
}

static int write_registration(struct db *db, const struct segment_fetch *fetch,
			      const struct columns *columns, struct error *err)
{
	char name[NAME_TEXT_SIZE];
	char *answer = fetch->body_len > 0 ? json_of(fetch) : NULL;
	const char *params[] = {columns->segment,
				columns->record,
				fetch->purpose == FETCH_REGISTRATION ? name : NULL,
				fetch->purpose == FETCH_NETWORK ? columns->about : NULL,
				columns->asked,
				fetch_outcome_name(fetch->outcome),
				fetch->status != 0 ? columns->status : NULL,
				columns->url,
				answer};
	int result;

	name_to_text(name, fetch->name);
	result = run(db, "select registration_add($1, $2, $3, $4, $5, $6, $7, $8, $9)", 9,
		     params, err);
	free(answer);
	return result;
}

static int write_fetch(const struct loader_fetches *fetches, struct db *db,
		       const struct segment_fetch *fetch, uint32_t number, struct error *err)
{
	struct columns columns = {.about = ""};

	put_columns(&columns, fetch, fetches->segment_id, number);
	if (fetch->purpose == FETCH_PAGE)
		return write_page(fetches, db, fetch, &columns, err);
	return write_registration(db, fetch, &columns, err);
}

int loader_fetches_write(const struct loader_fetches *fetches, struct db *db, struct error *err)
{
	struct segment_file *file = segment_file_open(fetches->path, err);
	struct segment_record record;
	uint32_t number;
	int got;

	if (file == NULL)
		return err->code;
	while ((got = segment_file_next(file, &record, &number, err)) == 1) {
		if (record.type == RECORD_FETCH)
			got = write_fetch(fetches, db, &record.fetch, number, err);
		if (got < 0)
			break;
	}
	segment_file_close(file);
	return got;
}
