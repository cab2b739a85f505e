/* SPDX-License-Identifier: MIT */
#include "store/loader_source.h"

#include <stdlib.h>
#include <string.h>

#include "store/loader_hex.h"

/* The place of the one with that uuid; count where there is none. */
static size_t find(const struct loader_sources *sources, const uint8_t uuid[UUID_LEN])
{
	size_t at = 0;

	while (at < sources->count && memcmp(sources->sources[at].uuid, uuid, UUID_LEN) != 0)
		at++;
	return at;
}

bool loader_sources_has(const struct loader_sources *sources, const uint8_t uuid[UUID_LEN])
{
	return find(sources, uuid) < sources->count;
}

int32_t loader_sources_id(const struct loader_sources *sources, const uint8_t uuid[UUID_LEN])
{
	size_t at = find(sources, uuid);

	return at < sources->count ? sources->ids[at] : 0;
}

bool loader_sources_add(struct loader_sources *sources, const struct segment_source *source)
{
	if (loader_sources_has(sources, source->uuid))
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
		if (sources->ids[i] <= 0) /* its rows would pass for lookups of our own */
			return error_set(err, FT_FAIL, "source %s is known as another file: %s",
					 uuid, source->name);
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

int loader_source_line(struct db *db, const uint8_t sha256[SHA256_LEN], uint64_t *out,
		       struct error *err)
{
	char hex[LOADER_HEX_SIZE];
	const char *params[] = {hex};
	char line[24];

	loader_hex(hex, "\\x", sha256, SHA256_LEN);
	if (db_value(db,
		     "select max(o.source_line) from observation o join source s on s.id = "
		     "o.source_id where s.sha256 = $1",
		     1, params, line, sizeof(line), err) != FT_OK)
		return err->code;
	*out = strtoull(line, NULL, 10);
	return FT_OK;
}
