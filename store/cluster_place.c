/* SPDX-License-Identifier: MIT */
#include "store/cluster_place.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSTEM_ACCOUNT  "postgres" /* as Debian's and Fedora's packages name it */
#define SYSTEM_HOME     "/var/lib/fluxtrack"
#define SOCKET_NAME     "/.s.PGSQL.5432"
#define SOCKET_PATH_MAX 107 /* sun_path, without its NUL */

/* FNV-1a: short and lasting is all that is asked of it. */
static uint64_t path_hash(const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path != '\0'; path++)
		hash = (hash ^ (uint8_t)*path) * UINT64_C(0x100000001b3);
	return hash;
}

/* The home as an absolute path; links are resolved where it is there already. */
static int home_path(char out[PATH_SIZE], const char *home, struct error *err)
{
	char full[PATH_MAX];
	char cwd[PATH_SIZE] = "";

	if (realpath(home, full) != NULL && strlen(full) < PATH_SIZE) {
		memcpy(out, full, strlen(full) + 1);
		return FT_OK;
	}
	if (home[0] == '/')
		return path_join(out, "", home + 1, err);
	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return error_set(err, FT_FAIL, "cannot tell the current folder: %s",
				 strerror(errno));
	return path_join(out, cwd, home, err);
}

static int set_account(struct cluster_place *place, const struct passwd *entry, const char *who,
		       struct error *err)
{
	if (entry == NULL)
		return error_set(
			err, FT_FAIL,
			"no account '%s' to run PostgreSQL as; install PostgreSQL, or use "
			"another user than root",
			who);
	snprintf(place->account, sizeof(place->account), "%s", entry->pw_name);
	place->uid = entry->pw_uid;
	place->gid = entry->pw_gid;
	return FT_OK;
}

static int find_account(struct cluster_place *place, struct error *err)
{
	struct stat st;

	if (geteuid() != 0)
		return set_account(place, getpwuid(geteuid()), "of this user", err);
	if (stat(place->dir, &st) == 0 && st.st_uid != 0)
		return set_account(place, getpwuid(st.st_uid), "that owns HOME/pg", err);
	return set_account(place, getpwnam(SYSTEM_ACCOUNT), SYSTEM_ACCOUNT, err);
}

int cluster_find(const char *home, struct cluster_place *place, struct error *err)
{
	char path[PATH_SIZE];
	char full[PATH_MAX];

	*place = (struct cluster_place){0};
	if (home_path(path, home, err) != FT_OK ||
	    path_join(place->dir, path, "pg", err) != FT_OK)
		return err->code;
	if (realpath(place->dir, full) != NULL && strlen(full) < PATH_SIZE)
		memcpy(place->dir, full, strlen(full) + 1);
	return find_account(place, err);
}

int cluster_sockets(const struct cluster_place *place, char out[PATH_SIZE], struct error *err)
{
	if (path_join(out, place->dir, "run", err) != FT_OK)
		return err->code;
	if (strlen(out) + strlen(SOCKET_NAME) > SOCKET_PATH_MAX)
		snprintf(out, PATH_SIZE, "/tmp/fluxtrack-%016" PRIx64, path_hash(place->dir));
	return FT_OK;
}

static void become(const struct cluster_place *place)
{
	if (initgroups(place->account, place->gid) != 0 || setgid(place->gid) != 0 ||
	    setuid(place->uid) != 0)
		_exit(EXIT_FAILURE);
}

int cluster_do(const struct cluster_place *place,
	       int (*work)(const struct cluster_place *place, struct error *err),
	       struct error *err)
{
	int pipe_fd[2];
	pid_t child;
	ssize_t got;

