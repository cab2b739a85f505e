/* SPDX-License-Identifier: MIT */
/*
 * Recovery of what a killed collector left. A NAME.part is never mended in place: its whole
 * records are copied into NAME.new, sealed and synced there, and only then renamed over it;
 * what is no record has gone to quarantine before. So a crash at any point of the recovery
 * leaves the same work, or less, to the next one.
 */
#include "store/spool.h"
#include "base/log.h"
#include "store/spool_chain.h"
#include "store/spool_part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCAN_SIZE      4096
#define QUARANTINE_MAX 1000 /* files of one name */

/* A NAME.part under recovery. */
struct remains {
	const char *path;    /* borrowed */
	const char *folder;  /* borrowed; HOME/spool */
	int fd;              /* for reading */
	uint64_t used;       /* octets of it, without the zeros at the end */
	struct chain *chain; /* borrowed */
};

static bool has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name);

	return len > strlen(suffix) && strcmp(name + len - strlen(suffix), suffix) == 0;
}

static int is_remains(const struct dirent *entry)
{
	return has_suffix(entry->d_name, ".part") || has_suffix(entry->d_name, ".new");
}

/* The length of the file without the zeros at its end, which were reserved and not written. */
static int find_used(struct remains *remains, struct error *err)
{
	uint8_t data[SCAN_SIZE];
	struct stat st;

	if (fstat(remains->fd, &st) != 0)
		return error_set(err, FT_FAIL, "cannot read %s: %s", remains->path,
				 strerror(errno));
	remains->used = (uint64_t)st.st_size;
	while (remains->used > 0) {
		size_t len =
			remains->used % SCAN_SIZE > 0 ? remains->used % SCAN_SIZE : SCAN_SIZE;

		if (pread(remains->fd, data, len, (off_t)(remains->used - len)) != (ssize_t)len)
			return error_set(err, FT_FAIL, "cannot read %s: %s", remains->path,
					 strerror(errno));
		for (; len > 0 && data[len - 1] == 0; len--)
			remains->used--;
		if (len > 0)
			return FT_OK;
	}
	return FT_OK;
}

/* HOME/spool/quarantine, and a path in it that is not taken. */
static int quarantine_place(char folder[PATH_SIZE], char out[PATH_SIZE],
			    const struct remains *remains, struct error *err)
{
	char name[PATH_SIZE];

	if (path_join(folder, remains->folder, "quarantine", err) != FT_OK ||
	    dir_make(folder, 0750, err) != FT_OK)
		return err->code;
	for (int i = 0; i < QUARANTINE_MAX; i++) {
		snprintf(name, sizeof(name), "%s.%d", strrchr(remains->path, '/') + 1, i);
		if (path_join(out, folder, name, err) != FT_OK)
			return err->code;
		if (access(out, F_OK) != 0)
			return FT_OK;
	}
	return error_set(err, FT_FAIL, "%s is full; look through it and empty it", folder);
}

/* Copies octets at to end of the file into quarantine. */
static int quarantine_octets(const struct remains *remains, uint64_t at, uint64_t end,
			     struct error *err)
{
	char folder[PATH_SIZE];
	char place[PATH_SIZE];
	int fd;
	int result;

	if (quarantine_place(folder, place, remains, err) != FT_OK)
		return err->code;
	fd = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot make %s: %s", place, strerror(errno));
	result = octets_copy(remains->fd, at, end, fd, place, err);
	if (result == FT_OK && fsync(fd) != 0)
		result = error_set(err, FT_FAIL, "cannot sync %s: %s", place, strerror(errno));
	close(fd);
	if (result == FT_OK)
		result = dir_sync(folder, err);
	if (result != FT_OK) {
		unlink(place); /* all of it is still where it was */
		return result;
	}
	log_warn("%" PRIu64 " octets of %s are no records; they are kept in %s", end - at,
		 remains->path, place);
	return FT_OK;
}

static int quarantine_whole(const struct remains *remains, struct error *err)
{
	char folder[PATH_SIZE];
	char place[PATH_SIZE];

	if (quarantine_place(folder, place, remains, err) != FT_OK)
		return err->code;
	if (rename(remains->path, place) != 0)
		return error_set(err, FT_FAIL, "cannot move %s to %s: %s", remains->path, place,
				 strerror(errno));
	log_warn("%s is no segment; it is kept as %s", remains->path, place);
	return FT_OK;
}

static int drop(const char *path, struct error *err)
{
	if (unlink(path) == 0)
		return FT_OK;
	return error_set(err, FT_FAIL, "cannot remove %s: %s", path, strerror(errno));
}

