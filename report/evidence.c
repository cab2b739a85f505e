/* SPDX-License-Identifier: MIT */
/*
 * The dossier goes from the database here, and back with the messages to be put in and printed:
 * so its numbers stay as they are, and what is written is escaped in one place.
 */
#include "report/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "report/archive.h"
#include "report/message_json.h"
#include "store/segment_file.h"

static const char known_sql[] = "SELECT FROM domain WHERE name = $1";
static const char dossier_sql[] = "SELECT takedown_evidence($1)";
static const char whole_sql[] = "SELECT with_messages($1, $2)";
static const char text_sql[] = "SELECT evidence_page(with_messages($1, $2))";
static const char json_sql[] = "SELECT jsonb_pretty(with_messages($1, $2))";

/* The dossier without messages, for the caller to clear; NULL on an error. */
static PGresult *fetch(const struct evidence *evidence, struct error *err)
{
	PGresult *known = db_query(evidence->db, known_sql, 1, &evidence->name, err);
	int count = known != NULL ? PQntuples(known) : 0;

	if (known == NULL)
		return NULL;
	PQclear(known);
	if (count > 0)
		return db_query(evidence->db, dossier_sql, 1, &evidence->name, err);
	error_set(err, FT_FAIL, "nothing is known of %.300s; follow it with fluxtrack track",
		  evidence->name);
	return NULL;
}

/*
 * The message of the record numbered wanted, NULL where it is no lookup's. The file is read to
 * its end: its hash tells that it is the segment meant, and whole.
 */
static json_t *read_message(struct segment_file *file, json_int_t wanted, json_t **sha256)
{
	uint8_t sum[SHA256_LEN];
	struct segment_record record;
	struct error err = {0};
	json_t *message = NULL;
	uint32_t number;
	int result;

	while ((result = segment_file_next(file, &record, &number, &err)) > 0) {
		if (number != wanted)
			continue;
		if (record.type == RECORD_LOOKUP)
			message = message_json(record.lookup.msg, record.lookup.msg_len);
		else if (record.type == RECORD_TOLD)
			message = message_json(record.told.lookup.msg,
					       record.told.lookup.msg_len);
	}
	if (result == 0) {
		segment_file_sha256(file, sum);
		*sha256 = hex_json(sum, SHA256_LEN);
	}
	return message;
}

/* The segment of that hash among those that the dossier cites. */
static struct cited_segment cited(const json_t *dossier, const json_t *sha256)
{
	const json_t *segment;
	size_t i;

	json_array_foreach(json_object_get(dossier, "segments"), i, segment)
	{
		if (json_equal(json_object_get(segment, "sha256"), sha256))
			return (struct cited_segment){
				json_string_value(json_object_get(segment, "segment")),
				json_string_value(json_object_get(segment, "uuid"))};
	}
	return (struct cited_segment){"", NULL};
}

/* What a chosen lookup gets: its message, or why it is missing, without a path of ours. */
static json_t *find_message(const char *archive, const json_t *dossier, const json_t *lookup)
{
	const json_t *sha256 = json_object_get(lookup, "sha256");
	struct cited_segment segment = cited(dossier, sha256);
	struct segment_file *file = NULL;
	json_t *message = NULL;
	json_t *sum = NULL;
	char path[PATH_SIZE];
	struct error err;
	const char *why = "its segment is not in the archive here";

	if (archive_find(path, archive, &segment, &err) == FT_OK) {
		file = segment_file_open(path, &err);
		why = "its segment is broken: fluxtrack verify tells where";
	}
	if (file != NULL)
		message = read_message(
			file, json_integer_value(json_object_get(lookup, "record")), &sum);
	segment_file_close(file);
	if (!json_equal(sum, sha256)) {
		json_decref(message);
		message = NULL;
	}
	json_decref(sum);
	return message != NULL ? json_pack("{s:o, s:n}", "message", message, "message_missing")
			       : json_pack("{s:n, s:s}", "message", "message_missing", why);
}

/* For each chosen lookup its message. */
static json_t *messages_for(const char *archive, const json_t *dossier)
{
	json_t *messages = json_array();
	const json_t *lookup;
	size_t i;

	json_array_foreach(json_object_get(dossier, "chosen"), i, lookup)
		json_array_append_new(messages, find_message(archive, dossier, lookup));
	return messages;
}

/* What sql makes of the dossier and its messages. */
static PGresult *render(const struct evidence *evidence, const char *sql, PGresult *dossier,
			struct error *err)
{
	const char *params[] = {PQgetvalue(dossier, 0, 0), NULL};
	json_t *json = json_loads(params[0], 0, NULL);
	json_t *messages = messages_for(evidence->archive, json);
	char *text = json_dumps(messages, JSON_COMPACT);
	PGresult *rows = NULL;

	params[1] = text;
	if (json != NULL && text != NULL)
		rows = db_query(evidence->db, sql, 2, params, err);
	else
		error_set(err, FT_FAIL, "no memory for the evidence on %.300s", evidence->name);
	free(text);
	json_decref(messages);
	json_decref(json);
	return rows;
}

/* The rows that sql gives, for the caller to clear; NULL on an error. */
static PGresult *rows_for(const struct evidence *evidence, const char *sql, struct error *err)
{
	PGresult *dossier = fetch(evidence, err);
	PGresult *rows;

	if (dossier == NULL)
		return NULL;
	rows = render(evidence, sql, dossier, err);
	PQclear(dossier);
	return rows;
}

/* Prints the rows, each a line or, of JSON, a text of several. */
static int print_rows(PGresult *rows, FILE *out, const struct error *err)
{
	if (rows == NULL)
		return err->code;
	for (int row = 0; row < PQntuples(rows); row++)
		fprintf(out, "%s\n", PQgetvalue(rows, row, 0));
	PQclear(rows);
	return FT_OK;
}

char *evidence_dossier(const struct evidence *evidence, struct error *err)
{
	PGresult *rows = rows_for(evidence, whole_sql, err);
	char *text;

	if (rows == NULL)
		return NULL;
	text = strdup(PQgetvalue(rows, 0, 0));
	PQclear(rows);
	if (text == NULL)
		error_set(err, FT_FAIL, "no memory for the evidence on %.300s", evidence->name);
	return text;
}

int evidence_text(const struct evidence *evidence, FILE *out, struct error *err)
{
	return print_rows(rows_for(evidence, text_sql, err), out, err);
}

int evidence_json(const struct evidence *evidence, FILE *out, struct error *err)
{
	return print_rows(rows_for(evidence, json_sql, err), out, err);
}
