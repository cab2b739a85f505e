/* SPDX-License-Identifier: MIT */
#include "store/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/pattern_trial.h"

#define MATCH_LIMIT    20000
#define DEPTH_LIMIT    1000
#define HEAP_LIMIT_KIB 1024
#define VERSION_MIN    42 /* 10.42: the oldest in which the limits were measured */
#define STEPS_MAX      (128 * PATTERN_WINDOW) /* of a trial's window: some 10 ms */
#define PAIRS          2                      /* the whole match and group 1 */

struct pattern {
	pcre2_code *code;             /* owned */
	pcre2_match_data *match;      /* owned */
	pcre2_match_context *context; /* owned */
	size_t behind;                /* octets before a window that it may look at */
	bool has_group;
	uint64_t undecided;
	uint64_t steps; /* of a trial, in this window */
};

static void read_info(struct pattern *pattern)
{
	uint32_t behind = 0;
	uint32_t groups = 0;

	pcre2_pattern_info(pattern->code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	/* At least one octet, so that ^ holds where the subject begins, and no window. */
	pattern->behind = behind > 0 ? behind : 1;
	pattern->has_group = groups > 0;
}

static int compile(struct pattern *pattern, const char *text, uint32_t options,
		   struct error *err)
{
	PCRE2_UCHAR reason[120];
	PCRE2_SIZE at;
	int code;

	pattern->code =
		pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
			      options | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, &code, &at, NULL);
	if (pattern->code == NULL) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		return error_set(err, FT_USAGE, "no pattern: %s, at octet %zu",
				 (const char *)reason, at + 1);
	}
	read_info(pattern);
	return FT_OK;
}

static struct pattern *new_with(const char *text, uint32_t options, struct error *err)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));

	if (pattern != NULL) {
		pattern->match = pcre2_match_data_create(PAIRS, NULL);
		pattern->context = pcre2_match_context_create(NULL);
	}
	if (pattern == NULL || pattern->match == NULL || pattern->context == NULL) {
		error_set(err, FT_FAIL, "no memory for a pattern");
	} else if (compile(pattern, text, options, err) == FT_OK) {
		pcre2_set_match_limit(pattern->context, MATCH_LIMIT);
		pcre2_set_depth_limit(pattern->context, DEPTH_LIMIT);
		pcre2_set_heap_limit(pattern->context, HEAP_LIMIT_KIB);
		return pattern;
	}
	pattern_free(pattern);
	return NULL;
}

void pattern_free(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_code_free(pattern->code);
	pcre2_match_data_free(pattern->match);
	pcre2_match_context_free(pattern->context);
	free(pattern);
}

struct pattern *pattern_new_own(const char *text, struct error *err)
{
	return new_with(text, 0, err);
}

/* PCRE2 calls it at each step, at all the offsets of a window: the match limit is for one. */
static int count_step(pcre2_callout_block *block, void *ctx)
{
	struct pattern *pattern = ctx;

	(void)block;
	return ++pattern->steps > STEPS_MAX ? PCRE2_ERROR_CALLOUT : 0;
}

/* Tries text compiled so that it counts, and looks at all of a subject that lacks a letter. */
static int check_cost(const char *text, struct error *err)
{
	struct pattern *pattern =
		new_with(text, PCRE2_AUTO_CALLOUT | PCRE2_NO_START_OPTIMIZE, err);
	int result;

	if (pattern == NULL)
		return err->code;
	pcre2_set_callout(pattern->context, count_step, pattern);
	result = pattern_trial(pattern, text, err);
	pattern_free(pattern);
	return result;
}

struct pattern *pattern_new(const char *text, struct error *err)
{
	return check_cost(text, err) == FT_OK ? pattern_new_own(text, err) : NULL;
}

/*
 * Looks for a match that begins from *from on and ends before end. One that ends before it
 * begins, as a \K in a lookahead's subroutine has it, would be found again for ever.
 */
static bool find_in_window(struct pattern *pattern, const uint8_t *subject, size_t from,
			   size_t end)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->match);
	size_t behind = from < pattern->behind ? from : pattern->behind;
	bool is_match;
	int code;

	pattern->steps = 0;
	code = pcre2_match(pattern->code, subject + from - behind, end - from + behind, behind,
			   PCRE2_NOTEMPTY, pattern->match, pattern->context);
	is_match = code >= 0 && ends[0] < ends[1];
	if (!is_match && code != PCRE2_ERROR_NOMATCH)
		pattern->undecided++;
	return is_match;
}

/* What was found in a window that began at octet from; returns where it ends. */
static size_t read_match(const struct pattern *pattern, size_t from, struct pattern_match *out)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->match);
	size_t base = from - (from < pattern->behind ? from : pattern->behind);
	bool has_group = pattern->has_group && ends[2] != PCRE2_UNSET;

	out->whole_at = base + ends[0];
	out->at = base + ends[has_group ? 2 : 0];
	out->len = base + ends[has_group ? 3 : 1] - out->at;
	return base + ends[1];
}

/* A match that begins in the overlap may be cut: it is looked for in a window of its own. */
bool pattern_find(struct pattern *pattern, const void *subject, size_t len, size_t *at,
		  struct pattern_match *out)
{
	size_t from = *at;

	while (from < len) {
		bool is_last = len - from <= PATTERN_WINDOW;
		size_t end = is_last ? len : from + PATTERN_WINDOW;

		if (!find_in_window(pattern, subject, from, end)) {
			from = is_last ? len : end - PATTERN_OVERLAP;
			continue;
		}
		*at = read_match(pattern, from, out);
		if (is_last || out->whole_at <= end - PATTERN_OVERLAP)
			return true;
		from = out->whole_at;
	}
	*at = len;
	return false;
}

bool pattern_holds(struct pattern *pattern, const void *subject, size_t len)
{
	struct pattern_match match;
	size_t at = 0;

	return pattern_find(pattern, subject, len, &at, &match);
}

uint64_t pattern_undecided(const struct pattern *pattern)
{
	return pattern->undecided;
}

bool pattern_version_is_good(char out[PATTERN_VERSION_SIZE])
{
	unsigned major = 0;
	unsigned minor = 0;

	out[0] = '\0';
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= PATTERN_VERSION_SIZE)
		pcre2_config(PCRE2_CONFIG_VERSION, out);
	return sscanf(out, "%4u.%4u", &major, &minor) == 2 &&
	       (major > 10 || (major == 10 && minor >= VERSION_MIN));
}
