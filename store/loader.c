/* SPDX-License-Identifier: MIT */
#include "store/loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/loader_segment.h"

static void add_totals(struct loader_totals *totals, const struct loader_segment *segment)
{
	if (segment->is_known) {
		totals->known++;
		return;
	}
	totals->segments++;
	totals->rows += segment->rows;
}

int loader_load_file(struct db *db, const char *path, struct loader_totals *totals,
		     struct error *err)
{
	struct loader_segment segment;

	if (loader_segment_load(db, path, &segment, err) != FT_OK) {
		totals->broken += segment.is_broken;
		return err->code;
	}
	add_totals(totals, &segment);
	return FT_OK;
}

static bool is_broken(const struct loader *loader, const char *path)
{
	for (size_t i = 0; i < loader->broken_count; i++)
		if (strcmp(loader->broken[i], path) == 0)
			return true;
	return false;
}

/* Says it once. Without memory to note it, it is said again: no reason to stop. */
static void note_broken(struct loader *loader, const char *path, const struct error *why)
{
	char **broken = realloc(loader->broken, (loader->broken_count + 1) * sizeof(*broken));
	char *copy = strdup(path);

	log_warn("%s; left in the spool", why->text);
	loader->totals.broken++;
	if (broken != NULL)
		loader->broken = broken;
	if (broken != NULL && copy != NULL)
		loader->broken[loader->broken_count++] = copy;
	else
		free(copy);
}

/* Another loader of the same spool may have loaded and archived it since it was listed. */
static bool is_gone(const char *path)
{
	return access(path, F_OK) != 0 && errno == ENOENT;
}

static int take(struct loader *loader, const char *path, struct error *err)
{
	struct loader_segment segment;

	if (is_broken(loader, path))
		return FT_OK;
	if (loader_segment_load(loader->db, path, &segment, err) == FT_OK) {
		add_totals(&loader->totals, &segment);
		return segment_archive(loader->home, path, &segment.header, err);
	}
	if (!segment.is_broken)
		return err->code;
	if (!is_gone(path))
		note_broken(loader, path, err);
	*err = (struct error){0}; /* said, or no error at all */
	return FT_OK;
}

int loader_load_new(struct loader *loader, struct error *err)
{
	char **paths;
	size_t count;
	int code = segment_list(loader->home, &paths, &count, err);

	if (code != FT_OK)
		return code;
	for (size_t i = 0; i < count && code == FT_OK; i++)
		code = take(loader, paths[i], err);
	segment_list_free(paths, count);
	return code;
}

void loader_fini(struct loader *loader)
{
	for (size_t i = 0; i < loader->broken_count; i++)
		free(loader->broken[i]);
	free(loader->broken);
}

int loader_load_spool(struct db *db, const char *home, struct loader_totals *totals,
		      struct error *err)
{
	struct loader loader = {.db = db, .home = home, .totals = *totals};
	int code = loader_load_new(&loader, err);

	*totals = loader.totals;
	loader_fini(&loader);
	return code;
}
