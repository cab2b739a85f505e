/* SPDX-License-Identifier: MIT */
#include "report/page_json.h"

#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "base/timefmt.h"
#include "report/message_json.h"

#define HEADER_SHOWN_MAX 200 /* characters, escaped: a longer one is left out */

static json_t *words_json(const char *words, size_t len)
{
	json_t *array = json_array();
	size_t word;

	for (size_t at = 0; at < len; at += word + 1) {
		const char *blank = memchr(words + at, ' ', len - at);

		word = blank != NULL ? (size_t)(blank - words) - at : len - at;
		if (word > 0)
			json_array_append_new(array, json_stringn(words + at, word));
	}
	return array;
}

static json_t *sha256_json(const uint8_t *octets, size_t len)
{
	struct sha256 *sha = len > 0 ? sha256_new() : NULL;
	uint8_t sum[SHA256_LEN];

	if (sha == NULL)
		return json_null();
	sha256_add(sha, octets, len);
	sha256_end(sha, sum);
	sha256_free(sha);
	return hex_json(sum, SHA256_LEN);
}

/* A header's value between blanks, escaped; null where it is long. */
static json_t *value_json(const uint8_t *value, size_t len)
{
	char text[ESCAPE_MAX(HEADER_SHOWN_MAX)];

	for (; len > 0 && value[0] == ' '; len--)
		value++;
	while (len > 0 && value[len - 1] == ' ')
		len--;
	if (len > HEADER_SHOWN_MAX ||
	    escape_text(text, sizeof(text), value, len) > HEADER_SHOWN_MAX)
		return json_null();
	return json_string(text);
}

/* The first header of that name, which ends with a colon; lines end with CR LF or LF. */
static json_t *header_json(const uint8_t *head, size_t len, const char *name)
{
	const uint8_t *feed;
	size_t name_len = strlen(name);
	size_t line;

	for (; len > 0; head += line, len -= line) {
		feed = memchr(head, '\n', len);
		line = feed != NULL ? (size_t)(feed - head) + 1 : len;
		if (line >= name_len && strncasecmp((const char *)head, name, name_len) == 0) {
			line -= feed != NULL;
			line -= line > name_len && head[line - 1] == '\r';
			return value_json(head + name_len, line - name_len);
		}
	}
	return json_null();
}

json_t *page_json(const struct segment_fetch *fetch)
{
	char address[ADDRESS_TEXT_SIZE];
	char asked[TIME_TEXT_SIZE];

	address_to_text(address, &fetch->about);
	time_format(asked, fetch->asked_wall_us);
	return json_pack("{s:o, s:s, s:o, s:I, s:o, s:o, s:o, s:s, s:o}", "signatures",
			 words_json(fetch->tags, fetch->tags_len), "outcome",
			 fetch_outcome_name(fetch->outcome), "status",
			 fetch->status != 0 ? json_integer(fetch->status) : json_null(),
			 "octets", (json_int_t)fetch->body_len, "body_sha256",
			 sha256_json(fetch->body, fetch->body_len), "server_header",
			 header_json(fetch->head, fetch->head_len, "server:"), "last_at",
			 json_sprintf("%.19sZ", asked), "address", address, "url",
			 json_stringn(fetch->url, fetch->url_len));
}
