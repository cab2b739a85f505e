/* SPDX-License-Identifier: MIT */
/* The formats that are JSON: DGArchive's, and MISP's feeds, which are a folder of documents. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "crawler/feed_format.h"
#include "crawler/feed_manifest.h"
#include "crawler/target_line.h"

#define JSON_MAX (64 * 1024 * 1024) /* octets of one document */

#define MALPEDIA "misp-galaxy:malpedia=\""

/* The document at path, an object; NULL with the reason. */
static json_t *read_document(struct feed_intake *intake, const char *path, struct error *err)
{
	struct stat st;
	json_error_t wrong = {0};
	json_t *json;

	escape_path(intake->shown, path);
	intake->unit = "entry";
	intake->number = 0;
	if (stat(path, &st) == 0 && st.st_size > JSON_MAX) {
		error_set(err, FT_FAIL, "%s is too large for a JSON file: %d MiB at most",
			  intake->shown, JSON_MAX >> 20);
		return NULL;
	}
	json = json_load_file(path, JSON_REJECT_DUPLICATES, &wrong);
	if (json_is_object(json))
		return json;
	if (json != NULL)
		error_set(err, FT_FAIL, "%s is no JSON object", intake->shown);
	else if (json_error_code(&wrong) == json_error_cannot_open_file)
		error_set(err, FT_FAIL, "cannot open %s", intake->shown);
	else
		error_set(err, FT_FAIL, "%s is not JSON: line %d, column %d", intake->shown,
			  wrong.line, wrong.column);
	json_decref(json);
	return NULL;
}

/* An entry's text; the intake writes to what it judges. */
static int take_text(struct feed_intake *intake, const char *text, size_t len, const char *tags,
		     struct error *err)
{
	char word[TARGET_LINE_MAX + 1];

	if (len >= sizeof(word)) {
		feed_intake_refuse(intake, FEED_TOO_LONG, "too long");
		return FT_OK;
	}
	memcpy(word, text, len);
	word[len] = '\0';
	return feed_intake_take(intake, word, tags, err);
}

static int take_value(struct feed_intake *intake, const json_t *value, const char *tags,
		      struct error *err)
{
	const char *text = json_string_value(value);

	intake->number++;
	if (text != NULL)
		return take_text(intake, text, strlen(text), tags, err);
	feed_intake_refuse(intake, FEED_NO_NAME, "is no text");
	return FT_OK;
}

/* FAMILY_dga_SEED */
static void dgarchive_tags(char tags[FEED_TAGS_MAX + 1], const char *key)
{
	const char *mark = strstr(key, "_dga");
	char family[FEED_TAGS_MAX + 1];

	tags[0] = '\0';
	if (mark == NULL || (mark[4] != '_' && mark[4] != '\0') ||
	    mark - key >= (ptrdiff_t)sizeof(family))
		return;
	snprintf(family, sizeof(family), "%.*s", (int)(mark - key), key);
	feed_tags_add(tags, "family", family);
	if (mark[4] == '_')
		feed_tags_add(tags, "dga", mark + 5);
}

static int take_dgas(struct feed_intake *intake, json_t *json, struct error *err)
{
	const char *key;
	json_t *names;

	json_object_foreach(json, key, names)
	{
		char tags[FEED_TAGS_MAX + 1];

		dgarchive_tags(tags, key);
		if (!json_is_array(names))
			return error_set(err, FT_FAIL,
					 "%s is no feed of DGArchive: a member of it is no "
					 "array",
					 intake->shown);
		for (size_t i = 0; i < json_array_size(names); i++)
			if (take_value(intake, json_array_get(names, i), tags, err) != FT_OK)
				return err->code;
	}
	return FT_OK;
}

int feed_read_dgarchive(struct feed_intake *intake, const char *path, struct error *err)
{
	json_t *json = read_document(intake, path, err);
	int code;

	if (json == NULL)
		return err->code;
	code = take_dgas(intake, json, err);
	json_decref(json);
	return code;
}

/* The one malware that the tags of an event name; none where they name several. */
static void event_tags(char tags[FEED_TAGS_MAX + 1], const json_t *event)
{
	const json_t *list = json_object_get(event, "Tag");
	char family[FEED_TAGS_MAX + 1] = "";

	tags[0] = '\0';
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name =
			json_string_value(json_object_get(json_array_get(list, i), "name"));

		if (name == NULL || strncmp(name, MALPEDIA, strlen(MALPEDIA)) != 0)
			continue;
		if (family[0] != '\0')
			return;
		snprintf(family, sizeof(family), "%.*s",
			 (int)strcspn(name + strlen(MALPEDIA), "\""), name + strlen(MALPEDIA));
	}
	feed_tags_add(tags, "family", family);
}

