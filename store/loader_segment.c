/* SPDX-License-Identifier: MIT */
#include "store/loader_segment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "store/copy.h"
#include "store/line_class.h"
#include "store/loader_fetch.h"
#include "store/loader_hex.h"
#include "store/loader_ids.h"
#include "store/loader_rare.h"
#include "store/loader_row.h"
#include "store/loader_source.h"
#include "store/segment_file.h"

#define COPY_CHUNK (64 * 1024)   /* bytes handed to libpq at a time */
#define COPY_MAX   (1024 * 1024) /* a chunk and the longest row */

#define STATE_UNIQUE_VIOLATION "23505"

/* A segment on its way into the database. */
struct load {
	struct db *db;    /* borrowed */
	const char *path; /* borrowed */
	struct segment_header header;
	uint8_t sha256[SHA256_LEN];
	uint64_t bytes;
	uint64_t rows;
	int64_t first_us; /* of its lookups */
	int64_t last_us;
	struct loader_ids *ids; /* owned */
	struct loader_rare rare;
	struct loader_sources sources;
	struct answer *scratch;   /* owned */
	struct line_class *lines; /* owned */
	int32_t segment_id;
	int16_t vantage_id;
	uint64_t fetches;
	bool is_known; /* the ledger has it */
};

static int begin(struct db *db, struct error *err)
{
	return db_run(db,
		      "begin; select set_config('role', 'fluxtrack_ingest', true) "
		      "where pg_has_role('fluxtrack_ingest', 'member')",
		      err);
}

static int note_lookup(struct load *load, const struct lookup *lookup, struct error *err)
{
	int64_t at_us = lookup->asked_wall_us;

	if (load->rows == 0 || at_us < load->first_us)
		load->first_us = at_us;
	if (load->rows == 0 || at_us > load->last_us)
		load->last_us = at_us;
	load->rows++;
	return loader_ids_add_lookup(load->ids, lookup, err);
}

static int note_source(struct load *load, const struct segment_source *source,
		       struct error *err)
{
	if (loader_sources_add(&load->sources, source))
		return FT_OK;
	return error_set(err, FT_FAIL, "%s: more sources than can be", load->path);
}

static int note_told(struct load *load, const struct segment_told *told, struct error *err)
{
	if (!loader_sources_has(&load->sources, told->source))
		return error_set(err, FT_FAIL, "%s: told from a source not named before",
				 load->path);
	return note_lookup(load, &told->lookup, err);
}

static int note_fetch(struct load *load, const struct segment_fetch *fetch, struct error *err)
{
	load->fetches++;
	return fetch->purpose == FETCH_PAGE ? loader_ids_add_name(load->ids, fetch->name, err)
					    : FT_OK;
}

static int note_record(struct load *load, const struct segment_record *record,
		       struct error *err)
{
	switch (record->type) {
	case RECORD_LOOKUP:
		return note_lookup(load, &record->lookup, err);
	case RECORD_TARGET:
		return loader_ids_add_target(load->ids, &record->target, err);
	case RECORD_TOLD:
		return note_told(load, &record->told, err);
	case RECORD_FETCH:
		return note_fetch(load, &record->fetch, err);
	case RECORD_SOURCE:
		return note_source(load, &record->source, err);
	case RECORD_RUN:
		loader_rare_add_run(&load->rare, &record->run);
		return FT_OK;
	case RECORD_JUMP:
		loader_rare_add_jump(&load->rare, &record->jump);
		return FT_OK;
	default:
		return FT_OK;
	}
}

static int survey_records(struct load *load, struct segment_file *file, struct error *err)
{
	struct segment_record record;
	uint32_t number;
	int got;

	while ((got = segment_file_next(file, &record, &number, err)) == 1)
		if (note_record(load, &record, err) != FT_OK)
			return err->code;
	if (got == 0 && !loader_rare_is_ok(&load->rare))
		return error_set(err, FT_FAIL, "%s: more runs or clock jumps than can be",
				 load->path);
	return got;
}

/* The first reading: what it is, that it is whole, and which names are in it. */
static int survey(struct load *load, struct error *err)
{
	struct segment_file *file = segment_file_open(load->path, err);
	struct stat st;
	int code;

	if (file == NULL)
		return err->code;
	load->header = *segment_file_header(file);
	code = survey_records(load, file, err);
	if (code == FT_OK)
		segment_file_sha256(file, load->sha256);
	segment_file_close(file);
	if (code == FT_OK && stat(load->path, &st) != 0)
		return error_set(err, FT_FAIL, "cannot look at %s: %s", load->path,
				 strerror(errno));
	load->bytes = code == FT_OK ? (uint64_t)st.st_size : 0;
	return code;
}

