/* SPDX-License-Identifier: MIT */
#include "crawler/feed_intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "crawler/target_line.h"
#include "store/suffix.h"

#define REFUSALS_SAID 5 /* one by one; the rest is counted */
#define VALUE_MAX     64

/* Never delegated, or used by machines of a local network alone (RFC 6761, 6762, 7686). */
static const char *const reserved[] = {"localhost", "localdomain", "local", "internal",
				       "invalid",   "onion",       "arpa"};

void feed_intake_refuse(struct feed_intake *intake, enum feed_refusal refusal, const char *why)
{
	intake->totals->entries++;
	intake->totals->refused[refusal]++;
	if (why != NULL && intake->said++ < REFUSALS_SAID)
		log_warn("%s %s %" PRIu64 ": %s", intake->shown, intake->unit, intake->number,
			 why);
}

static bool is_reserved(const char *name)
{
	const char *top = strrchr(name, '.') + 1;

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(top, reserved[i]) == 0)
			return true;
	return false;
}

static bool is_at_or_under(const char *name, const char *zone)
{
	size_t len = strlen(name);
	size_t zone_len = strlen(zone);

	return len >= zone_len && strcasecmp(name + len - zone_len, zone) == 0 &&
	       (len == zone_len || name[len - zone_len - 1] == '.');
}

static bool is_ours(const char *name, const char *const *own)
{
	for (; own != NULL && *own != NULL; own++)
		if (is_at_or_under(name, *own))
			return true;
	return false;
}

static enum feed_refusal refusal_of_list(const char *list)
{
	return strcmp(list, "dyndns") == 0 ? FEED_DYNDNS : FEED_LISTED;
}

/* Why name must not be followed, with the words in err; FEED_REFUSALS where it may. */
static enum feed_refusal judge(const struct feed_intake *intake, const char *name,
			       struct error *err)
{
	const char *entry;
	const char *list;

	if (is_reserved(name)) {
		error_set(err, FT_USAGE, "\"%s\" is a reserved name", name);
		return FEED_RESERVED;
	}
	if (is_ours(name, intake->source->own)) {
		error_set(err, FT_USAGE, "\"%s\" is a name of ours", name);
		return FEED_OWN;
	}
	list = listed_names_find(intake->listed, name, &entry);
	if (list != NULL) {
		error_set(err, FT_USAGE, "\"%s\" is held by %s of the list %s", name, entry,
			  list);
		return refusal_of_list(list);
	}
	if (suffix_registrable(name) == NULL) {
		error_set(err, FT_USAGE, "\"%s\" is a public suffix", name);
		return FEED_PUBLIC_SUFFIX;
	}
	return FEED_REFUSALS;
}

/* Has words a tag of this key, which is key_len octets long? */
static bool has_key(const char *words, const char *key, size_t key_len)
{
	while (*words != '\0') {
		if (strncmp(words, key, key_len) == 0 && words[key_len] == '=')
			return true;
		words += strcspn(words, " ");
		words += strspn(words, " ");
	}
	return false;
}

/* The tags of our user, then those of the feed that do not speak of the same. */
static void join_tags(char out[FEED_TAGS_MAX + 1], const char *ours, const char *theirs)
{
	size_t used = strlen(ours);

	memcpy(out, ours, used + 1);
	while (*theirs != '\0') {
		size_t len = strcspn(theirs, " ");
		size_t key_len = strcspn(theirs, "=");

		/* Which feed names it, the feed does not say. */
		if (!has_key(ours, theirs, key_len) && !has_key("feed=", theirs, key_len) &&
		    used + 1 + len <= FEED_TAGS_MAX) {
			if (used > 0)
				out[used++] = ' ';
			memcpy(out + used, theirs, len);
			used += len;
			out[used] = '\0';
		}
		theirs += len;
		theirs += strspn(theirs, " ");
	}
}

int feed_intake_take(struct feed_intake *intake, char *word, const char *tags,
		     struct error *err)
{
	struct name name;
	char text[NAME_TEXT_SIZE];
	char joined[FEED_TAGS_MAX + 1];
	struct error why = {0};
	enum feed_refusal refusal;

	if (target_name_read(&name, word, &why) == FT_OK) {
		name_to_text(text, name.wire);
		refusal = judge(intake, text, &why);
	} else {
		refusal = target_name_is_address(word) ? FEED_ADDRESS : FEED_NO_NAME;
	}
	if (refusal != FEED_REFUSALS) {
		feed_intake_refuse(intake, refusal, why.text);
		return FT_OK;
	}
	intake->totals->entries++;
	join_tags(joined, intake->source->tags, tags);
	return intake->put(intake->ctx, text, joined, err);
}

static char tag_letter(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", c) != NULL ? c : '_';
}

void feed_tags_add(char tags[FEED_TAGS_MAX + 1], const char *key, const char *value)
{
	char clean[VALUE_MAX + 1];
	size_t used = strlen(tags);
	size_t len = 0;

	for (; *value != '\0' && len < VALUE_MAX; value++)
		clean[len++] = tag_letter(*value);
	clean[len] = '\0';
	if (len == 0 || used + 2 + strlen(key) + len > FEED_TAGS_MAX)
		return;
	snprintf(tags + used, FEED_TAGS_MAX + 1 - used, "%s%s=%s", used > 0 ? " " : "", key,
		 clean);
}
