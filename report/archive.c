/* SPDX-License-Identifier: MIT */
#include "report/archive.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"

#define SUFFIX       ".seg"
#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
#define UUID_LETTERS "0123456789abcdef-"
#define NAME_MAX_LEN 200 /* a uuid still fits into a file's name behind it */
#define UUID_TEXT    36

static bool is_segment_name(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(SUFFIX) && len <= NAME_MAX_LEN && name[0] != '.' &&
	       name[strspn(name, NAME_LETTERS)] == '\0' &&
	       strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static bool is_uuid(const char *uuid)
{
	return strlen(uuid) == UUID_TEXT && strspn(uuid, UUID_LETTERS) == UUID_TEXT;
}

/* "2008-04-08/" of "20080408T120000Z-000000001.seg", which the archive keeps in that folder. */
static void day_folder(char out[12], const char *name)
{
	out[0] = '\0';
	if (strspn(name, "0123456789") == 8 && name[8] == 'T')
		snprintf(out, 12, "%.4s-%.2s-%.2s/", name, name + 4, name + 6);
}

/* The name that segment_archive() gives a second one: its uuid before the suffix. */
static void other_name(char out[PATH_SIZE], const struct cited_segment *segment)
{
	size_t at = strcspn(segment->name, ".");

	memcpy(out, segment->name, at);
	out[at++] = '-';
	for (const char *digit = segment->uuid; *digit != '\0'; digit++)
		if (*digit != '-')
			out[at++] = *digit;
	memcpy(out + at, SUFFIX, sizeof(SUFFIX));
}

static bool is_there(char out[PATH_SIZE], const char *folder, const char *day, const char *name)
{
	int len = snprintf(out, PATH_SIZE, "%s/%s%s", folder, day, name);

	return len > 0 && len < PATH_SIZE && access(out, F_OK) == 0;
}

int archive_find(char out[PATH_SIZE], const char *folder, const struct cited_segment *segment,
		 struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	char other[PATH_SIZE];
	char day[12];

	escape_word(shown, segment->name);
	if (!is_segment_name(segment->name))
		return error_set(err, FT_FAIL, "'%s' is no name of a segment", shown);
	if (segment->uuid != NULL && !is_uuid(segment->uuid))
		return error_set(err, FT_FAIL, "segment %s: its uuid is none", shown);
	day_folder(day, segment->name);
	if (segment->uuid != NULL) {
		other_name(other, segment);
		if (is_there(out, folder, day, other) || is_there(out, folder, "", other))
			return FT_OK;
	}
	if (is_there(out, folder, day, segment->name) ||
	    is_there(out, folder, "", segment->name))
		return FT_OK;
	return error_set(err, FT_FAIL, "segment %s is not in %.200s", shown, folder);
}
