/* SPDX-License-Identifier: MIT */
#include "store/loader_source.h"

#include <stdlib.h>
#include <string.h>

#include "store/loader_hex.h"

size_t loader_sources_find(const struct loader_sources *sources, const uint8_t uuid[UUID_LEN])
{
	size_t at = 0;

	while (at < sources->count && memcmp(sources->sources[at].uuid, uuid, UUID_LEN) != 0)
		at++;
	return at;
}

bool loader_sources_add(struct loader_sources *sources, const struct segment_source *source)
{
	if (loader_sources_find(sources, source->uuid) < sources->count)
		return true;
	if (sources->count == LOADER_SOURCES_MAX)
		return false;
	sources->sources[sources->count++] = *source;
	return true;
}

int loader_sources_write(struct loader_sources *sources, struct db *db, struct error *err)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct segment_source *source = &sources->sources[i];
		char uuid[LOADER_HEX_SIZE], sha256[LOADER_HEX_SIZE];
		const char *params[] = {uuid, source->name, source->format, sha256};
		char id[12];

		loader_hex(uuid, "", source->uuid, UUID_LEN);
		loader_hex(sha256, "\\x", source->sha256, SHA256_LEN);
		if (db_value(db, "select source_begin($1, $2, $3, $4)", 4, params, id,
			     sizeof(id), err) != FT_OK)
			return err->code;
		sources->ids[i] = (int32_t)strtol(id, NULL, 10);
	}
	return FT_OK;
}

int loader_source_told(struct db *db, const uint8_t sha256[SHA256_LEN],
		       char out[SOURCE_TOLD_SIZE], struct error *err)
{
	char hex[LOADER_HEX_SIZE];
	const char *params[] = {hex};

	loader_hex(hex, "\\x", sha256, SHA256_LEN);
	return db_value(db, "select source_told($1)", 1, params, out, SOURCE_TOLD_SIZE, err);
}
