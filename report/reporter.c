/* SPDX-License-Identifier: MIT */
#include "report/reporter.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "store/ini_file.h"

#define HOST_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
#define HOW          "with [reporter], org = NAME, contact = E-MAIL and domain = DOMAIN"

_Static_assert(REPORTER_WORD_SIZE >= INI_VALUE_SIZE, "a value of the file fits");

/* As much of RFC 5321 as tells a slip of the finger. */
static bool is_host(const char *text)
{
	return strchr(text, '.') != NULL && text[strspn(text, HOST_LETTERS)] == '\0' &&
	       strstr(text, "..") == NULL && strchr(".-", text[0]) == NULL &&
	       strchr(".-", text[strlen(text) - 1]) == NULL;
}

static bool is_mail(const char *text)
{
	const char *at = strrchr(text, '@');

	return at != NULL && at != text && text[strcspn(text, " <>,;\"")] == '\0' &&
	       is_host(at + 1);
}

static int take_entry(void *ctx, const struct ini_entry *entry, struct error *err)
{
	struct reporter *reporter = ctx;
	char *word;

	if (strcmp(entry->section, "reporter") != 0)
		return error_set(err, FT_FAIL, "there is but the section [reporter]");
	if (strcmp(entry->name, "org") == 0)
		word = reporter->org;
	else if (strcmp(entry->name, "contact") == 0)
		word = reporter->contact;
	else if (strcmp(entry->name, "domain") == 0)
		word = reporter->domain;
	else
		return error_set(err, FT_FAIL, "there are but org, contact and domain");
	if (word[0] != '\0')
		return error_set(err, FT_FAIL, "it was said before");
	if (word == reporter->contact && !is_mail(entry->value))
		return error_set(err, FT_FAIL, "the contact is no e-mail address");
	if (word == reporter->domain && !is_host(entry->value))
		return error_set(err, FT_FAIL, "the domain is none");
	snprintf(word, REPORTER_WORD_SIZE, "%s", entry->value);
	return FT_OK;
}

int reporter_read(struct reporter *reporter, const char *home, struct error *err)
{
	char path[PATH_SIZE];
	char shown[WORD_SHOWN_SIZE];

	*reporter = (struct reporter){.org = ""};
	if (path_join(path, home, "reporter.ini", err) != FT_OK)
		return err->code;
	escape_path(shown, path);
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return error_set(err, FT_FAIL, "who reports is not known: write %s " HOW,
				 shown);
	if (ini_file_read(path, take_entry, reporter, err) != FT_OK)
		return err->code;
	if (reporter->org[0] == '\0' || reporter->contact[0] == '\0' ||
	    reporter->domain[0] == '\0')
		return error_set(err, FT_FAIL, "%s is not whole: write it " HOW, shown);
	return FT_OK;
}

char *reporter_json(const struct reporter *reporter, struct error *err)
{
	json_t *json = json_pack("{ssssss}", "org", reporter->org, "contact", reporter->contact,
				 "domain", reporter->domain);
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (text == NULL)
		error_set(err, FT_FAIL, "no memory to say who reports");
	return text;
}
