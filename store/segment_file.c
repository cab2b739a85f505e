/* SPDX-License-Identifier: MIT */
/*
 * Reads segment files, and knows where sealed ones lie. It changes no octet of a segment; it
 * only moves whole files from the spool to the archive.
 */
#include "store/segment_file.h"
#include "base/file.h"
#include "base/timefmt.h"
#include "store/sha256.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE (2 * SEGMENT_PAYLOAD_MAX) /* holds the longest record */

struct segment_file {
	int fd;
	char path[PATH_SIZE]; /* for messages */
	struct sha256 *sha;   /* owned; of all that was read from the file */
	struct segment_header header;
	struct segment_extent extent;
	size_t at;  /* next octet of data to decode */
	size_t len; /* octets in data */
	uint8_t data[READ_SIZE];
};

void segment_file_close(struct segment_file *file)
{
	if (file == NULL)
		return;
	if (file->fd >= 0)
		close(file->fd);
	sha256_free(file->sha);
	free(file);
}

const struct segment_header *segment_file_header(const struct segment_file *file)
{
	return &file->header;
}

struct segment_extent segment_file_extent(const struct segment_file *file)
{
	return file->extent;
}

void segment_file_sha256(struct segment_file *file, uint8_t out[SHA256_LEN])
{
	sha256_end(file->sha, out);
}

/* Moves what is left to the front and reads more behind it: octets read, 0 at the end. */
static int refill(struct segment_file *file, struct error *err)
{
	ssize_t got;

	file->len -= file->at;
	memmove(file->data, file->data + file->at, file->len);
	file->at = 0;
	do {
		got = read(file->fd, file->data + file->len, sizeof(file->data) - file->len);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set(err, FT_FAIL, "cannot read %s: %s", file->path,
				 strerror(errno));
	sha256_add(file->sha, file->data + file->len, (size_t)got);
	file->len += (size_t)got;
	return (int)got;
}

static int broken(const struct segment_file *file, const char *what, struct error *err)
{
	return error_set(err, FT_FAIL,
			 "segment %s is broken: %s at record %" PRIu64 ", octet %" PRIu64,
			 file->path, what, file->extent.records, file->extent.octets);
}

/* One record as it stands, known or not, and the octets it takes: 1, 0 at the end, FT_FAIL. */
static int get_record(struct segment_file *file, struct segment_record *out, size_t *used,
		      struct error *err)
{
	for (;;) {
		size_t left = file->len - file->at;
		int got;

		*used = 0;
		switch (segment_get(file->data + file->at, left, out, used)) {
		case SEGMENT_RECORD:
		case SEGMENT_SKIP:
			return 1;
		case SEGMENT_BROKEN:
			return broken(file, "bad record", err);
		case SEGMENT_SHORT:
			break;
		}
		got = refill(file, err);
		if (got == 0 && file->len > 0)
			return broken(file, "cut", err);
		if (got <= 0)
			return got;
	}
}

/* After a SEAL: nothing may follow. */
static int check_end(struct segment_file *file, struct error *err)
{
	if (file->at == file->len) {
		int got = refill(file, err);

		if (got <= 0)
			return got;
	}
	return broken(file, "octets after the seal", err);
}

static bool is_known(enum record_type type)
{
	return type >= RECORD_HEADER && type <= RECORD_FETCH;
}

int segment_file_next(struct segment_file *file, struct segment_record *out, uint32_t *number,
		      struct error *err)
{
	size_t used;
	int result;

	if (file->extent.sealed)
		return check_end(file, err);
	do {
		result = get_record(file, out, &used, err);
		if (result == 0)
			return broken(file, "no seal", err);
		if (result < 0)
			return result;
		if (out->type == RECORD_HEADER)
			return broken(file, "a second header", err);
		if (out->type == RECORD_SEAL && out->seal.records != file->extent.records)
			return broken(file, "a seal that counts otherwise", err);
		file->at += used;
		*number = (uint32_t)file->extent.records;
		file->extent.sealed = out->type == RECORD_SEAL;
		if (file->extent.sealed)
			return 1;
		file->extent.octets += used;
		file->extent.records++;
	} while (!is_known(out->type));
	return 1;
}

static int read_start(struct segment_file *file, struct error *err)
{
	struct segment_record record;
	size_t used;
	int got;

	do {
		got = refill(file, err);
	} while (got > 0 && file->len < SEGMENT_MAGIC_LEN);
	if (got < 0)
		return got;
	if (file->len < SEGMENT_MAGIC_LEN ||
	    memcmp(file->data, SEGMENT_MAGIC, SEGMENT_MAGIC_LEN) != 0)
		return error_set(err, FT_FAIL,
				 "%s is no segment: it does not say FLUXSEG1 at octet 0",
				 file->path);
	file->at = SEGMENT_MAGIC_LEN;
	file->extent.octets = SEGMENT_MAGIC_LEN;
	got = get_record(file, &record, &used, err);
	if (got < 0)
		return got;
	if (got == 0 || record.type != RECORD_HEADER)
		return broken(file, "no header", err);
	file->header = record.header;
	file->at += used;
	file->extent.octets += used;
	file->extent.records = 1;
	return FT_OK;
}

/* A descriptor, or -1. O_NONBLOCK: to open a FIFO would wait for its writer, maybe for ever. */
static int open_regular(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0) {
		error_set(err, FT_FAIL, "cannot open segment %s: %s", path, strerror(errno));
	} else if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		error_set(err, FT_FAIL, "segment %s is no regular file", path);
		close(fd);
		return -1;
	}
	return fd;
}

