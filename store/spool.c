/* SPDX-License-Identifier: MIT */
/*
 * The policy of the collector's side: when records are written, synced and sealed, and what is
 * done when the disk is full or fails. The operations on the file are spool_part.c's.
 */
#include "store/spool.h"
#include "base/log.h"
#include "store/spool_chain.h"
#include "store/spool_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US       INT64_C(1000000)
#define SEGMENT_DEFAULT (64 * 1024 * 1024)
#define SEAL_DEFAULT_US (10 * SECOND_US)
#define RESERVE_DEFAULT (8 * 1024 * 1024)
#define SYNC_US         SECOND_US
#define SYNC_BYTES      (4 * 1024 * 1024)
#define RETRY_US        SECOND_US
#define JUMP_US         SECOND_US

struct spool {
	const struct clock *clock; /* borrowed */
	char folder[PATH_SIZE];    /* HOME/spool */
	size_t segment_bytes;
	size_t reserve_bytes;
	int64_t seal_us;
	struct chain chain;
	struct segment_header header; /* of the segment being written */
	struct part part;             /* that segment */
	int64_t first_us;             /* boot time of its first write; 0: none */
	int64_t unsynced_us;          /* boot time of the first write since the last sync */
	int64_t retry_us;             /* boot time before which trouble is not tried again */
	int64_t offset_us;            /* wall clock less boot clock, at the last commit */
	struct segment_source source; /* what is told from */
	bool source_stands;           /* in the segment being written */
	bool full;
	bool untidy;          /* the folder is to be synced, the chain to be saved */
	uint64_t refused;     /* records that could not be taken, and were not yet reported */
	struct error trouble; /* of the last commit; FT_OK where it went well */
};

/* Nothing more should be asked, or it may be asked again: said once each time. */
static void set_full(struct spool *spool, bool full)
{
	if (full && !spool->full)
		log_warn("the disk takes no more for %s; asking stops until it does",
			 spool->folder);
	if (!full && spool->full)
		log_info("the disk takes more for %s again", spool->folder);
	spool->full = full;
}

/* Makes the file of the next segment, with its space; what stands in it comes later. */
static int next_part(const struct spool *spool, struct segment_header *header,
		     struct part *part, struct error *err)
{
	*header = spool->header;
	header->sequence++;
	header->created_wall_us = clock_wall_us(spool->clock);
	header->created_boot_us = clock_boot_us(spool->clock);
	if (uuid_make(header->uuid, err) != FT_OK ||
	    part_create(part, spool->folder, header->created_wall_us, header->sequence, err) !=
		    FT_OK)
		return err->code;
	if (part_reserve(part, spool->reserve_bytes))
		return FT_OK;
	part_remove(part);
	return error_set(err, FT_AGAIN, "no room on the disk: cannot reserve %zu octets in %s",
			 spool->reserve_bytes, spool->folder);
}

static void begin_segment(struct spool *spool, struct segment_header *header,
			  const struct part *part)
{
	memcpy(header->previous, spool->chain.sha256, SHA256_LEN);
	spool->header = *header;
	spool->part = *part;
	spool->first_us = 0;
	spool->unsynced_us = 0;
	spool->untidy = true;
	spool->source_stands = false;
	part_begin(&spool->part, header);
}

/* Both can be done later: recovery and the next sync make up for them. */
static void tidy(struct spool *spool)
{
	struct error err;

	if (dir_sync(spool->folder, &err) != FT_OK || chain_save(&spool->chain, &err) != FT_OK)
		log_warn("%s", err.text);
	else
		spool->untidy = false;
}

/* Seals the segment, which was synced, and closes it in any case. */
static int end_segment(struct spool *spool, struct error *err)
{
	uint8_t sha256[SHA256_LEN];
	int result = part_seal(&spool->part, sha256, err);

	part_close(&spool->part);
	chain_note(&spool->chain, &spool->header, sha256);
	spool->untidy = true;
	return result;
}

/* Says of a failure that the records are still there. */
static int held(const struct spool *spool, struct error *err)
{
	return error_prefix(err, "%zu octets of records are held in memory",
			    spool->part.tail.len);
}

/* From one segment to the next. Without room for the next, this one goes on. */
static int rotate(struct spool *spool, int64_t now_us, struct error *err)
{
	struct segment_header header;
	struct part part;

	if (part_sync(&spool->part, err) != FT_OK)
		return held(spool, err);
	if (next_part(spool, &header, &part, err) != FT_OK) {
		spool->retry_us = now_us + RETRY_US;
		set_full(spool, true);
		return err->code == FT_AGAIN ? FT_OK : err->code;
	}
	if (end_segment(spool, err) != FT_OK)
		log_warn("%s", err->text);
	begin_segment(spool, &header, &part);
	tidy(spool);
	return FT_OK;
}

