/* SPDX-License-Identifier: MIT */
/*
 * What a record holds is made into the same JSON that SQL makes of its row, and compared member
 * by member: so there is one reading of messages (resolver/answer.h), and nothing to forget.
 */
#include "report/verify_segment.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "report/archive.h"
#include "report/dossier.h"
#include "report/message_json.h"
#include "report/page_json.h"
#include "store/segment_file.h"

#define LINE_SIZE       2000
#define SOURCES_MAX     16  /* the loader takes no segment that has more */
#define SHOWN_SIZE      160 /* of a value: the line says where to look, not all there is */
#define NAME_SHOWN_SIZE (WORD_SHOWN_SIZE + 16)
#define WHERE_SIZE      (NAME_SHOWN_SIZE + 64)

/* A segment while it is read. */
struct visit {
	struct verify *verify;      /* borrowed */
	const json_t *cited;        /* borrowed */
	const json_t *dossier;      /* borrowed; NULL: its lookups are not looked at */
	char name[NAME_SHOWN_SIZE]; /* "segment NAME", for messages */
	struct segment_file *file;  /* owned */
	size_t source_count;
	struct segment_source sources[SOURCES_MAX]; /* read so far */
	uint64_t lookups;                           /* read so far */
	size_t found; /* of the lookups and pages that the dossier says are in it */
};

bool verify_differs(struct verify *verify, const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	verify->differences++;
	verify->differs(verify->ctx, line);
	return false;
}

/* A value for a message: escaped, and cut where it is long. */
static void show(char out[SHOWN_SIZE], const json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	if (text == NULL)
		snprintf(out, SHOWN_SIZE, "missing");
	else if (escape_text(out, SHOWN_SIZE, text, strlen(text)) > SHOWN_SIZE - 6)
		memcpy(out + SHOWN_SIZE - 6, "...", 4);
	free(text);
}

bool verify_member(struct verify *verify, const char *where, const json_t *object,
		   const json_t *expected, const char *key)
{
	const json_t *said = json_object_get(object, key);
	char said_text[SHOWN_SIZE], expected_text[SHOWN_SIZE];

	if (json_equal(said, expected))
		return true;
	show(said_text, said);
	show(expected_text, expected);
	return verify_differs(verify, "%s: %s is %s, the dossier says %s", where, key,
			      expected_text, said_text);
}

/* All members of expected, which is taken over. */
static bool members_hold(struct verify *verify, const char *where, const json_t *object,
			 json_t *expected)
{
	bool hold = expected != NULL;
	const char *key;
	json_t *value;

	json_object_foreach(expected, key, value) hold &=
		verify_member(verify, where, object, value, key);
	json_decref(expected);
	return hold;
}

static json_t *previous_json(const struct segment_header *header)
{
	static const uint8_t none[SHA256_LEN];

	return memcmp(header->previous, none, SHA256_LEN) == 0
		       ? json_null()
		       : hex_json(header->previous, SHA256_LEN);
}

/* What the dossier should say of a file: of a link less. */
static json_t *segment_json(const struct visit *visit, const struct segment_header *header)
{
	json_t *json = json_pack("{s:o, s:I}", "uuid", uuid_json(header->uuid), "sequence",
				 (json_int_t)header->sequence);
	char created[TIME_TEXT_SIZE];

	if (visit->dossier == NULL)
		return json;
	time_format(created, header->created_wall_us);
	json_object_set_new(json, "created_at", json_sprintf("%.19sZ", created));
	json_object_set_new(json, "collector", uuid_json(header->collector));
	json_object_set_new(json, "previous_sha256", previous_json(header));
	json_object_set_new(json, "vantage", json_string(header->vantage));
	json_object_set_new(json, "records", json_integer((json_int_t)visit->lookups));
	return json;
}

/* The source that a told lookup names; NULL where its segment has none such. */
static const struct segment_source *source_of(const struct visit *visit,
					      const struct segment_told *told)
{
	for (size_t i = 0; i < visit->source_count; i++)
		if (memcmp(visit->sources[i].uuid, told->source, UUID_LEN) == 0)
			return &visit->sources[i];
	return NULL;
}

