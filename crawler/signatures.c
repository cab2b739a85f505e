/* SPDX-License-Identifier: MIT */
#include "crawler/signatures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "store/ini_file.h"
#include "store/pattern.h"

#define WORD_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"

_Static_assert(SIGNATURES_MAX *SIGNATURE_WORD_SIZE <= TAGS_MAX, "all names fit into the tags");

struct signature {
	char name[SIGNATURE_WORD_SIZE];
	char family[SIGNATURE_WORD_SIZE];           /* "": it tells none */
	struct pattern *needs[SIGNATURE_NEEDS_MAX]; /* owned */
	size_t need_count;
};

struct signatures {
	struct signature all[SIGNATURES_MAX];
	size_t count;
	size_t built_in;       /* the first of them */
	unsigned section_line; /* of the one being read; 0: none yet */
};

/*
 * The page had the title or the text, according to the day, over a link to the executable. The
 * genuine codec player is Stormcodec7.exe: that alone is no lure.
 */
static const struct {
	const char *name;
	const char *family;
	const char *needs[2];
} built_in[] = {
	{"storm-codec",
	 "storm",
	 {"(?i)\\bstormcodec8?\\.exe\\b", "(?i)<title>\\s{0,20}I love you\\s{0,20}</title>|"
					  "You\\s{1,20}have\\s{1,20}no\\s{1,20}Storm\\s{1,20}"
					  "Codec\\s{1,20}on\\s{1,20}your\\s{1,20}PC"}},
};

static int read_word(char out[SIGNATURE_WORD_SIZE], const char *word, struct error *err)
{
	size_t len = strlen(word);

	if (len >= SIGNATURE_WORD_SIZE || word[strspn(word, WORD_LETTERS)] != '\0')
		return error_set(err, FT_FAIL,
				 "a name is of small letters, digits, - and _, at most %d",
				 SIGNATURE_WORD_SIZE - 1);
	memcpy(out, word, len + 1);
	return FT_OK;
}

static const struct signature *find(const struct signatures *signatures, const char *name)
{
	for (size_t i = 0; i < signatures->count; i++)
		if (strcmp(signatures->all[i].name, name) == 0)
			return &signatures->all[i];
	return NULL;
}

static int begin(struct signatures *signatures, const char *name, struct error *err)
{
	struct signature *signature = &signatures->all[signatures->count];

	if (signatures->count == SIGNATURES_MAX)
		return error_set(err, FT_FAIL, "more than %d signatures", SIGNATURES_MAX);
	if (read_word(signature->name, name, err) != FT_OK)
		return err->code;
	if (find(signatures, name) != NULL)
		return error_set(err, FT_FAIL, "there is a signature %s already", name);
	signatures->count++;
	return FT_OK;
}

static int add_need(struct signature *signature, const char *text, struct error *err)
{
	struct pattern *pattern;
	struct error why;

	if (signature->need_count == SIGNATURE_NEEDS_MAX)
		return error_set(err, FT_FAIL, "more than %d patterns in a signature",
				 SIGNATURE_NEEDS_MAX);
	pattern = pattern_new(text, &why);
	if (pattern == NULL)
		return error_set(err, FT_FAIL, "%s", why.text);
	signature->needs[signature->need_count++] = pattern;
	return FT_OK;
}

static int take_entry(void *ctx, const struct ini_entry *entry, struct error *err)
{
	struct signatures *signatures = ctx;
	struct signature *signature;

	if (entry->section_line != signatures->section_line &&
	    begin(signatures, entry->section, err) != FT_OK)
		return err->code;
	signatures->section_line = entry->section_line;
	signature = &signatures->all[signatures->count - 1];
	if (strcmp(entry->name, "need") == 0)
		return add_need(signature, entry->value, err);
	if (strcmp(entry->name, "family") != 0)
		return error_set(err, FT_FAIL, "there are but family and need");
	if (signature->family[0] != '\0')
		return error_set(err, FT_FAIL, "the family was said before");
	return read_word(signature->family, entry->value, err);
}

static int read_file(struct signatures *signatures, const char *path, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];

	if (ini_file_read(path, take_entry, signatures, err) != FT_OK)
		return err->code;
	escape_path(shown, path);
	for (size_t i = signatures->built_in; i < signatures->count; i++)
		if (signatures->all[i].need_count == 0)
			return error_set(err, FT_FAIL,
					 "%s: [%s] needs nothing: write need = PATTERN", shown,
					 signatures->all[i].name);
	return FT_OK;
}

static int add_built_in(struct signatures *signatures, struct error *err)
{
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++) {
		struct signature *signature = &signatures->all[signatures->count];

		if (begin(signatures, built_in[i].name, err) != FT_OK ||
		    read_word(signature->family, built_in[i].family, err) != FT_OK ||
		    add_need(signature, built_in[i].needs[0], err) != FT_OK ||
		    add_need(signature, built_in[i].needs[1], err) != FT_OK)
			return err->code;
	}
	signatures->built_in = signatures->count;
	return FT_OK;
}

struct signatures *signatures_new(const char *path, struct error *err)
{
	struct signatures *signatures = calloc(1, sizeof(*signatures));

	if (signatures == NULL) {
		error_set(err, FT_FAIL, "no memory for signatures");
		return NULL;
	}
	if (add_built_in(signatures, err) == FT_OK &&
	    (path == NULL || read_file(signatures, path, err) == FT_OK))
		return signatures;
	signatures_free(signatures);
	return NULL;
}

void signatures_free(struct signatures *signatures)
{
	if (signatures == NULL)
		return;
	for (size_t i = 0; i < signatures->count; i++)
		for (size_t j = 0; j < signatures->all[i].need_count; j++)
			pattern_free(signatures->all[i].needs[j]);
	free(signatures);
}

static bool bears(const struct signature *signature, const struct signature_page *page)
{
	for (size_t i = 0; i < signature->need_count; i++) {
		struct pattern *need = signature->needs[i];

		if (!pattern_holds(need, page->head, page->head_len) &&
		    !pattern_holds(need, page->body, page->body_len))
			return false;
	}
	return true;
}

void signatures_match(struct signatures *signatures, const struct signature_page *page,
		      struct signature_match *out)
{
	size_t len = 0;

	*out = (struct signature_match){.family = ""};
	for (size_t i = 0; i < signatures->count; i++) {
		const struct signature *signature = &signatures->all[i];

		if (!bears(signature, page))
			continue;
		if (out->name == NULL) {
			out->name = signature->name;
			out->family = signature->family;
		}
		len += (size_t)snprintf(out->names + len, sizeof(out->names) - len, "%s%s",
					len > 0 ? " " : "", signature->name);
	}
}

uint64_t signatures_undecided(const struct signatures *signatures)
{
	uint64_t windows = 0;

	for (size_t i = 0; i < signatures->count; i++)
		for (size_t j = 0; j < signatures->all[i].need_count; j++)
			windows += pattern_undecided(signatures->all[i].needs[j]);
	return windows;
}