static int setup(struct spool *spool, const struct spool_options *options, struct error *err)
{
	struct segment_header header;
	struct part part;

	spool->clock = options->clock;
	spool->segment_bytes =
		options->segment_bytes > 0 ? options->segment_bytes : SEGMENT_DEFAULT;
	spool->seal_us = options->seal_us > 0 ? options->seal_us : SEAL_DEFAULT_US;
	spool->reserve_bytes =
		options->reserve_bytes > 0 ? options->reserve_bytes : RESERVE_DEFAULT;
	spool->offset_us = clock_wall_us(spool->clock) - clock_boot_us(spool->clock);
	if (strlen(options->vantage) > VANTAGE_MAX)
		return error_set(err, FT_USAGE, "vantage is longer than %d octets",
				 VANTAGE_MAX);
	memcpy(spool->header.vantage, options->vantage, strlen(options->vantage) + 1);
	boot_id_read(spool->header.boot_id);
	if (path_join(spool->folder, options->home, "spool", err) != FT_OK ||
	    spool_recover(options->home, err) != FT_OK ||
	    chain_open(&spool->chain, options->home, err) != FT_OK)
		return err->code;
	memcpy(spool->header.collector, spool->chain.collector, UUID_LEN);
	spool->header.sequence = spool->chain.sequence;
	if (next_part(spool, &header, &part, err) != FT_OK)
		return err->code;
	begin_segment(spool, &header, &part);
	if (buf_is_ok(&spool->part.tail))
		return FT_OK;
	part_remove(&spool->part);
	return error_set(err, FT_USAGE, "vantage must be printable ASCII");
}

struct spool *spool_open(const struct spool_options *options, struct error *err)
{
	struct spool *spool = calloc(1, sizeof(*spool));

	if (spool == NULL) {
		error_set(err, FT_FAIL, "no memory for the spool");
		return NULL;
	}
	if (setup(spool, options, err) == FT_OK)
		return spool;
	free(spool);
	return NULL;
}

/* Counts the record put last; false where it was refused. */
static bool finish_record(struct spool *spool)
{
	struct buf *tail = &spool->part.tail;

	if (buf_is_ok(tail)) {
		spool->part.records++;
		return true;
	}
	tail->failed = false;
	spool->refused++;
	return false;
}

void spool_append_run(struct spool *spool, const struct segment_run *run)
{
	segment_put_run(&spool->part.tail, run);
	finish_record(spool);
}

void spool_append_target(struct spool *spool, const struct segment_target *target)
{
	segment_put_target(&spool->part.tail, target);
	finish_record(spool);
}

void spool_append_lookup(struct spool *spool, const struct lookup *lookup)
{
	segment_put_lookup(&spool->part.tail, lookup);
	finish_record(spool);
}

void spool_set_source(struct spool *spool, const struct segment_source *source)
{
	spool->source = *source;
	spool->source_stands = false;
}

static bool stand_source(struct spool *spool)
{
	if (!spool->source_stands) {
		segment_put_source(&spool->part.tail, &spool->source);
		spool->source_stands = finish_record(spool);
	}
	return spool->source_stands;
}

void spool_append_told(struct spool *spool, const struct segment_told *told)
{
	struct segment_told own = *told;

	if (!stand_source(spool))
		return;
	memcpy(own.source, spool->source.uuid, UUID_LEN);
	segment_put_told(&spool->part.tail, &own);
	finish_record(spool);
}

void spool_append_fetch(struct spool *spool, const struct segment_fetch *fetch)
{
	segment_put_fetch(&spool->part.tail, fetch);
	finish_record(spool);
}

/* Has the wall clock moved otherwise than the boot clock since the last commit? */
static void note_jump(struct spool *spool, int64_t now_us)
{
	struct segment_jump jump = {.wall_us = clock_wall_us(spool->clock)};
	int64_t offset_us = jump.wall_us - now_us;

	jump.jumped_us = offset_us - spool->offset_us;
	spool->offset_us = offset_us;
	if (jump.jumped_us <= JUMP_US && jump.jumped_us >= -JUMP_US)
		return;
	segment_put_jump(&spool->part.tail, &jump);
	finish_record(spool);
}

static bool holds_records(const struct spool *spool)
{
	return spool->part.records > 1;
}

/* A HEADER alone waits for its first record. */
static bool write_is_due(const struct spool *spool)
{
	return holds_records(spool) && part_waiting(&spool->part) > 0;
}

