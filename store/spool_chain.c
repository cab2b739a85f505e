/* SPDX-License-Identifier: MIT */
/*
 * The chain file is four lines of text, replaced as a whole. It is a shortcut and no record:
 * but for the collector's uuid, the sealed segments say it all.
 */
#include "store/spool_chain.h"
#include "base/log.h"
#include "base/timefmt.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define BOOT_ID_PATH    "/proc/sys/kernel/random/boot_id"
#define CHAIN_TEXT_SIZE 256
#define HEX_SIZE(len)   (2 * (len) + 1)

int uuid_make(uint8_t out[UUID_LEN], struct error *err)
{
	if (getrandom(out, UUID_LEN, 0) != UUID_LEN)
		return error_set(err, FT_FAIL, "cannot make a uuid: %s", strerror(errno));
	out[6] = (uint8_t)((out[6] & 0x0f) | 0x40);
	out[8] = (uint8_t)((out[8] & 0x3f) | 0x80);
	return FT_OK;
}

void boot_id_read(uint8_t out[UUID_LEN])
{
	FILE *file = fopen(BOOT_ID_PATH, "re");
	unsigned value;

	memset(out, 0, UUID_LEN);
	for (size_t i = 0; file != NULL && i < UUID_LEN; i++) {
		if (fscanf(file, "%*[-]") == EOF || fscanf(file, "%2x", &value) != 1)
			break;
		out[i] = (uint8_t)value;
	}
	if (file != NULL)
		fclose(file);
}

