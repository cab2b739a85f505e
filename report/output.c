/* SPDX-License-Identifier: MIT */
#include "report/output.h"

#include <errno.h>
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

static int name_aside(struct output *output, struct error *err)
{
	int len = snprintf(output->aside, PATH_SIZE, "%s.new", output->path);

	if (len < PATH_SIZE)
		return FT_OK;
	return error_set(err, FT_FAIL, "path too long: %.80s...", output->path);
}

int output_open(struct output *output, const char *path, struct error *err)
{
	const char *name = output->path;

	*output = (struct output){.file = stdout};
	if (path == NULL || strcmp(path, "-") == 0)
		return FT_OK;
	if (resolve(output, path, err) != FT_OK)
		return err->code;
	if (!is_special(output->path)) {
		if (name_aside(output, err) != FT_OK)
			return err->code;
		name = output->aside;
	}
	output->file = fopen(name, "we");
	if (output->file == NULL)
		return error_set(err, FT_FAIL, "cannot make %s: %s", name, strerror(errno));
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