/* Has the dossier that source, with its hash? */
static bool is_source_cited(const struct visit *visit, const struct segment_source *source)
{
	json_t *sha256 = hex_json(source->sha256, SHA256_LEN);
	const json_t *cited;
	bool is_cited = false;
	size_t i;

	json_array_foreach(json_object_get(visit->dossier, "sources"), i, cited) is_cited |=
		strcmp(dossier_text(cited, "source"), source->name) == 0 &&
		json_equal(json_object_get(cited, "sha256"), sha256);
	json_decref(sha256);
	return is_cited;
}

/* Whose line a message was made up from. */
static json_t *made_up_json(const struct segment_told *told,
			    const struct segment_source *source)
{
	if (source == NULL)
		return json_null();
	return json_sprintf("line %" PRIu64 " of %s", told->line, source->name);
}

/* Sets in expected who told of a lookup; told: NULL of our own. */
static bool source_holds(const struct visit *visit, const char *where, json_t *expected,
			 const struct segment_told *told)
{
	const struct segment_source *source = told != NULL ? source_of(visit, told) : NULL;

	json_object_set_new(expected, "source",
			    source != NULL ? json_string(source->name) : json_null());
	json_object_set_new(expected, "source_line",
			    told != NULL ? json_integer((json_int_t)told->line) : json_null());
	json_object_set_new(expected, "made_up_from", made_up_json(told, source));
	if (source == NULL || is_source_cited(visit, source))
		return true;
	return verify_differs(visit->verify, "%s: the dossier does not cite its source", where);
}

static bool message_holds(struct visit *visit, const char *where, const json_t *said,
			  const struct lookup *lookup)
{
	json_t *message = message_json(lookup->msg, lookup->msg_len);
	bool holds = members_hold(visit->verify, where, said, message);

	visit->verify->messages.good += holds;
	return holds;
}

/* Does the dossier's lookup say what the record holds? */
static bool lookup_holds(struct visit *visit, const char *where, const json_t *said,
			 const struct segment_record *record)
{
	const struct segment_told *told = record->type == RECORD_TOLD ? &record->told : NULL;
	const struct lookup *lookup = told != NULL ? &told->lookup : &record->lookup;
	const json_t *message = json_object_get(said, "message");
	json_t *expected = lookup_json(lookup, told == NULL || told->has_ttl);
	char name[NAME_TEXT_SIZE];
	bool holds;

	name_to_lower_text(name, lookup->qname);
	json_object_set_new(expected, "vantage",
			    json_string(segment_file_header(visit->file)->vantage));
	holds = source_holds(visit, where, expected, told);
	if (message == NULL) /* none of the chosen ones, which alone say it */
		json_object_del(expected, "made_up_from");
	holds &= members_hold(visit->verify, where, said, expected);
	if (strcmp(name, dossier_text(visit->dossier, "domain")) != 0)
		holds = verify_differs(visit->verify, "%s: it is a lookup of another name",
				       where);
	if (json_is_object(message))
		holds &= message_holds(visit, where, message, lookup);
	return holds;
}

static bool is_of_segment(const struct visit *visit, const json_t *lookup)
{
	return json_equal(json_object_get(lookup, "sha256"),
			  json_object_get(visit->cited, "sha256")) &&
	       json_equal(json_object_get(lookup, "segment"),
			  json_object_get(visit->cited, "segment"));
}

/* Checks what the dossier's list says of a record that starts at octet at. */
static void check_list(struct visit *visit, const char *list, const char *where,
		       uint32_t number, const struct segment_record *record)
{
	const json_t *lookup;
	size_t i;

	json_array_foreach(json_object_get(visit->dossier, list), i, lookup)
	{
		if (json_integer_value(json_object_get(lookup, "record")) != number ||
		    !is_of_segment(visit, lookup))
			continue;
		visit->found++;
		visit->verify->lookups.good += lookup_holds(visit, where, lookup, record);
	}
}

/* Does the dossier's page say what the record holds? */
static bool page_holds(struct visit *visit, const char *where, const json_t *said,
		       const struct segment_fetch *fetch)
{
	char name[NAME_TEXT_SIZE];

	name_to_lower_text(name, fetch->name);
	if (strcmp(name, dossier_text(visit->dossier, "domain")) != 0)
		return verify_differs(visit->verify, "%s: it is a page of another name", where);
	return members_hold(visit->verify, where, said, page_json(fetch));
}

