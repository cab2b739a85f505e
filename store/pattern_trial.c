/* SPDX-License-Identifier: MIT */
#include "store/pattern_trial.h"

#include <ctype.h>
#include <string.h>

#define SAMPLE_MAX 256 /* octets of a sample; the operator's patterns have fewer */
#define PERIOD_MAX 3   /* of its octets that are repeated together */
#define STOPS_MAX  8

/* What is read out of a pattern. */
struct sample {
	char text[SAMPLE_MAX]; /* an octet for each element, in order, such as it may match */
	size_t len;
	char stops[STOPS_MAX]; /* what "." and the negated classes do not match */
	size_t stop_count;
};

/* What an escape may stand for; NUL where it stands for no octet, as \b. */
static char octet_of_escape(char letter)
{
	static const char octets[][2] = {{'d', '0'},  {'w', 'a'},  {'s', ' '}, {'h', ' '},
					 {'D', 'a'},  {'W', ' '},  {'S', 'a'}, {'N', 'a'},
					 {'n', '\n'}, {'t', '\t'}, {'r', '\r'}};

	for (size_t i = 0; i < sizeof(octets) / sizeof(octets[0]); i++)
		if (octets[i][0] == letter)
			return octets[i][1];
	return isalnum((unsigned char)letter) ? '\0' : letter;
}

/* Behind the first of ends; at the text's end where there is none. */
static const char *skip_past(const char *text, const char *ends)
{
	text += strcspn(text, ends);
	return text + strnlen(text, 1);
}

static void add_stop(struct sample *sample, char stop)
{
	if (memchr(sample->stops, stop, sample->stop_count) == NULL &&
	    sample->stop_count < STOPS_MAX)
		sample->stops[sample->stop_count++] = stop;
}

/* Reads past the class behind its "[": its first member, or what a negated one likely holds. */
static const char *read_class(struct sample *sample, const char *text, char *out)
{
	bool is_negated = *text == '^';

	text += is_negated ? 1 : 0;
	*out = *text == '\\' ? octet_of_escape(text[1]) : *text;
	if (is_negated && *out != '\0')
		add_stop(sample, *out);
	if (is_negated || *text == '[')
		*out = 'a';
	text += strnlen(text, *text == '\\' ? 2 : 1); /* a "]" that comes first is a member */
	return skip_past(text, "]");
}

/* Reads past one element; *out is NUL where it stands for no octet. */
static const char *read_element(struct sample *sample, const char *text, char *out)
{
	char c = *text++;

	*out = '\0';
	switch (c) {
	case '\\':
		*out = octet_of_escape(*text);
		return text + strnlen(text, 1);
	case '[':
		return read_class(sample, text, out);
	case '(':
		return *text == '?' ? skip_past(text, ":=!>)") : text;
	case '{':
		return skip_past(text, "}");
	case '.':
		*out = 'a';
		return text;
	default:
		*out = strchr(")}]|*+?^$", c) != NULL ? '\0' : c;
		return text;
	}
}

static void read_sample(struct sample *sample, const char *text)
{
	char octet;

	*sample = (struct sample){0};
	add_stop(sample, '\n');
	while (*text != '\0' && sample->len < SAMPLE_MAX) {
		text = read_element(sample, text, &octet);
		if (octet != '\0')
			sample->text[sample->len++] = octet;
	}
}

/* A window of what comes first, then of unit again and again, a stop, and the sample. */
struct trial {
	const struct sample *sample; /* borrowed */
	size_t head;                 /* octets of the sample before the run */
	const char *unit;            /* borrowed */
	size_t unit_len;
};

static bool is_decided(struct pattern *pattern, const struct trial *trial)
{
	const struct sample *sample = trial->sample;
	char subject[PATTERN_WINDOW];
	size_t end = sizeof(subject) - sample->len - 1;

	memcpy(subject, sample->text, trial->head);
	for (size_t i = trial->head; i < end; i++)
		subject[i] = trial->unit[(i - trial->head) % trial->unit_len];
	memcpy(subject + end + 1, sample->text, sample->len);
	for (size_t i = 0; i < sample->stop_count; i++) {
		subject[end] = sample->stops[i];
		pattern_holds(pattern, subject, sizeof(subject));
	}
	return pattern_undecided(pattern) == 0;
}

/* What most patterns repeat. */
static bool passes_common(struct pattern *pattern, const struct sample *sample)
{
	static const char *const units[] = {"a", "ab", "0", "a.", "a-", "a ", " ", "<", "\xff"};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct trial trial = {sample, 0, units[i], strlen(units[i])};

		if (!is_decided(pattern, &trial))
			return false;
	}
	return true;
}

/* What this one may repeat at each place, behind what it wants to see before. */
static bool passes_own(struct pattern *pattern, const struct sample *sample)
{
	for (size_t i = 0; i < sample->len; i++)
		for (size_t len = 1; len <= PERIOD_MAX && i + len <= sample->len; len++) {
			struct trial trial = {sample, i, sample->text + i, len};

			if (!is_decided(pattern, &trial))
				return false;
		}
	return true;
}

int pattern_trial(struct pattern *pattern, const char *text, struct error *err)
{
	struct sample sample;

	read_sample(&sample, text);
	if (passes_common(pattern, &sample) && passes_own(pattern, &sample))
		return FT_OK;
	return error_set(err, FT_USAGE,
			 "the pattern may take too long: put no * or + within another, and "
			 "bound what it repeats, as in [a-z]{1,63}");
}