/* Does an attribute of this type name a host, perhaps with more behind a "|"? */
static bool is_host_type(const char *type)
{
	static const char *const types[] = {
		"domain",        "hostname", "url",    "domain|ip",   "domain-ip",
		"hostname|port", "ip-dst",   "ip-src", "ip-dst|port", "ip-src|port"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* MISP writes truths and numbers as strings, too. */
static bool is_false(const json_t *value)
{
	const char *text = json_string_value(value);

	return json_is_false(value) ||
	       (json_is_integer(value) && json_integer_value(value) == 0) ||
	       (text != NULL && (strcmp(text, "0") == 0 || strcmp(text, "false") == 0));
}

static int take_attribute(struct feed_intake *intake, const json_t *attribute, const char *tags,
			  struct error *err)
{
	const char *type = json_string_value(json_object_get(attribute, "type"));
	const char *value = json_string_value(json_object_get(attribute, "value"));

	intake->number++;
	/* to_ids: whether it is an indicator, or there to explain one. */
	if (type == NULL || value == NULL || !is_host_type(type) ||
	    is_false(json_object_get(attribute, "to_ids"))) {
		feed_intake_refuse(intake, FEED_OTHER, NULL);
		return FT_OK;
	}
	return take_text(intake, value, strcspn(value, "|"), tags, err);
}

static int take_attributes(struct feed_intake *intake, const json_t *holder, const char *tags,
			   struct error *err)
{
	const json_t *list = json_object_get(holder, "Attribute");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (take_attribute(intake, json_array_get(list, i), tags, err) != FT_OK)
			return err->code;
	return FT_OK;
}

/* Attributes stand in the event and in its objects. */
static int take_event(struct feed_intake *intake, const json_t *event, struct error *err)
{
	const json_t *objects = json_object_get(event, "Object");
	char tags[FEED_TAGS_MAX + 1];

	event_tags(tags, event);
	if (take_attributes(intake, event, tags, err) != FT_OK)
		return err->code;
	for (size_t i = 0; i < json_array_size(objects); i++)
		if (take_attributes(intake, json_array_get(objects, i), tags, err) != FT_OK)
			return err->code;
	return FT_OK;
}

static int read_event(struct feed_intake *intake, const char *path, struct error *err)
{
	json_t *json = read_document(intake, path, err);
	const json_t *event = json_object_get(json, "Event");
	int code;

	if (json == NULL)
		return err->code;
	code = json_is_object(event)
		       ? take_event(intake, event, err)
		       : error_set(err, FT_FAIL, "%s holds no event of MISP", intake->shown);
	json_decref(json);
	return code;
}

static int is_event_file(const struct dirent *entry)
{
	char uuid[EVENT_UUID_LEN + 1];

	snprintf(uuid, sizeof(uuid), "%.*s", EVENT_UUID_LEN, entry->d_name);
	return strlen(entry->d_name) == EVENT_UUID_LEN + strlen(".json") &&
	       event_is_uuid(uuid) && strcmp(entry->d_name + EVENT_UUID_LEN, ".json") == 0;
}

/* Every UUID.json in the folder. */
static int read_folder(struct feed_intake *intake, const char *path, struct error *err)
{
	struct dirent **files;
	int count = scandir(path, &files, is_event_file, alphasort);
	int code = FT_OK;

	escape_path(intake->shown, path);
	if (count < 0)
		return error_set(err, FT_FAIL, "cannot read folder %s: %s", intake->shown,
				 strerror(errno));
	for (int i = 0; i < count; i++) {
		char file[PATH_SIZE];

		if (code == FT_OK)
			code = path_join(file, path, files[i]->d_name, err);
		if (code == FT_OK)
			code = read_event(intake, file, err);
		free(files[i]);
	}
	free(files);
	return code;
}

/* The folder that a file lies in. */
static void folder_of(char out[PATH_SIZE], const char *path)
{
	const char *slash = strrchr(path, '/');

	snprintf(out, PATH_SIZE, "%.*s", slash != NULL ? (int)(slash - path) : 1,
		 slash != NULL ? path : ".");
}

int feed_read_misp(struct feed_intake *intake, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_SIZE];
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return read_folder(intake, path, err);
	if (strcmp(slash != NULL ? slash + 1 : path, "manifest.json") != 0)
		return read_event(intake, path, err);
	folder_of(folder, path);
	return read_folder(intake, folder, err);
}
