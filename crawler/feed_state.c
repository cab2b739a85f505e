/* SPDX-License-Identifier: MIT */
#include "crawler/feed_state.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/timefmt.h"

#define STATE_MAX    4096 /* octets of its file */
#define FAILURES_MAX 100  /* counted; far beyond the longest wait */
#define DATE_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,:+-"

static const char *const body_words[] = {"none", "waits", "failed", "imported"};

static void hash_text(char out[LOADER_HEX_SIZE], const char *first, const char *second)
{
	uint8_t sum[SHA256_LEN];
	struct sha256 *sha = sha256_new();

	out[0] = '\0'; /* without memory: as if nothing were known of it */
	if (sha == NULL)
		return;
	sha256_add(sha, first, strlen(first) + 1);
	sha256_add(sha, second, strlen(second));
	sha256_end(sha, sum);
	sha256_free(sha);
	loader_hex(out, "", sum, sizeof(sum));
}

static int read_count(const char *value, unsigned *out, struct error *err)
{
	char *end;
	unsigned long count = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end != '\0' || count > FAILURES_MAX)
		return error_set(err, FT_FAIL, "no such number of failures");
	*out = (unsigned)count;
	return FT_OK;
}

static int read_body(const char *value, enum feed_body *out, struct error *err)
{
	for (size_t i = 0; i < sizeof(body_words) / sizeof(body_words[0]); i++) {
		if (strcmp(value, body_words[i]) == 0) {
			*out = (enum feed_body)i;
			return FT_OK;
		}
	}
	return error_set(err, FT_FAIL, "no such body");
}

/* What only another version knows is passed over. */
static int take_entry(void *ctx, const struct ini_entry *entry, struct error *err)
{
	struct feed_state *state = ctx;
	const struct {
		const char *name;
		char *text;
		size_t size;
	} texts[] = {
		{"url-sha256", state->url_sha256, sizeof(state->url_sha256)},
		{"how-sha256", state->how_sha256, sizeof(state->how_sha256)},
		{"body-sha256", state->body_sha256, sizeof(state->body_sha256)},
		{"etag", state->etag, sizeof(state->etag)},
		{"last-modified", state->modified, sizeof(state->modified)},
		{"outcome", state->outcome, sizeof(state->outcome)},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(entry->name, texts[i].name) == 0)
			snprintf(texts[i].text, texts[i].size, "%s", entry->value);
	if (strcmp(entry->name, "failures") == 0)
		return read_count(entry->value, &state->failures, err);
	if (strcmp(entry->name, "succeeded") == 0)
		return time_parse(entry->value, &state->succeeded_us, err);
	if (strcmp(entry->name, "next") == 0)
		return time_parse(entry->value, &state->next_us, err);
	if (strcmp(entry->name, "body") == 0)
		return read_body(entry->value, &state->body, err);
	return FT_OK;
}

int feed_state_read(struct feed_state *state, const char *path, struct error *err)
{
	*state = (struct feed_state){0};
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return FT_OK;
	return ini_file_read(path, take_entry, state, err);
}

static void put_text(struct buf *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		buf_printf(out, "%s = %s\n", name, text);
}

static void put_time(struct buf *out, const char *name, int64_t wall_us)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, wall_us);
	buf_printf(out, "%s = %s\n", name, text);
}

int feed_state_write(const struct feed_state *state, const char *path, struct error *err)
{
	struct buf out;
	int result;

	buf_init(&out, STATE_MAX);
	buf_printf(&out, "[state]\nbody = %s\nfailures = %u\n", body_words[state->body],
		   state->failures);
	put_time(&out, "next", state->next_us);
	put_time(&out, "succeeded", state->succeeded_us);
	put_text(&out, "outcome", state->outcome);
	put_text(&out, "etag", state->etag);
	put_text(&out, "last-modified", state->modified);
	put_text(&out, "url-sha256", state->url_sha256);
	put_text(&out, "how-sha256", state->how_sha256);
	put_text(&out, "body-sha256", state->body_sha256);
	result = buf_is_ok(&out) ? file_replace(path, out.data, out.len, err)
				 : error_set(err, FT_FAIL, "no memory to write %s", path);
	buf_fini(&out);
	return result;
}

bool feed_state_adopt(struct feed_state *state, const struct feed_config *feed)
{
	char url[LOADER_HEX_SIZE];
	char how[LOADER_HEX_SIZE];
	bool is_other;

	hash_text(url, feed->url, "");
	is_other = state->url_sha256[0] != '\0' && strcmp(state->url_sha256, url) != 0;
	if (is_other)
		*state = (struct feed_state){0};
	hash_text(how, feed->format, feed->tags);
	if (strcmp(how, state->how_sha256) != 0 && state->body != FEED_BODY_NONE)
		state->body = FEED_BODY_WAITS;
	memcpy(state->how_sha256, how, sizeof(how));
	memcpy(state->url_sha256, url, sizeof(url));
	return is_other;
}

static int64_t longest_wait_s(const struct feed_config *feed)
{
	return feed->interval_s > FEED_WAIT_MAX_S ? feed->interval_s : FEED_WAIT_MAX_S;
}

/* One that is due later than any wait: the clock was set back. */
bool feed_state_is_due(const struct feed_state *state, const struct feed_config *feed,
		       int64_t now_us)
{
	return state->next_us <= now_us ||
	       state->next_us - now_us > longest_wait_s(feed) * 1000000;
}

/* An entity tag (RFC 9110, 8.8.3) has no blank, so none ends the line of the state early. */
void feed_state_keep_etag(struct feed_state *state, const char *etag)
{
	const char *opaque = strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
	size_t len = strlen(opaque);

	state->etag[0] = '\0';
	for (const char *p = etag; *p != '\0'; p++)
		if (*p < 0x21 || *p > 0x7e)
			return;
	if (len >= 2 && opaque[0] == '"' && opaque[len - 1] == '"' && strlen(etag) < 180)
		snprintf(state->etag, sizeof(state->etag), "%s", etag);
}

void feed_state_keep_modified(struct feed_state *state, const char *modified)
{
	state->modified[0] = '\0';
	if (isalpha((unsigned char)modified[0]) && strlen(modified) < 60 &&
	    modified[strspn(modified, DATE_LETTERS)] == '\0')
		snprintf(state->modified, sizeof(state->modified), "%s", modified);
}

/* After so many failures in a row, in seconds. */
static int64_t wait_after(const struct feed_config *feed, unsigned failures)
{
	int64_t longest_s = longest_wait_s(feed);
	int64_t wait_s = feed->interval_s;

	while (failures-- > 0 && wait_s < longest_s)
		wait_s *= 2;
	return wait_s < longest_s ? wait_s : longest_s;
}

void feed_state_tried(struct feed_state *state, const struct feed_config *feed,
		      const struct feed_try *end)
{
	char shown[INI_VALUE_SIZE - 20]; /* with its name within a line */
	int64_t asked_s =
		end->retry_after_s < FEED_WAIT_MAX_S ? end->retry_after_s : FEED_WAIT_MAX_S;
	int64_t wait_s;

	if (end->succeeded) {
		state->failures = 0;
		state->succeeded_us = end->ended_us;
	} else if (state->failures < FAILURES_MAX) {
		state->failures++;
	}
	wait_s = wait_after(feed, state->failures);
	state->next_us = end->ended_us + (wait_s > asked_s ? wait_s : asked_s) * 1000000;
	escape_text(shown, sizeof(shown), end->outcome, strlen(end->outcome));
	snprintf(state->outcome, sizeof(state->outcome), "%s", shown);
}
