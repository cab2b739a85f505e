/* SPDX-License-Identifier: MIT */
#include "crawler/dga_targets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

/* A key's names, once its family has prepared it. */
struct foretold {
	struct target_set *set;          /* borrowed */
	const struct dga_family *family; /* static */
	void *prepared;                  /* owned */
};

static int add_name(const struct foretold *foretold, uint32_t index, unsigned stream,
		    struct error *err)
{
	const struct dga_family *family = foretold->family;
	char text[DGA_NAME_SIZE];
	char origin[DGA_ORIGIN_SIZE];
	char tags[TAGS_MAX + 1];
	struct error why = {0};
	struct name name;

	family->generate(text, foretold->prepared, index, stream);
	family->origin(origin, foretold->prepared, index, stream);
	snprintf(tags, sizeof(tags), "family=%s dga=%s", family->name, origin);
	if (name_from_text(&name, text, err) != FT_OK)
		return error_prefix(err, "%s", text);
	if (target_set_add(foretold->set, name.wire, TARGET_FOLLOWED, tags, &why) != NULL)
		return FT_OK;
	if (why.code != FT_USAGE)
		return error_set(err, why.code, "%s: %s", text, why.text);
	log_warn("%s: %s", text, why.text); /* the list that names it too left no room */
	return FT_OK;
}

static int add_names(const struct foretold *foretold, uint32_t count, struct error *err)
{
	for (uint32_t index = 0; index < count; index++)
		for (unsigned stream = 0; stream < foretold->family->streams; stream++)
			if (add_name(foretold, index, stream, err) != FT_OK)
				return err->code;
	return FT_OK;
}

int dga_targets_add(struct target_set *set, const struct dga_family *family, uint32_t count,
		    int64_t now_s, struct error *err)
{
	struct foretold foretold = {.set = set, .family = family};
	int result = FT_OK;

	for (size_t i = 0; family->keys[i].version != 0 && result == FT_OK; i++) {
		struct dga_key key = family->keys[i];

		key.time_s += now_s;
		foretold.prepared = family->prepare(&key);
		if (foretold.prepared == NULL)
			return error_set(err, FT_FAIL, "out of memory for names of %s",
					 family->name);
		result = add_names(&foretold, count, err);
		free(foretold.prepared);
	}
	return result;
}