struct segment_file *segment_file_open(const char *path, struct error *err)
{
	struct segment_file *file = malloc(sizeof(*file));

	if (file == NULL) {
		error_set(err, FT_FAIL, "no memory to read segment %s", path);
		return NULL;
	}
	memset(file, 0, offsetof(struct segment_file, data));
	snprintf(file->path, sizeof(file->path), "%s", path);
	file->fd = open_regular(path, err);
	file->sha = file->fd >= 0 ? sha256_new() : NULL;
	if (file->fd >= 0 && file->sha == NULL)
		error_set(err, FT_FAIL, "no memory to read segment %s", path);
	else if (file->fd >= 0 && read_start(file, err) == FT_OK)
		return file;
	segment_file_close(file);
	return NULL;
}

static int is_sealed_name(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".seg") == 0;
}

static int join_all(char **paths, const char *dir, struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		if (asprintf(&paths[i], "%s/%s", dir, entries[i]->d_name) < 0)
			return i;
	return count;
}

int segment_list(const char *home, char ***paths, size_t *count, struct error *err)
{
	struct dirent **entries;
	char dir[PATH_SIZE];
	int found;
	int joined = 0;

	if (path_join(dir, home, "spool", err) != FT_OK)
		return err->code;
	found = scandir(dir, &entries, is_sealed_name, alphasort);
	if (found < 0)
		return error_set(err, FT_FAIL, "cannot list %s: %s", dir, strerror(errno));
	*paths = calloc((size_t)found + 1, sizeof(**paths));
	if (*paths != NULL)
		joined = join_all(*paths, dir, entries, found);
	for (int i = 0; i < found; i++)
		free(entries[i]);
	free(entries);
	*count = (size_t)joined;
	if (*paths != NULL && joined == found)
		return FT_OK;
	segment_list_free(*paths, *count);
	return error_set(err, FT_FAIL, "no memory to list %s", dir);
}

void segment_list_free(char **paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}

/* HOME/archive/YYYY-MM-DD, made where missing. */
static int archive_folder(char out[PATH_SIZE], const char *home, int64_t created_wall_us,
			  struct error *err)
{
	char archive[PATH_SIZE];
	char day[TIME_TEXT_SIZE];

	time_format(day, created_wall_us);
	day[strcspn(day, "T")] = '\0';
	if (path_join(archive, home, "archive", err) != FT_OK ||
	    path_join(out, archive, day, err) != FT_OK)
		return err->code;
	return dir_make(out, 0750, err);
}

/* A free place in folder for the segment at path. */
static int archive_place(char out[PATH_SIZE], const char *folder, const char *path,
			 const struct segment_header *header, struct error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char other[PATH_SIZE];
	int at;

	if (path_join(out, folder, name, err) != FT_OK)
		return err->code;
	if (access(out, F_OK) != 0)
		return FT_OK;
	at = snprintf(other, sizeof(other) - 2 * UUID_LEN - 5, "%.*s-", (int)strcspn(name, "."),
		      name);
	for (size_t i = 0; i < UUID_LEN; i++)
		at += snprintf(other + at, 3, "%02x", header->uuid[i]);
	snprintf(other + at, 5, ".seg");
	return path_join(out, folder, other, err);
}

int segment_archive(const char *home, const char *path, const struct segment_header *header,
		    struct error *err)
{
	char folder[PATH_SIZE];
	char place[PATH_SIZE];
	char spool[PATH_SIZE];

	if (archive_folder(folder, home, header->created_wall_us, err) != FT_OK ||
	    archive_place(place, folder, path, header, err) != FT_OK ||
	    path_join(spool, home, "spool", err) != FT_OK)
		return err->code;
	if (rename(path, place) != 0 && errno != ENOENT)
		return error_set(err, FT_FAIL, "cannot move %s to %s: %s", path, place,
				 strerror(errno));
	if (dir_sync(folder, err) != FT_OK)
		return err->code;
	return dir_sync(spool, err);
}
