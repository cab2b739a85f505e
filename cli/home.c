/* SPDX-License-Identifier: MIT */
#include "cli/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOME_MODE 0750 /* what is tracked is nobody else's business */

static int default_home(char out[PATH_SIZE], struct error *err)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *user = getenv("HOME");

	if (geteuid() == 0)
		return path_join(out, "/var/lib", "fluxtrack", err);
	/* The XDG base directory specification: a relative path is to be ignored. */
	if (data != NULL && data[0] == '/')
		return path_join(out, data, "fluxtrack", err);
	if (user == NULL || user[0] != '/')
		return error_set(err, FT_USAGE, "HOME is not set; name a folder with -C");
	return path_join(out, user, ".local/share/fluxtrack", err);
}

int home_choose(char out[PATH_SIZE], const char *given, struct error *err)
{
	char here[PATH_SIZE];

	if (given == NULL)
		return default_home(out, err);
	if (given[0] == '/')
		return path_join(out, "", given + 1, err);
	if (getcwd(here, sizeof(here)) == NULL)
		return error_set(err, FT_FAIL, "cannot tell the current folder: %s",
				 strerror(errno));
	return path_join(out, here, given, err);
}

/* Every home has one, so it tells a home from any other folder. */
static int lock_path(char out[PATH_SIZE], const char *home, struct error *err)
{
	return path_join(out, home, "lock", err);
}

int home_make(const char *home, struct error *err)
{
	char path[PATH_SIZE];
	int fd;

	if (dir_make(home, HOME_MODE, err) != FT_OK || lock_path(path, home, err) != FT_OK)
		return err->code;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0)
		return error_set(err, FT_FAIL,
				 "cannot make files in %s: %s; name another home with -C", home,
				 strerror(errno));
	close(fd);
	return FT_OK;
}

int home_check(const char *home, struct error *err)
{
	char path[PATH_SIZE];

	if (lock_path(path, home, err) != FT_OK)
		return err->code;
	if (access(path, F_OK) == 0)
		return FT_OK;
	return error_set(err, FT_FAIL,
			 "no home at %s yet; run fluxtrack track first, or name one with -C",
			 home);
}

int home_lock(const char *home, struct error *err)
{
	char path[PATH_SIZE];
	int fd; /* stays open: the lock ends with the process */

	if (lock_path(path, home, err) != FT_OK)
		return err->code;
	return file_lock(path, &fd, err);
}
