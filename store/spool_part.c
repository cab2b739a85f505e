/* SPDX-License-Identifier: MIT */
/*
 * The file operations of a segment being written. When to write, sync and seal is the spool's
 * to decide.
 */
#include "store/spool_part.h"
#include "base/timefmt.h"
#include "store/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define COPY_SIZE (256 * 1024)

void part_sibling(char out[PATH_SIZE], const char *path, const char *suffix)
{
	size_t stem = strlen(path) - strlen(".part");

	snprintf(out, PATH_SIZE, "%.*s%s", (int)stem, path, suffix);
}

/* "20080408T120000Z-000000001.part": such names sort by time, then by sequence. */
static int part_path(char out[PATH_SIZE], const char *folder, int64_t created_wall_us,
		     uint64_t sequence, struct error *err)
{
	char time[TIME_TEXT_SIZE];
	char name[TIME_TEXT_SIZE + 32];
	size_t len = 0;

	time_format(time, created_wall_us);
	for (const char *p = time; *p != '.'; p++)
		if (*p != '-' && *p != ':')
			name[len++] = *p;
	snprintf(name + len, sizeof(name) - len, "Z-%09" PRIu64 ".part", sequence);
	return path_join(out, folder, name, err);
}

int part_create(struct part *part, const char *folder, int64_t created_wall_us,
		uint64_t sequence, struct error *err)
{
	*part = (struct part){.fd = -1};
	buf_init(&part->tail, PART_TAIL_MAX);
	if (part_path(part->path, folder, created_wall_us, sequence, err) != FT_OK)
		return err->code;
	part->sha = sha256_new();
	if (part->sha == NULL)
		return error_set(err, FT_FAIL, "no memory for segment %s", part->path);
	part->fd = open(part->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (part->fd >= 0)
		return FT_OK;
	error_set(err, errno == ENOSPC || errno == EDQUOT ? FT_AGAIN : FT_FAIL,
		  "cannot make %s: %s", part->path, strerror(errno));
	sha256_free(part->sha);
	part->sha = NULL;
	return err->code;
}

void part_begin(struct part *part, const struct segment_header *header)
{
	buf_put(&part->tail, SEGMENT_MAGIC, SEGMENT_MAGIC_LEN);
	segment_put_header(&part->tail, header);
	part->records = 1;
}

void part_close(struct part *part)
{
	if (part->fd >= 0)
		close(part->fd);
	part->fd = -1;
	sha256_free(part->sha);
	part->sha = NULL;
	buf_fini(&part->tail);
}

void part_remove(struct part *part)
{
	if (part->fd >= 0)
		unlink(part->path);
	part_close(part);
}

size_t part_waiting(const struct part *part)
{
	return part->synced + part->tail.len - part->written;
}

/*
 * Not posix_fallocate(): where the file system cannot reserve, glibc's writes a zero into every
 * block instead. There we can only look whether there is room.
 */
bool part_reserve(struct part *part, uint64_t octets)
{
	struct statvfs disk;
	int result;

	do {
		result = fallocate(part->fd, 0, (off_t)part->written, (off_t)octets);
	} while (result != 0 && errno == EINTR);
	if (result != 0 && errno != EOPNOTSUPP)
		return false;
	if (result != 0 &&
	    (fstatvfs(part->fd, &disk) != 0 || disk.f_bavail * disk.f_frsize < octets))
		return false;
	part->reserved = part->written + octets;
	return true;
}

int octets_copy(int in, uint64_t at, uint64_t end, int out, const char *path, struct error *err)
{
	uint8_t *data = malloc(COPY_SIZE);
	int result = FT_OK;

	if (data == NULL)
		return error_set(err, FT_FAIL, "no memory to write %s", path);
	while (at < end && result == FT_OK) {
		size_t want = end - at < COPY_SIZE ? (size_t)(end - at) : COPY_SIZE;
		ssize_t got = pread(in, data, want, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			result = error_set(err, FT_FAIL, "cannot read back for %s: %s", path,
					   got < 0 ? strerror(errno) : "file is too short");
			break;
		}
		result = file_write(out, data, (size_t)got, path, err);
		at += (uint64_t)got;
	}
	free(data);
	return result;
}

/* Everything up to written + waiting is in the file now. */
static void note_written(struct part *part)
{
	size_t waiting = part_waiting(part);

	sha256_add(part->sha, part->tail.data + part->tail.len - waiting, waiting);
	part->written += waiting;
}

static void note_synced(struct part *part)
{
	part->synced = part->written;
	buf_reset(&part->tail);
}

static int fill_anew(const struct part *part, int fd, const char *path, struct error *err)
{
	if (octets_copy(part->fd, 0, part->synced, fd, path, err) != FT_OK ||
	    file_write(fd, part->tail.data, part->tail.len, path, err) != FT_OK)
		return err->code;
	if (fdatasync(fd) != 0)
		return error_set(err, FT_FAIL, "cannot sync %s: %s", path, strerror(errno));
	if (rename(path, part->path) != 0)
		return error_set(err, FT_FAIL, "cannot rename %s: %s", path, strerror(errno));
	return FT_OK;
}

/* Replaces a file in doubt by a new one, which is then written and synced to the end. */
static int write_anew(struct part *part, struct error *err)
{
	char path[PATH_SIZE];
	int fd;

	part_sibling(path, part->path, ".new");
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot make %s: %s", path, strerror(errno));
	if (fill_anew(part, fd, path, err) != FT_OK) {
		close(fd);
		unlink(path);
		return err->code;
	}
	close(part->fd);
	part->fd = fd;
	part->in_doubt = false;
	note_written(part);
	note_synced(part);
	part->reserved = part->written;
	return FT_OK;
}

int part_write(struct part *part, struct error *err)
{
	size_t waiting = part_waiting(part);

	if (part->in_doubt)
		return write_anew(part, err);
	if (file_write(part->fd, part->tail.data + part->tail.len - waiting, waiting,
		       part->path, err) == FT_OK) {
		note_written(part);
		return FT_OK;
	}
	/* What was written of it stands behind the last whole record and is written over. */
	if (lseek(part->fd, (off_t)part->written, SEEK_SET) < 0)
		part->in_doubt = true;
	return err->code;
}

int part_sync(struct part *part, struct error *err)
{
	if (!part->in_doubt && fdatasync(part->fd) == 0) {
		note_synced(part);
		return FT_OK;
	}
	part->in_doubt = true;
	return write_anew(part, err);
}

/* Writes the SEAL in place and gives the segment its name. */
static int end_file(struct part *part, const struct buf *seal, struct error *err)
{
	char sealed[PATH_SIZE];

	if (file_write(part->fd, seal->data, seal->len, part->path, err) != FT_OK)
		return err->code;
	if (ftruncate(part->fd, (off_t)(part->written + seal->len)) != 0 ||
	    fdatasync(part->fd) != 0)
		return error_set(err, FT_FAIL, "cannot seal %s: %s", part->path,
				 strerror(errno));
	part_sibling(sealed, part->path, ".seg");
	if (rename(part->path, sealed) != 0)
		return error_set(err, FT_FAIL, "cannot rename %s to %s: %s", part->path, sealed,
				 strerror(errno));
	return FT_OK;
}

int part_seal(struct part *part, uint8_t sha256[SHA256_LEN], struct error *err)
{
	struct buf *seal = &part->tail; /* empty since the sync, and needed no more */
	int result;

	segment_put_seal(seal, part->records);
	sha256_add(part->sha, seal->data, seal->len);
	sha256_end(part->sha, sha256);
	result = end_file(part, seal, err);
	if (result != FT_OK)
		error_prefix(err, "a segment is left for the next start to seal");
	return result;
}