static bool sync_is_due(const struct spool *spool, int64_t now_us)
{
	uint64_t unsynced = spool->part.written - spool->part.synced;

	return unsynced >= SYNC_BYTES ||
	       (unsynced > 0 && now_us - spool->unsynced_us >= SYNC_US);
}

static bool seal_is_due(const struct spool *spool, int64_t now_us)
{
	if (spool->first_us == 0 || now_us < spool->retry_us)
		return false;
	return now_us - spool->first_us >= spool->seal_us ||
	       spool->part.written >= spool->segment_bytes;
}

/* Keeps room for what waits and for half the reserve more: what is in flight. */
static bool reserve_ahead(struct spool *spool, int64_t now_us)
{
	size_t waiting = part_waiting(&spool->part);
	uint64_t room = spool->part.reserved - spool->part.written;

	if (room >= waiting + spool->reserve_bytes / 2)
		return true;
	if (spool->full && now_us < spool->retry_us)
		return false;
	if (part_reserve(&spool->part, waiting + spool->reserve_bytes))
		return true;
	spool->retry_us = now_us + RETRY_US;
	return false;
}

static int write_waiting(struct spool *spool, int64_t now_us, struct error *err)
{
	if (part_write(&spool->part, err) != FT_OK)
		return held(spool, err);
	if (spool->first_us == 0)
		spool->first_us = now_us;
	if (spool->unsynced_us == 0)
		spool->unsynced_us = now_us;
	return FT_OK;
}

static int sync_written(struct spool *spool, struct error *err)
{
	if (part_sync(&spool->part, err) != FT_OK)
		return held(spool, err);
	spool->unsynced_us = 0;
	if (spool->untidy)
		tidy(spool);
	return FT_OK;
}

/* All that is due now. An error leaves everything held. */
static int commit_due(struct spool *spool, int64_t now_us, struct error *err)
{
	bool write_due = write_is_due(spool);
	bool has_room = !(write_due || spool->full) || reserve_ahead(spool, now_us);

	if (write_due && write_waiting(spool, now_us, err) != FT_OK)
		return err->code;
	/* Only now: room that was reserved may still not be writable (EFBIG). */
	set_full(spool, !has_room);
	if (sync_is_due(spool, now_us) && sync_written(spool, err) != FT_OK)
		return err->code;
	return seal_is_due(spool, now_us) ? rotate(spool, now_us, err) : FT_OK;
}

static int report_refused(struct spool *spool, struct error *err)
{
	uint64_t refused = spool->refused;

	spool->refused = 0;
	if (refused == 0)
		return FT_OK;
	return error_set(err, FT_FAIL,
			 "%" PRIu64 " records are lost: too many waited for the disk, or they "
			 "were not well-formed",
			 refused);
}

int spool_commit(struct spool *spool, struct error *err)
{
	int64_t now_us = clock_boot_us(spool->clock);
	struct error *trouble = &spool->trouble;

	if (report_refused(spool, err) != FT_OK)
		return err->code;
	if (!write_is_due(spool) && !sync_is_due(spool, now_us) &&
	    !seal_is_due(spool, now_us) && !(spool->full && now_us >= spool->retry_us))
		return FT_OK;
	if (trouble->code != FT_OK && now_us < spool->retry_us) {
		*err = *trouble;
		return err->code;
	}
	if (write_is_due(spool))
		note_jump(spool, now_us);
	trouble->code = commit_due(spool, now_us, trouble);
	if (trouble->code == FT_OK)
		return FT_OK;
	trouble->code = FT_AGAIN; /* whatever it was, nothing is lost */
	spool->retry_us = now_us + RETRY_US;
	set_full(spool, true);
	*err = *trouble;
	return err->code;
}

/* Writes, syncs and seals what is left, whatever failed before. */
static int close_segment(struct spool *spool, struct error *err)
{
	int result;

	if (write_is_due(spool) && part_write(&spool->part, err) != FT_OK) {
		error_set(&spool->trouble, FT_FAIL, "%zu octets of records are lost",
			  part_waiting(&spool->part));
		return error_prefix(err, "%s", spool->trouble.text);
	}
	if (!holds_records(spool)) {
		part_remove(&spool->part);
		return FT_OK;
	}
	if (part_sync(&spool->part, err) != FT_OK)
		return err->code;
	result = end_segment(spool, err);
	tidy(spool);
	return result;
}

int spool_close(struct spool *spool, struct error *err)
{
	int result = report_refused(spool, err);

	if (result == FT_OK)
		result = close_segment(spool, err);
	else if (close_segment(spool, &spool->trouble) != FT_OK)
		log_warn("%s", spool->trouble.text);
	part_close(&spool->part);
	free(spool);
	return result;
}

bool spool_is_full(const struct spool *spool)
{
	return spool->full;
}
