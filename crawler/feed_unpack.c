/* SPDX-License-Identifier: MIT */
#include "crawler/feed_unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"

#define BLOCK_SIZE (64 * 1024)

enum packing {
	NOT_PACKED,
	GZIP,
	ZIP
};

struct unpacking {
	char shown[WORD_SHOWN_SIZE]; /* the feed, for messages */
	enum packing packing;
	uint64_t octets_max;
	struct archive *archive; /* owned */
	int out;                 /* the file unpacked */
};

static int too_large(const struct unpacking *unpacking, struct error *err)
{
	return error_set(err, FT_FAIL,
			 "%s has more than the %" PRIu64 " octets that a feed may have",
			 unpacking->shown, unpacking->octets_max);
}

static int damaged(const struct unpacking *unpacking, struct error *err)
{
	char why[WORD_SHOWN_SIZE];
	const char *text = archive_error_string(unpacking->archive);

	escape_word(why, text != NULL ? text : "it is empty");
	return error_set(err, FT_FAIL, "cannot unpack %s: %s", unpacking->shown, why);
}

/* Tells by the first octets of the file at path how it is packed. */
static int peek(struct unpacking *unpacking, const char *path, struct error *err)
{
	uint8_t magic[4] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, magic, sizeof(magic)) < 0) {
		error_set(err, FT_FAIL, "cannot read %s: %s", unpacking->shown,
			  strerror(errno));
		if (fd >= 0)
			close(fd);
		return err->code;
	}
	close(fd);
	unpacking->packing = NOT_PACKED;
	if (memcmp(magic, "\x1f\x8b", 2) == 0)
		unpacking->packing = GZIP;
	else if (memcmp(magic, "PK\3\4", 4) == 0)
		unpacking->packing = ZIP;
	return FT_OK;
}

/* Goes to the first entry that is a file. */
static int find_file(const struct unpacking *unpacking, const char *path, struct error *err)
{
	struct archive *archive = unpacking->archive;
	struct archive_entry *entry;

	if (unpacking->packing == ZIP) {
		archive_read_support_format_zip(archive);
	} else {
		/* One layer: support_filter_gzip() would take off as many as there are. */
		archive_read_append_filter(archive, ARCHIVE_FILTER_GZIP);
		archive_read_support_format_raw(archive); /* what is in it has no form */
	}
	if (archive_read_open_filename(archive, path, BLOCK_SIZE) < ARCHIVE_WARN)
		return damaged(unpacking, err);
	do {
		int code = archive_read_next_header(archive, &entry);

		if (code == ARCHIVE_EOF)
			return error_set(err, FT_FAIL, "%s holds no file", unpacking->shown);
		if (code < ARCHIVE_WARN)
			return damaged(unpacking, err);
	} while (archive_entry_filetype(entry) != AE_IFREG);
	return FT_OK;
}

static int copy_data(const struct unpacking *unpacking, const char *path, struct error *err)
{
	uint8_t *block = malloc(BLOCK_SIZE);
	uint64_t octets = 0;
	la_ssize_t len = 0;
	int code = FT_OK;

	if (block == NULL)
		return error_set(err, FT_FAIL, "no memory to unpack %s", unpacking->shown);
	while (code == FT_OK &&
	       (len = archive_read_data(unpacking->archive, block, BLOCK_SIZE)) > 0) {
		octets += (uint64_t)len;
		code = octets > unpacking->octets_max
			       ? too_large(unpacking, err)
			       : file_write(unpacking->out, block, (size_t)len, path, err);
	}
	free(block);
	return code == FT_OK && len < 0 ? damaged(unpacking, err) : code;
}

static int unpack_to(struct unpacking *unpacking, const char *from, const char *to,
		     struct error *err)
{
	int code;

	unpacking->out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (unpacking->out < 0)
		return error_set(err, FT_FAIL, "cannot make %s: %s", to, strerror(errno));
	unpacking->archive = archive_read_new();
	if (unpacking->archive == NULL)
		code = error_set(err, FT_FAIL, "no memory to unpack %s", unpacking->shown);
	else if ((code = find_file(unpacking, from, err)) == FT_OK)
		code = copy_data(unpacking, to, err);
	archive_read_free(unpacking->archive);
	close(unpacking->out);
	return code;
}

/* A folder of ours alone, and in it the name of the packed file, for messages. */
static int make_place(struct feed_file *file, const char *path, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	const char *slash = strrchr(path, '/');

	if (path_join(file->folder, tmp != NULL && tmp[0] == '/' ? tmp : "/var/tmp",
		      "fluxtrack-feed.XXXXXX", err) != FT_OK)
		return err->code;
	if (mkdtemp(file->folder) == NULL) {
		error_set(err, FT_FAIL, "cannot make a folder to unpack in, %s: %s",
			  file->folder, strerror(errno));
		file->folder[0] = '\0';
		return err->code;
	}
	return path_join(file->path, file->folder, slash != NULL ? slash + 1 : path, err);
}

/* It is read where it lies. */
static int use_plain(struct feed_file *file, const char *path, struct error *err)
{
	if (snprintf(file->path, PATH_SIZE, "%s", path) >= PATH_SIZE)
		return error_set(err, FT_FAIL, "path too long: %.80s...", path);
	return FT_OK;
}

int feed_unpack(struct feed_file *file, const char *path, uint64_t octets_max,
		struct error *err)
{
	struct unpacking unpacking = {.octets_max = octets_max};
	struct stat st;

	file->folder[0] = '\0';
	escape_path(unpacking.shown, path);
	if (stat(path, &st) != 0)
		return error_set(err, FT_FAIL, "cannot open %s: %s", unpacking.shown,
				 strerror(errno));
	if (S_ISDIR(st.st_mode))
		return use_plain(file, path, err);
	if (!S_ISREG(st.st_mode)) /* nothing of it could be read twice */
		return error_set(err, FT_FAIL, "%s is no file", unpacking.shown);
	if (peek(&unpacking, path, err) != FT_OK)
		return err->code;
	if (unpacking.packing == NOT_PACKED)
		return (uint64_t)st.st_size > octets_max ? too_large(&unpacking, err)
							 : use_plain(file, path, err);
	if (make_place(file, path, err) != FT_OK ||
	    unpack_to(&unpacking, path, file->path, err) != FT_OK ||
	    peek(&unpacking, file->path, err) != FT_OK)
		return err->code;
	/* What reads lines would unpack it once more, and then nothing bounds it. */
	return unpacking.packing == NOT_PACKED
		       ? FT_OK
		       : error_set(err, FT_FAIL, "%s is packed twice", unpacking.shown);
}

void feed_unpack_end(struct feed_file *file)
{
	if (file->folder[0] == '\0')
		return;
	unlink(file->path);
	rmdir(file->folder);
	file->folder[0] = '\0';
}