/* How many whole records precede the first bad octet. */
static int find_extent(const struct remains *remains, struct segment_extent *out,
		       struct error *err)
{
	struct segment_file *file = segment_file_open(remains->path, err);
	struct segment_record record;
	uint32_t number;
	int result;

	if (file == NULL)
		return err->code;
	do {
		result = segment_file_next(file, &record, &number, err);
	} while (result == 1);
	*out = segment_file_extent(file);
	segment_file_close(file);
	return FT_OK;
}

static int write_sealed(const struct remains *remains, const struct segment_extent *extent,
			const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	struct buf seal;
	int result;

	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot make %s: %s", path, strerror(errno));
	buf_init(&seal, SEGMENT_SEAL_LEN);
	segment_put_seal(&seal, extent->records);
	result = octets_copy(remains->fd, 0, extent->octets, fd, path, err);
	if (result == FT_OK)
		result = file_write(fd, seal.data, seal.len, path, err);
	if (result == FT_OK && fdatasync(fd) != 0)
		result = error_set(err, FT_FAIL, "cannot sync %s: %s", path, strerror(errno));
	buf_fini(&seal);
	close(fd);
	return result;
}

/*
 * Seals the whole records and takes them up in the chain. By way of NAME.part, so that there
 * are never two of them: NAME.seg may go to the archive as soon as it is there.
 */
static int seal_records(const struct remains *remains, const struct segment_extent *extent,
			struct error *err)
{
	char aside[PATH_SIZE];
	char sealed[PATH_SIZE];

	part_sibling(aside, remains->path, ".new");
	part_sibling(sealed, remains->path, ".seg");
	if (write_sealed(remains, extent, aside, err) != FT_OK)
		return err->code;
	if (rename(aside, remains->path) != 0 || rename(remains->path, sealed) != 0)
		return error_set(err, FT_FAIL, "cannot rename %s: %s", aside, strerror(errno));
	log_info("recovered %" PRIu64 " records of an earlier run: %s", extent->records - 1,
		 sealed);
	return chain_note_file(remains->chain, sealed, err);
}

static int recover_octets(const struct remains *remains, struct error *err)
{
	struct segment_extent extent = {0};
	struct error broken;
	uint64_t end;

	if (remains->used == 0)
		return drop(remains->path, err);
	if (find_extent(remains, &extent, &broken) != FT_OK)
		return quarantine_whole(remains, err);
	end = extent.octets + (extent.sealed ? SEGMENT_SEAL_LEN : 0);
	if (remains->used > end && quarantine_octets(remains, end, remains->used, err) != FT_OK)
		return err->code;
	if (extent.records == 1) /* its HEADER alone */
		return drop(remains->path, err);
	return seal_records(remains, &extent, err);
}

static int recover_part(const char *folder, const char *path, struct chain *chain,
			struct error *err)
{
	struct remains remains = {.path = path, .folder = folder, .chain = chain};
	int result;

	if (has_suffix(path, ".new")) /* a copy that was not finished: NAME.part has it all */
		return drop(path, err);
	remains.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (remains.fd < 0)
		return error_set(err, FT_FAIL, "cannot open %s: %s", path, strerror(errno));
	result = find_used(&remains, err);
	if (result == FT_OK)
		result = recover_octets(&remains, err);
	close(remains.fd);
	return result;
}

/*
 * In the order of their names, so that the chain grows in the order of writing. A NAME.new goes
 * before its NAME.part, which is then copied to it anew.
 */
static int recover_parts(const char *folder, struct chain *chain, struct error *err)
{
	struct dirent **entries;
	char path[PATH_SIZE];
	int count = scandir(folder, &entries, is_remains, alphasort);
	int result = FT_OK;

	if (count < 0)
		return error_set(err, FT_FAIL, "cannot list %s: %s", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (result == FT_OK)
			result = path_join(path, folder, entries[i]->d_name, err);
		if (result == FT_OK)
			result = recover_part(folder, path, chain, err);
		free(entries[i]);
	}
	free(entries);
	return result == FT_OK && count > 0 ? dir_sync(folder, err) : result;
}

int spool_recover(const char *home, struct error *err)
{
	struct chain chain;
	char folder[PATH_SIZE];
	uint64_t known;

	if (path_join(folder, home, "spool", err) != FT_OK ||
	    dir_make(folder, 0750, err) != FT_OK || chain_open(&chain, home, err) != FT_OK ||
	    chain_catch_up(&chain, home, err) != FT_OK)
		return err->code;
	known = chain.sequence;
	if (recover_parts(folder, &chain, err) != FT_OK)
		return err->code;
	return chain.sequence > known ? chain_save(&chain, err) : FT_OK;
}