	if (place->uid == geteuid())
		return work(place, err);
	if (pipe2(pipe_fd, O_CLOEXEC) != 0 || (child = fork()) < 0)
		return error_set(err, FT_FAIL, "cannot start a process: %s", strerror(errno));
	if (child == 0) {
		/* Should we be killed, it goes on: it must not hold the home's lock for us. */
		close_range(STDERR_FILENO + 1, (unsigned)pipe_fd[1] - 1, 0);
		close_range((unsigned)pipe_fd[1] + 1, ~0U, 0);
		become(place);
		*err = (struct error){0};
		err->code = work(place, err);
		got = write(pipe_fd[1], err, sizeof(*err));
		_exit(got == (ssize_t)sizeof(*err) ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	close(pipe_fd[1]);
	/* An error is smaller than PIPE_BUF: it comes whole or not at all. */
	got = read(pipe_fd[0], err, sizeof(*err));
	close(pipe_fd[0]);
	waitpid(child, NULL, 0);
	if (got != (ssize_t)sizeof(*err))
		return error_set(err, FT_FAIL, "cannot act as account %s", place->account);
	return err->code;
}

static int enter(const struct cluster_place *place, struct error *err)
{
	return access(place->dir, X_OK) == 0 ? FT_OK : error_set(err, FT_FAIL, "closed");
}

/* May the account pass through path? */
static bool can_enter(const struct cluster_place *place, const char *path)
{
	struct cluster_place at = *place;
	struct error ignored = {0};

	snprintf(at.dir, sizeof(at.dir), "%s", path);
	return cluster_do(&at, enter, &ignored) == FT_OK;
}

/* Gives a folder that root's group may enter to the account's group. */
static int open_to_group(const char *path, gid_t gid, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(err, FT_FAIL, "cannot look at %s: %s", path, strerror(errno));
	if (st.st_uid != 0 || st.st_gid != 0 || (st.st_mode & S_IXOTH) != 0 ||
	    (st.st_mode & S_IXGRP) == 0)
		return FT_OK;
	if (chown(path, (uid_t)-1, gid) != 0)
		return error_set(err, FT_FAIL, "cannot give %s to group %u: %s", path, gid,
				 strerror(errno));
	return FT_OK;
}

int cluster_make_folder(const struct cluster_place *place, const char *path, struct error *err)
{
	struct stat st;

	if ((mkdir(path, 0700) != 0 && errno != EEXIST) || lstat(path, &st) != 0)
		return error_set(err, FT_FAIL, "cannot make folder %s: %s", path,
				 strerror(errno));
	/* Ours still: made just now, by this process or by one that starts beside it. */
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() && st.st_uid != place->uid) {
		if (lchown(path, place->uid, place->gid) != 0)
			return error_set(err, FT_FAIL, "cannot give %s to %s: %s", path,
					 place->account, strerror(errno));
		st.st_uid = place->uid;
	}
	if (!S_ISDIR(st.st_mode) || st.st_uid != place->uid || (st.st_mode & 077) != 0)
		return error_set(err, FT_FAIL, "%s is not a folder of %s alone (mode 0700)",
				 path, place->account);
	return FT_OK;
}

/* HOME is closed to the account: the folder goes where it is not, and HOME/pg links to it. */
static int make_elsewhere(struct cluster_place *place, struct error *err)
{
	char link[PATH_SIZE];

	memcpy(link, place->dir, sizeof(link));
	if (dir_make(SYSTEM_HOME, 0750, err) != FT_OK ||
	    open_to_group(SYSTEM_HOME, place->gid, err) != FT_OK)
		return err->code;
	snprintf(place->dir, sizeof(place->dir), SYSTEM_HOME "/pg-%016" PRIx64,
		 path_hash(link));
	if (cluster_make_folder(place, place->dir, err) != FT_OK)
		return err->code;
	if (symlink(place->dir, link) != 0 && errno != EEXIST)
		return error_set(err, FT_FAIL, "cannot make link %s: %s", link,
				 strerror(errno));
	return FT_OK;
}

int cluster_make_place(const char *home, struct cluster_place *place, struct error *err)
{
	char root[PATH_SIZE];
	struct stat st;

	if (dir_make(home, 0750, err) != FT_OK || cluster_find(home, place, err) != FT_OK ||
	    home_path(root, home, err) != FT_OK)
		return err->code;
	if (geteuid() == 0 && open_to_group(root, place->gid, err) != FT_OK)
		return err->code;
	if (stat(place->dir, &st) != 0 && !can_enter(place, root))
		return make_elsewhere(place, err);
	return cluster_make_folder(place, place->dir, err);
}
