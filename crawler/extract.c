/* SPDX-License-Identifier: MIT */
#include "crawler/extract.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "crawler/extract_patterns.h"
#include "crawler/extract_scan.h"
#include "crawler/target_line.h"
#include "store/suffix.h"

#define TEXT_SIZE   (256 * 1024)
#define KEPT_BEHIND 256 /* octets that a pattern may look back at beyond what is read anew */

_Static_assert(KEPT_BEHIND >= SCAN_BEHIND, "the scan sees what it looks back at");
_Static_assert(SCAN_AHEAD >= PATTERN_OVERLAP, "no match is cut that a window would have");

/* Where one of the operator's patterns is in the text. */
struct finder {
	size_t from; /* where its search goes on */
	struct pattern_match match;
	bool has_match; /* one not taken yet */
};

struct extract {
	struct target_set names;
	char tags[TAGS_MAX + 1];
	struct extract_patterns patterns;
	struct finder finders[EXTRACT_PATTERNS_MAX]; /* one a pattern */
	struct scan scan;
	struct candidate candidate;
	bool has_candidate;
	size_t len; /* of text */
	char text[TEXT_SIZE + 1];
};

struct extract *extract_new(const char *tags, struct error *err)
{
	struct extract *extract = calloc(1, sizeof(*extract));

	if (extract == NULL) {
		error_set(err, FT_FAIL, "no memory to read texts");
		return NULL;
	}
	target_set_init(&extract->names);
	memcpy(extract->tags, tags, strlen(tags) + 1);
	return extract;
}

void extract_free(struct extract *extract)
{
	if (extract == NULL)
		return;
	extract_patterns_free(&extract->patterns);
	target_set_fini(&extract->names);
	free(extract);
}

int extract_add_patterns(struct extract *extract, const char *path, struct error *err)
{
	return extract_patterns_read(&extract->patterns, path, extract->tags, err);
}

static bool ends_in_one_of(const char *name, const char *const *tlds)
{
	const char *dot = strrchr(name, '.');

	while (dot != NULL && *tlds != NULL && strcmp(dot + 1, *tlds) != 0)
		tlds++;
	return dot != NULL && *tlds != NULL;
}

/* Has somebody registered it, which takes one without "_" (RFC 1123, 2.1), to be asked for? */
static bool is_registered(const char *name)
{
	static const char *const others[] = {"arpa", "onion", NULL};
	const char *registrable = suffix_registrable(name);

	return registrable != NULL && strchr(registrable, '_') == NULL &&
	       suffix_is_listed(name) && !ends_in_one_of(name, others);
}

/*
 * A text speaks more often of a file invoice.zip than of a name that ends so: such a name
 * counts where a URL, an e-mail address or "www." says that it is one.
 */
static bool is_file_name(const char *name)
{
	static const char *const files[] = {"zip", "mov", NULL};

	return ends_in_one_of(name, files);
}

static int keep(struct extract *extract, const struct name *name, const char *tags,
		struct error *err)
{
	char text[NAME_TEXT_SIZE];
	struct error why = {0};

	if (target_set_add(&extract->names, name->wire, TARGET_FOLLOWED, tags, &why) != NULL)
		return FT_OK;
	if (why.code != FT_USAGE)
		return error_set(err, why.code, "%s", why.text);
	name_to_text(text, name->wire);
	log_warn("%s: %s", text, why.text);
	return FT_OK;
}

/* Keeps what word, which is written to, may hold of a name. */
static int take_word(struct extract *extract, char *word, bool is_bare, const char *tags,
		     struct error *err)
{
	char text[NAME_TEXT_SIZE];
	struct error why;
	struct name name;

	if (target_name_read(&name, word, &why) != FT_OK)
		return FT_OK;
	name_to_text(text, name.wire);
	if (!is_registered(text) || (is_bare && is_file_name(text)))
		return FT_OK;
	return keep(extract, &name, tags, err);
}

