/* SPDX-License-Identifier: MIT */
#include "report/site_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0755
#define OPEN_MAX_FD 8 /* descriptors while a tree is walked */

static const char marker[] = "fluxtrack-site.txt";
static const char marker_text[] =
	"fluxtrack report writes this folder, and replaces it with all that is in it.\n";

static int name_one(char out[PATH_SIZE], const char *path, const char *ending,
		    struct error *err)
{
	int len = snprintf(out, PATH_SIZE, "%s%s", path, ending);

	if (len >= 0 && len < PATH_SIZE)
		return FT_OK;
	return error_set(err, FT_FAIL, "path too long: %.80s...", path);
}

/* The three names, of what path leads to and without slashes at its end. */
static int name_all(struct site_folder *folder, const char *path, struct error *err)
{
	char real[PATH_MAX];
	const char *found = realpath(path, real) != NULL ? real : path;

	if (name_one(folder->path, found, "", err) != FT_OK)
		return err->code;
	for (size_t len = strlen(folder->path); len > 1 && folder->path[len - 1] == '/';)
		folder->path[--len] = '\0';
	if (name_one(folder->aside, folder->path, ".new", err) != FT_OK)
		return err->code;
	return name_one(folder->old, folder->path, ".old", err);
}

/* Is there anything but the marker? What cannot be read is. */
static bool holds_anything(const char *path)
{
	DIR *dir = opendir(path);
	bool found = dir == NULL;

	for (struct dirent *file; !found && (file = readdir(dir)) != NULL;)
		found = strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* May what is at path be replaced: is it ours, empty or not there? */
static int check_ours(const char *path, struct error *err)
{
	char inside[PATH_SIZE];
	struct stat st;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return FT_OK;
	if (path_join(inside, path, marker, err) != FT_OK)
		return err->code;
	if (!S_ISDIR(st.st_mode))
		return error_set(err, FT_FAIL, "%s is no folder; name another with -o", path);
	if ((lstat(inside, &st) == 0 && S_ISREG(st.st_mode)) || !holds_anything(path))
		return FT_OK;
	return error_set(err, FT_FAIL,
			 "%s holds files that are no site of fluxtrack; name another with -o",
			 path);
}

/* All but the folder itself and its marker: what a removal leaves that was cut short is ours.
 */
static int remove_inner(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	if (at->level == 0 || (at->level == 1 && strcmp(path + at->base, marker) == 0))
		return 0;
	return remove(path);
}

static int remove_tree(const char *path, struct error *err)
{
	char inside[PATH_SIZE];

	if (path_join(inside, path, marker, err) != FT_OK)
		return err->code;
	if (nftw(path, remove_inner, OPEN_MAX_FD, FTW_DEPTH | FTW_PHYS) == 0) {
		unlink(inside); /* may be missing: an empty folder is ours too */
		if (rmdir(path) == 0)
			return FT_OK;
	}
	if (errno == ENOENT)
		return FT_OK;
	return error_set(err, FT_FAIL, "cannot remove %s: %s", path, strerror(errno));
}

/* Makes the folder aside with its marker, and holds it. */
static int hold_aside(struct site_folder *folder, struct error *err)
{
	char inside[PATH_SIZE];

	if (dir_make(folder->aside, FOLDER_MODE, err) != FT_OK ||
	    path_join(inside, folder->aside, marker, err) != FT_OK ||
	    file_lock(inside, &folder->lock, err) != FT_OK)
		return err->code;
	if (file_write(folder->lock, marker_text, strlen(marker_text), inside, err) == FT_OK)
		return FT_OK;
	close(folder->lock);
	return err->code;
}

/* What a run that was cut short left there goes first; one that still writes is not disturbed.
 */
static int clear_aside(struct site_folder *folder, struct error *err)
{
	struct stat st;
	int result;

	if (check_ours(folder->aside, err) != FT_OK)
		return err->code;
	if (lstat(folder->aside, &st) != 0)
		return FT_OK;
	if (hold_aside(folder, err) != FT_OK)
		return err->code;
	result = remove_tree(folder->aside, err);
	close(folder->lock);
	return result;
}

int site_folder_open(struct site_folder *folder, const char *path, struct error *err)
{
	*folder = (struct site_folder){.lock = -1};
	if (path[0] == '\0')
		return error_set(err, FT_USAGE, "-o: name a folder");
	if (name_all(folder, path, err) != FT_OK || check_ours(folder->path, err) != FT_OK ||
	    check_ours(folder->old, err) != FT_OK || clear_aside(folder, err) != FT_OK)
		return err->code;
	return hold_aside(folder, err);
}

static int move(const char *from, const char *to, struct error *err)
{
	if (rename(from, to) == 0)
		return FT_OK;
	return error_set(err, FT_FAIL, "cannot rename %s to %s: %s", from, to, strerror(errno));
}

/* Between the two renames there is no folder; where the second fails the old one comes back. */
static int swap(struct site_folder *folder, struct error *err)
{
	struct stat st;

	if (check_ours(folder->path, err) != FT_OK)
		return err->code;
	if (lstat(folder->path, &st) != 0)
		return move(folder->aside, folder->path, err);
	if (remove_tree(folder->old, err) != FT_OK ||
	    move(folder->path, folder->old, err) != FT_OK)
		return err->code;
	if (move(folder->aside, folder->path, err) == FT_OK)
		return remove_tree(folder->old, err);
	(void)rename(folder->old, folder->path);
	return err->code;
}

int site_folder_commit(struct site_folder *folder, struct error *err)
{
	/* Else a power cut could leave the names with nothing in them. */
	if (syncfs(folder->lock) != 0) {
		error_set(err, FT_FAIL, "cannot write %s: %s", folder->aside, strerror(errno));
		site_folder_abandon(folder);
		return err->code;
	}
	if (swap(folder, err) != FT_OK) {
		site_folder_abandon(folder);
		return err->code;
	}
	close(folder->lock);
	return FT_OK;
}

void site_folder_abandon(struct site_folder *folder)
{
	struct error ignored = {0};

	(void)remove_tree(folder->aside, &ignored);
	close(folder->lock);
}