static void hex_write(char *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static bool hex_read(uint8_t *out, size_t len, const char *text)
{
	for (size_t i = 0; i < len; i++) {
		unsigned value;

		if (sscanf(text + 2 * i, "%2x", &value) != 1)
			return false;
		out[i] = (uint8_t)value;
	}
	return strlen(text) == 2 * len;
}

int chain_save(const struct chain *chain, struct error *err)
{
	char text[CHAIN_TEXT_SIZE];
	char collector[HEX_SIZE(UUID_LEN)];
	char sha256[HEX_SIZE(SHA256_LEN)];
	int len;

	hex_write(collector, chain->collector, UUID_LEN);
	hex_write(sha256, chain->sha256, SHA256_LEN);
	len = snprintf(text, sizeof(text),
		       "collector %s\nsequence %" PRIu64 "\ncreated %s\nsha256 %s\n", collector,
		       chain->sequence, chain->sequence > 0 ? chain->day : "-", sha256);
	return file_replace(chain->path, text, (size_t)len, err);
}

static bool chain_parse(struct chain *chain, const char *text)
{
	char collector[HEX_SIZE(UUID_LEN)];
	char sha256[HEX_SIZE(SHA256_LEN)];
	int used = 0;

	if (sscanf(text,
		   "collector %32[0-9a-f] sequence %" SCNu64
		   " created %10[0-9-] sha256 %64[0-9a-f] %n",
		   collector, &chain->sequence, chain->day, sha256, &used) != 4)
		return false;
	if (chain->sequence == 0)
		chain->day[0] = '\0';
	return text[used] == '\0' && hex_read(chain->collector, UUID_LEN, collector) &&
	       hex_read(chain->sha256, SHA256_LEN, sha256);
}

int chain_open(struct chain *chain, const char *home, struct error *err)
{
	char text[CHAIN_TEXT_SIZE] = "";
	FILE *file;
	size_t len;

	*chain = (struct chain){0};
	if (path_join(chain->path, home, "spool/chain", err) != FT_OK)
		return err->code;
	file = fopen(chain->path, "re");
	if (file == NULL && errno != ENOENT)
		return error_set(err, FT_FAIL, "cannot open %s: %s", chain->path,
				 strerror(errno));
	if (file == NULL) {
		if (uuid_make(chain->collector, err) != FT_OK)
			return err->code;
		return chain_save(chain, err);
	}
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	if (chain_parse(chain, text) && strlen(text) == len)
		return FT_OK;
	return error_set(err, FT_FAIL, "%s is damaged; move it away to begin a new chain",
			 chain->path);
}

void chain_note(struct chain *chain, const struct segment_header *header,
		const uint8_t sha256[SHA256_LEN])
{
	char time[TIME_TEXT_SIZE];

	if (memcmp(header->collector, chain->collector, UUID_LEN) != 0 ||
	    header->sequence <= chain->sequence)
		return;
	time_format(time, header->created_wall_us);
	snprintf(chain->day, sizeof(chain->day), "%.10s", time);
	chain->sequence = header->sequence;
	memcpy(chain->sha256, sha256, SHA256_LEN);
}

/* Reads to the end of an open segment and notes it. */
static int note_whole(struct chain *chain, struct segment_file *file, struct error *err)
{
	struct segment_record record;
	uint8_t sha256[SHA256_LEN];
	uint32_t number;
	int result;

	do {
		result = segment_file_next(file, &record, &number, err);
	} while (result == 1);
	if (result != 0)
		return result;
	segment_file_sha256(file, sha256);
	chain_note(chain, segment_file_header(file), sha256);
	return FT_OK;
}

int chain_note_file(struct chain *chain, const char *path, struct error *err)
{
	struct segment_file *file = segment_file_open(path, err);
	int result;

	if (file == NULL)
		return err->code;
	result = note_whole(chain, file, err);
	segment_file_close(file);
	return result;
}

/* The sequence in a sealed segment's name, 0 where there is none. */
static uint64_t name_sequence(const char *name)
{
	const char *dash = strrchr(name, '-');
	char *end;
	uint64_t sequence;

	if (dash == NULL)
		return 0;
	sequence = strtoull(dash + 1, &end, 10);
	return strcmp(end, ".seg") == 0 ? sequence : 0;
}

/* Notes a segment if its name says that it may be newer; one that is broken only gets said. */
static void try_segment(struct chain *chain, const char *folder, const char *name)
{
	char path[PATH_SIZE];
	struct error err;

	if (name_sequence(name) <= chain->sequence)
		return;
	if (path_join(path, folder, name, &err) != FT_OK ||
	    chain_note_file(chain, path, &err) != FT_OK)
		log_warn("%s", err.text);
}

static int search_folder(struct chain *chain, const char *folder, struct error *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		return error_set(err, FT_FAIL, "cannot list %s: %s", folder, strerror(errno));
	while ((entry = readdir(dir)) != NULL)
		try_segment(chain, folder, entry->d_name);
	closedir(dir);
	return FT_OK;
}

/* Only the days since the chain's last segment can hold a newer one. */
static int search_archive(struct chain *chain, const char *archive, struct error *err)
{
	DIR *dir = opendir(archive);
	struct dirent *entry;
	char since[CHAIN_DAY_SIZE];
	char folder[PATH_SIZE];
	int result = FT_OK;

	if (dir == NULL && errno == ENOENT)
		return FT_OK;
	if (dir == NULL)
		return error_set(err, FT_FAIL, "cannot list %s: %s", archive, strerror(errno));
	memcpy(since, chain->day, sizeof(since));
	while (result == FT_OK && (entry = readdir(dir)) != NULL) {
		if (strlen(entry->d_name) != CHAIN_DAY_SIZE - 1 ||
		    strcmp(entry->d_name, since) < 0)
			continue;
		result = path_join(folder, archive, entry->d_name, err);
		if (result == FT_OK)
			result = search_folder(chain, folder, err);
	}
	closedir(dir);
	return result;
}

int chain_catch_up(struct chain *chain, const char *home, struct error *err)
{
	uint64_t known = chain->sequence;
	char folder[PATH_SIZE];

	/* The spool first: a loader at work moves segments from there to the archive. */
	if (path_join(folder, home, "spool", err) != FT_OK ||
	    search_folder(chain, folder, err) != FT_OK ||
	    path_join(folder, home, "archive", err) != FT_OK ||
	    search_archive(chain, folder, err) != FT_OK)
		return err->code;
	return chain->sequence > known ? chain_save(chain, err) : FT_OK;
}
