/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int path_join(char out[PATH_SIZE], const char *dir, const char *name, struct error *err)
{
	int len = snprintf(out, PATH_SIZE, "%s/%s", dir, name);

	if (len < 0 || len >= PATH_SIZE)
		return error_set(err, FT_FAIL, "path too long: %.80s.../%.80s", dir, name);
	return FT_OK;
}

int dir_make(const char *path, mode_t mode, struct error *err)
{
	char part[PATH_SIZE];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(part))
		return error_set(err, FT_FAIL, "cannot make folder: bad path length %zu", len);
	memcpy(part, path, len + 1);
	for (char *p = part + 1;; p++) {
		char old = *p;

		if (old != '/' && old != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, mode) != 0 && errno != EEXIST)
			return error_set(err, FT_FAIL, "cannot make folder %s: %s", part,
					 strerror(errno));
		*p = old;
		if (old == '\0')
			return FT_OK;
	}
}

int dir_sync(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = FT_OK;

	if (fd < 0 || fsync(fd) != 0)
		result = error_set(err, FT_FAIL, "cannot sync folder %s: %s", path,
				   strerror(errno));
	if (fd >= 0)
		close(fd);
	return result;
}

int file_write(int fd, const void *bytes, size_t len, const char *path, struct error *err)
{
	const char *rest = bytes;

	while (len > 0) {
		ssize_t done = write(fd, rest, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return error_set(err, FT_FAIL, "cannot write %s: %s", path,
					 strerror(errno));
		rest += done;
		len -= (size_t)done;
	}
	return FT_OK;
}

static int write_synced(const char *path, const void *bytes, size_t len, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int result;

	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot make %s: %s", path, strerror(errno));
	result = file_write(fd, bytes, len, path, err);
	if (result == FT_OK && fsync(fd) != 0)
		result = error_set(err, FT_FAIL, "cannot sync %s: %s", path, strerror(errno));
	close(fd);
	return result;
}

int file_replace(const char *path, const void *bytes, size_t len, struct error *err)
{
	char aside[PATH_SIZE];
	int n = snprintf(aside, sizeof(aside), "%s.new", path);
	int result;

	if (n < 0 || n >= (int)sizeof(aside))
		return error_set(err, FT_FAIL, "path too long: %.80s...", path);
	result = write_synced(aside, bytes, len, err);
	if (result == FT_OK && rename(aside, path) != 0)
		result = error_set(err, FT_FAIL, "cannot rename %s to %s: %s", aside, path,
				   strerror(errno));
	if (result != FT_OK)
		unlink(aside);
	return result;
}

int file_lock(const char *path, int *fd, struct error *err)
{
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (*fd < 0)
		return error_set(err, FT_FAIL, "cannot open lock %s: %s", path,
				 strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return FT_OK;
	if (errno == EWOULDBLOCK)
		error_set(err, FT_AGAIN, "another fluxtrack holds %s; try again later", path);
	else
		error_set(err, FT_FAIL, "cannot lock %s: %s", path, strerror(errno));
	close(*fd);
	*fd = -1;
	return err->code;
}