static int ask_vantage(struct load *load, struct error *err)
{
	const char *params[] = {load->header.vantage};
	char id[12];

	if (db_value(load->db, "select vantage_id($1)", 1, params, id, sizeof(id), err) !=
	    FT_OK)
		return err->code;
	load->vantage_id = (int16_t)strtol(id, NULL, 10);
	return FT_OK;
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* The ledger row. is_known, and no error, where it is there already. */
static int write_ledger(struct load *load, struct error *err)
{
	const struct segment_header *header = &load->header;
	const char *slash = strrchr(load->path, '/');
	const char *base = slash != NULL ? slash + 1 : load->path;
	char uuid[LOADER_HEX_SIZE], sha256[LOADER_HEX_SIZE], previous[LOADER_HEX_SIZE],
		collector[LOADER_HEX_SIZE];
	char sequence[24], vantage[8], rows[24], bytes[24], id[12];
	char created[TIME_TEXT_SIZE];
	char name[ESCAPE_MAX(256)];
	const char *params[] = {
		uuid,      sha256,   is_zero(header->previous, SHA256_LEN) ? NULL : previous,
		collector, sequence, vantage,
		name,      created,  rows,
		bytes};

	loader_hex(uuid, "", header->uuid, UUID_LEN);
	loader_hex(sha256, "\\x", load->sha256, SHA256_LEN);
	loader_hex(previous, "\\x", header->previous, SHA256_LEN);
	loader_hex(collector, "", header->collector, UUID_LEN);
	snprintf(sequence, sizeof(sequence), "%" PRIu64, header->sequence);
	snprintf(vantage, sizeof(vantage), "%d", load->vantage_id);
	snprintf(rows, sizeof(rows), "%" PRIu64, load->rows);
	snprintf(bytes, sizeof(bytes), "%" PRIu64, load->bytes);
	escape_text(name, sizeof(name), base, strlen(base));
	time_format(created, header->created_wall_us);
	if (db_value(load->db, "select segment_begin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		     10, params, id, sizeof(id), err) == FT_OK) {
		load->segment_id = (int32_t)strtol(id, NULL, 10);
		return FT_OK;
	}
	load->is_known = strcmp(db_state(load->db), STATE_UNIQUE_VIOLATION) == 0;
	if (load->is_known)
		*err = (struct error){0};
	return err->code;
}

/* Hands rows over once they make a chunk, and in any case with is_last. */
static int flush(struct db *db, struct buf *rows, bool is_last, struct error *err)
{
	int code;

	if (!buf_is_ok(rows))
		return error_set(err, FT_AGAIN, "no memory for rows");
	if (rows->len < COPY_CHUNK && !is_last)
		return FT_OK;
	code = db_copy_put(db, rows->data, rows->len, err);
	buf_reset(rows);
	return code;
}

static void put_row(struct load *load, const struct segment_record *record, uint32_t number,
		    struct buf *rows)
{
	const struct segment_told *told = record->type == RECORD_TOLD ? &record->told : NULL;
	const struct lookup *lookup = told != NULL ? &told->lookup : &record->lookup;
	const struct loader_row row = {
		.segment_id = load->segment_id,
		.record = (int32_t)number,
		.domain_id = loader_ids_domain(load->ids, lookup->qname),
		.server_id = loader_ids_server(load->ids, &lookup->server),
		.vantage_id = load->vantage_id,
		.source_id = told != NULL ? loader_sources_id(&load->sources, told->source) : 0,
		.source_line = told != NULL ? (int64_t)told->line : 0,
		.has_ttl = told == NULL || told->has_ttl,
		.lines = load->lines,
	};

	loader_row_put(rows, &row, lookup, load->scratch);
}

static int copy_records(struct load *load, struct segment_file *file, struct buf *rows,
			struct error *err)
{
	struct segment_record record;
	uint8_t sha256[SHA256_LEN];
	uint32_t number;
	int got;

	while ((got = segment_file_next(file, &record, &number, err)) == 1) {
		if (record.type != RECORD_LOOKUP && record.type != RECORD_TOLD)
			continue;
		put_row(load, &record, number, rows);
		if (flush(load->db, rows, false, err) != FT_OK)
			return err->code;
	}
	if (got != FT_OK)
		return got;
	segment_file_sha256(file, sha256);
	if (memcmp(sha256, load->sha256, SHA256_LEN) != 0)
		return error_set(err, FT_FAIL, "%s changed while it was read", load->path);
	copy_end(rows);
	return flush(load->db, rows, true, err);
}

/* The second reading: its rows. */
static int write_rows(struct load *load, struct error *err)
{
	struct segment_file *file = segment_file_open(load->path, err);
	struct buf rows;
	int code;

	if (file == NULL)
		return err->code;
	buf_init(&rows, COPY_MAX);
	copy_start(&rows);
	code = db_copy_start(load->db, loader_row_copy, err);
	if (code == FT_OK)
		code = copy_records(load, file, &rows, err);
	if (code == FT_OK)
		code = db_copy_end(load->db, err);
	buf_fini(&rows);
	segment_file_close(file);
	return code;
}

static int write_fetches(struct load *load, struct error *err)
{
	const struct loader_fetches fetches = {
		.path = load->path, .ids = load->ids, .segment_id = load->segment_id};

	return load->fetches > 0 ? loader_fetches_write(&fetches, load->db, err) : FT_OK;
}

/* In a transaction of its own, for the lock on observation that it may take. */
static int make_partitions(struct load *load, struct error *err)
{
	char first[TIME_TEXT_SIZE];
	char last[TIME_TEXT_SIZE];
	const char *params[] = {first, last};
	PGresult *result;

	if (load->rows == 0)
		return FT_OK;
	time_format(first, load->first_us);
	time_format(last, load->last_us);
	if (begin(load->db, err) != FT_OK)
		return err->code;
	result = db_query(load->db, "select make_partitions($1, $2)", 2, params, err);
	if (result == NULL)
		return err->code;
	PQclear(result);
	return db_commit(load->db, err);
}

static int write_all(struct load *load, struct error *err)
{
	if (make_partitions(load, err) != FT_OK || begin(load->db, err) != FT_OK ||
	    ask_vantage(load, err) != FT_OK || write_ledger(load, err) != FT_OK)
		return err->code;
	if (load->is_known) {
		db_rollback(load->db);
		return FT_OK;
	}
	if (loader_rare_write_runs(&load->rare, load->db, load->vantage_id, err) != FT_OK ||
	    loader_sources_write(&load->sources, load->db, err) != FT_OK ||
	    loader_ids_fetch(load->ids, load->db, load->header.created_wall_us, err) != FT_OK ||
	    write_fetches(load, err) != FT_OK || write_rows(load, err) != FT_OK ||
	    loader_rare_write_jumps(&load->rare, load->db, load->segment_id, err) != FT_OK)
		return err->code;
	return db_commit(load->db, err);
}

static int load_init(struct load *load, struct error *err)
{
	loader_rare_init(&load->rare);
	load->ids = loader_ids_new(err);
	load->scratch = malloc(sizeof(*load->scratch));
	load->lines = line_class_new(err);
	if (load->ids == NULL || load->scratch == NULL || load->lines == NULL)
		return error_set(err, FT_AGAIN, "no memory to load %s", load->path);
	return FT_OK;
}

static void load_fini(struct load *load)
{
	loader_ids_free(load->ids);
	free(load->scratch);
	line_class_free(load->lines);
	loader_rare_fini(&load->rare);
}

/* Is the failure the segment's own: not readable, or of values that the tables refuse? */
static bool is_own_fault(const struct db *db, int code)
{
	const char *state = db_state(db);

	return code == FT_FAIL && (state[0] == '\0' || strncmp(state, "22", 2) == 0 ||
				   strncmp(state, "23", 2) == 0);
}

int loader_segment_load(struct db *db, const char *path, struct loader_segment *out,
			struct error *err)
{
	struct load load = {.db = db, .path = path};
	int code;

	*out = (struct loader_segment){0};
	db->state[0] = '\0';
	code = load_init(&load, err);
	if (code == FT_OK)
		code = survey(&load, err);
	if (code == FT_OK)
		code = write_all(&load, err);
	if (code != FT_OK) {
		out->is_broken = is_own_fault(db, code);
		db_rollback(db);
	}
	out->header = load.header;
	out->is_known = load.is_known;
	out->rows = load.rows;
	load_fini(&load);
	return code;
}