static int take_match(struct extract *extract, const struct pattern_match *match,
		      const char *tags, struct error *err)
{
	const char *found = extract->text + match->at;
	char word[CANDIDATE_SIZE];

	if (match->len >= sizeof(word) || memchr(found, '\0', match->len) != NULL)
		return FT_OK;
	memcpy(word, found, match->len);
	word[match->len] = '\0';
	return take_word(extract, word, false, tags, err);
}

/* Finds the next match that begins before end. */
static void find_next(struct extract *extract, size_t i, size_t end)
{
	struct finder *finder = &extract->finders[i];
	size_t at = finder->from;

	finder->has_match = pattern_find(extract->patterns.all[i].pattern, extract->text,
					 extract->len, &at, &finder->match) &&
			    finder->match.whole_at < end;
	finder->from = finder->has_match ? at : finder->from > end ? finder->from : end;
}

/* The finder whose match comes first and before any candidate; NULL where there is none. */
static struct finder *first_finder(struct extract *extract)
{
	size_t first_at = extract->has_candidate ? extract->candidate.at : SIZE_MAX;
	struct finder *first = NULL;

	for (size_t i = 0; i < extract->patterns.count; i++) {
		struct finder *finder = &extract->finders[i];

		if (finder->has_match && finder->match.at < first_at) {
			first = finder;
			first_at = finder->match.at;
		}
	}
	return first;
}

/* Takes, in their order, all that begins before end. */
static int take_names(struct extract *extract, size_t end, struct error *err)
{
	struct candidate *candidate = &extract->candidate;
	int result = FT_OK;

	for (size_t i = 0; i < extract->patterns.count; i++)
		find_next(extract, i, end);
	extract->has_candidate = scan_next(&extract->scan, end, candidate);
	while (result == FT_OK) {
		struct finder *finder = first_finder(extract);
		size_t i = finder != NULL ? (size_t)(finder - extract->finders) : 0;

		if (finder != NULL) {
			result = take_match(extract, &finder->match,
					    extract->patterns.all[i].tags, err);
			find_next(extract, i, end);
		} else if (extract->has_candidate) {
			result = take_word(extract, candidate->host, candidate->is_bare,
					   extract->tags, err);
			extract->has_candidate = scan_next(&extract->scan, end, candidate);
		} else {
			break;
		}
	}
	return result;
}

/* Drops what comes before end, but for what may be looked back at. */
static void drop_front(struct extract *extract, size_t end)
{
	size_t front = end > KEPT_BEHIND ? end - KEPT_BEHIND : 0;

	memmove(extract->text, extract->text + front, extract->len - front);
	extract->len -= front;
	extract->scan.at -= front;
	for (size_t i = 0; i < extract->patterns.count; i++)
		extract->finders[i].from -= front;
}

/* Fills the text as far as there is something to read. */
static int fill(struct extract *extract, int fd, const char *shown, struct error *err)
{
	while (extract->len < TEXT_SIZE) {
		ssize_t got = read(fd, extract->text + extract->len, TEXT_SIZE - extract->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, FT_FAIL, "cannot read %s: %s", shown,
					 strerror(errno));
		if (got == 0)
			break;
		extract->len += (size_t)got;
	}
	extract->text[extract->len] = '\0';
	return FT_OK;
}

int extract_read(struct extract *extract, int fd, const char *shown, struct error *err)
{
	bool is_end = false;

	extract->len = 0;
	extract->scan = (struct scan){.text = extract->text};
	memset(extract->finders, 0, sizeof(extract->finders));
	while (!is_end) {
		size_t end;

		if (fill(extract, fd, shown, err) != FT_OK)
			return err->code;
		is_end = extract->len < TEXT_SIZE;
		end = is_end ? extract->len : extract->len - SCAN_AHEAD;
		extract->scan.len = extract->len;
		if (take_names(extract, end, err) != FT_OK)
			return err->code;
		drop_front(extract, end);
	}
	return FT_OK;
}

const struct target_set *extract_names(const struct extract *extract)
{
	return &extract->names;
}

uint64_t extract_undecided(const struct extract *extract)
{
	uint64_t windows = 0;

	for (size_t i = 0; i < extract->patterns.count; i++)
		windows += pattern_undecided(extract->patterns.all[i].pattern);
	return windows;
}