static void check_pages(struct visit *visit, const char *where, uint32_t number,
			const struct segment_fetch *fetch)
{
	const json_t *page;
	size_t i;

	json_array_foreach(json_object_get(visit->dossier, "pages"), i, page)
	{
		if (json_integer_value(json_object_get(page, "record")) != number ||
		    !is_of_segment(visit, page))
			continue;
		visit->found++;
		visit->verify->pages.good += page_holds(visit, where, page, fetch);
	}
}

static void check_record(struct visit *visit, uint32_t number, uint64_t at,
			 const struct segment_record *record)
{
	char where[WHERE_SIZE];

	if (record->type == RECORD_SOURCE && visit->source_count < SOURCES_MAX)
		visit->sources[visit->source_count++] = record->source;
	visit->lookups += record->type == RECORD_LOOKUP || record->type == RECORD_TOLD;
	if (visit->dossier == NULL)
		return;
	snprintf(where, sizeof(where), "%s, record %" PRIu32 ", octet %" PRIu64, visit->name,
		 number, at);
	if (record->type == RECORD_FETCH && record->fetch.purpose == FETCH_PAGE)
		check_pages(visit, where, number, &record->fetch);
	if (record->type != RECORD_LOOKUP && record->type != RECORD_TOLD)
		return;
	check_list(visit, "observations", where, number, record);
	check_list(visit, "chosen", where, number, record);
}

/* Reads all records; false where the file is broken, which is said. */
static bool read_records(struct visit *visit)
{
	struct segment_record record;
	struct error err = {0};
	uint64_t at;
	uint32_t number;
	int result;

	do {
		at = segment_file_extent(visit->file).octets;
		result = segment_file_next(visit->file, &record, &number, &err);
		if (result > 0)
			check_record(visit, number, at, &record);
	} while (result > 0);
	return result == 0 ? true : verify_differs(visit->verify, "%s", err.text);
}

/* Of the lookups and pages that the dossier says are in this segment. */
static size_t count_cited(const struct visit *visit)
{
	static const char *const lists[] = {"observations", "chosen", "pages"};
	const json_t *lookup;
	size_t count = 0;
	size_t i;

	for (size_t list = 0; list < sizeof(lists) / sizeof(lists[0]); list++)
		json_array_foreach(json_object_get(visit->dossier, lists[list]), i, lookup)
			count += is_of_segment(visit, lookup);
	return count;
}

static bool hash_holds(struct visit *visit)
{
	uint8_t sum[SHA256_LEN];
	json_t *sha256;
	bool holds;

	segment_file_sha256(visit->file, sum);
	sha256 = hex_json(sum, SHA256_LEN);
	holds = verify_member(visit->verify, visit->name, visit->cited, sha256, "sha256");
	json_decref(sha256);
	return holds;
}

static bool check_file(struct visit *visit, struct segment_header *header)
{
	size_t expected = count_cited(visit);
	bool holds;

	*header = *segment_file_header(visit->file);
	if (!read_records(visit))
		return false;
	holds = hash_holds(visit);
	holds &= members_hold(visit->verify, visit->name, visit->cited,
			      segment_json(visit, header));
	if (visit->found < expected)
		holds = verify_differs(visit->verify,
				       "%s: %zu records that the dossier cites are no "
				       "such in it",
				       visit->name, expected - visit->found);
	return holds;
}

bool verify_segment(struct verify *verify, const json_t *cited, const json_t *dossier,
		    struct segment_header *header)
{
	struct visit visit = {.verify = verify, .cited = cited, .dossier = dossier};
	struct cited_segment named = {dossier_text(cited, "segment"),
				      dossier_text(cited, "uuid")};
	char shown[WORD_SHOWN_SIZE];
	char path[PATH_SIZE];
	struct error err;
	bool holds;

	escape_word(shown, named.name);
	snprintf(visit.name, sizeof(visit.name), "segment %s", shown);
	if (archive_find(path, verify->archive, &named, &err) != FT_OK)
		return verify_differs(verify, "%s", err.text);
	visit.file = segment_file_open(path, &err);
	if (visit.file == NULL)
		return verify_differs(verify, "%s", err.text);
	holds = check_file(&visit, header);
	segment_file_close(visit.file);
	return holds;
}
