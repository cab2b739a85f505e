/* SPDX-License-Identifier: MIT */
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Must path be written to as it is, being a device, a pipe or the like? */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* A link stays a link: what it points to is replaced. */
static int resolve(struct output *output, const char *path, struct error *err)
{
	char real[PATH_MAX];
	const char *found = realpath(path, real) != NULL ? real : path;

	if (snprintf(output->path, PATH_SIZE, "%s", found) < PATH_SIZE)
		return FT_OK;
	return error_set(err, FT_FAIL, "path too long: %.80s...", path);
}

/* A file in the place of an old one keeps its mode; another gets that of any new file. */
static mode_t mode_of(const char *path)
{
	struct stat st;
	mode_t mask;

	if (stat(path, &st) == 0)
		return st.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static int open_aside(struct output *output, struct error *err)
{
	int len = snprintf(output->aside, PATH_SIZE, "%s.XXXXXX", output->path);
	int fd;

	if (len >= PATH_SIZE)
		return error_set(err, FT_FAIL, "path too long: %.80s...", output->path);
	fd = mkostemp(output->aside, O_CLOEXEC);
	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot make %s: %s", output->path,
				 strerror(errno));
	output->file = fdopen(fd, "w");
	if (output->file != NULL && fchmod(fd, mode_of(output->path)) == 0)
		return FT_OK;
	error_set(err, FT_FAIL, "cannot make %s: %s", output->path, strerror(errno));
	unlink(output->aside);
	close(fd);
	return err->code;
}

int output_flush_stdout(struct error *err)
{
	if (fflush(stdout) != 0)
		return error_set(err, FT_FAIL, "cannot write to standard output: %s",
				 strerror(errno));
	return ferror(stdout) ? error_set(err, FT_FAIL, "cannot write to standard output")
			      : FT_OK;
}

int output_open(struct output *output, const char *path, struct error *err)
{
	*output = (struct output){.file = stdout};
	if (path == NULL || strcmp(path, "-") == 0)
		return FT_OK;
	if (resolve(output, path, err) != FT_OK)
		return err->code;
	if (!is_special(output->path))
		return open_aside(output, err);
	output->file = fopen(output->path, "we");
	if (output->file == NULL)
		return error_set(err, FT_FAIL, "cannot make %s: %s", output->path,
				 strerror(errno));
	return FT_OK;
}

static int cannot_write(const struct output *output, struct error *err)
{
	return error_set(err, FT_FAIL, "cannot write %s: %s", output->path, strerror(errno));
}

int output_commit(struct output *output, struct error *err)
{
	int result = FT_OK;

	if (output->file == stdout)
		return FT_OK;
	if (fflush(output->file) != 0 || ferror(output->file) ||
	    (output->aside[0] != '\0' && fsync(fileno(output->file)) != 0))
		result = cannot_write(output, err);
	if (fclose(output->file) != 0 && result == FT_OK)
		result = cannot_write(output, err);
	if (output->aside[0] == '\0')
		return result;
	if (result == FT_OK && rename(output->aside, output->path) != 0)
		result = cannot_write(output, err);
	if (result != FT_OK)
		unlink(output->aside);
	return result;
}

void output_abandon(struct output *output)
{
	if (output->file == stdout)
		return;
	fclose(output->file);
	if (output->aside[0] != '\0')
		unlink(output->aside);
}
