/* SPDX-License-Identifier: MIT */
/* pattern: what a search finds, past the borders of its windows, and what it may not cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "store/pattern.h"

#define SUBJECT_LEN (3 * PATTERN_WINDOW)

static struct pattern *new_pattern(const char *text)
{
	struct error err = {0};
	struct pattern *pattern = pattern_new(text, &err);

	if (pattern == NULL)
		fail_msg("%s: %s", text, err.text);
	return pattern;
}

/* Asserts that text matches in subject as found, each in brackets. */
static void assert_found(const char *text, const char *subject, const char *found)
{
	struct pattern *pattern = new_pattern(text);
	struct pattern_match match;
	char all[200] = "";
	size_t len = 0;
	size_t at = 0;

	while (pattern_find(pattern, subject, strlen(subject), &at, &match)) {
		all[len++] = '[';
		memcpy(all + len, subject + match.at, match.len);
		len += match.len;
		all[len++] = ']';
	}
	assert_int_equal(at, strlen(subject));
	assert_string_equal(all, found);
	pattern_free(pattern);
}

static void each_match_is_found_once(void **state)
{
	(void)state;
	assert_found("\\d{2,9}", "12 3 456", "[12][456]");
	assert_found("x=(\\d)", "x=1x=2 x= =3", "[1][2]");
	assert_found("x=(?:(\\d)|[a-z])", "x=1 x=a", "[1][x=a]");
	assert_found("(?i)EVIL", "Evil evil", "[Evil][evil]");
	assert_found("EVIL", "Evil evil", "");
	assert_found("^a", "aa a\na", "[a]");
	assert_found("(?m)^a", "aa a\na", "[a][a]");
	assert_found("(?<=bb)a", "bba a ba", "[a]");
	assert_found("\\Ba", "aa a", "[a]");
	assert_found("a{0,9}", "b", ""); /* an empty match is none */
}

/* Text in every place near the borders of windows and overlaps. */
static void a_match_over_a_border_is_found_once(void **state)
{
	static const char name[] = "lure.example.com";
	static const size_t borders[] = {PATTERN_WINDOW - PATTERN_OVERLAP, PATTERN_WINDOW,
					 2 * (PATTERN_WINDOW - PATTERN_OVERLAP)};
	struct pattern *pattern = new_pattern("[a-z.]{4,63}");
	char *subject = malloc(SUBJECT_LEN);

	(void)state;
	assert_non_null(subject);
	for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
		for (size_t place = borders[i] - sizeof(name) - 2; place < borders[i] + 2;
		     place++) {
			struct pattern_match match;
			size_t at = 0;

			memset(subject, ' ', SUBJECT_LEN);
			memcpy(subject + place, name, strlen(name));
			assert_true(pattern_find(pattern, subject, SUBJECT_LEN, &at, &match));
			assert_int_equal(match.at, place);
			assert_int_equal(match.whole_at, place);
			assert_int_equal(match.len, strlen(name));
			assert_false(pattern_find(pattern, subject, SUBJECT_LEN, &at, &match));
		}
	}
	assert_int_equal(pattern_undecided(pattern), 0);
	free(subject);
	pattern_free(pattern);
}

/* Where a window begins no subject does, and where it ends none ends. */
static void windows_are_no_ends(void **state)
{
	struct pattern *first = new_pattern("^a");
	struct pattern *word = new_pattern("\\ba{4}");
	struct pattern *last = new_pattern("b?$");
	char *subject = malloc(SUBJECT_LEN);
	struct pattern_match match;
	size_t at = 1;

	(void)state;
	assert_non_null(subject);
	memset(subject, 'a', SUBJECT_LEN);
	assert_false(pattern_find(first, subject, SUBJECT_LEN, &at, &match));
	at = 1;
	assert_false(pattern_find(word, subject, SUBJECT_LEN, &at, &match));
	subject[SUBJECT_LEN - 1] = 'b';
	at = 0;
	assert_true(pattern_find(last, subject, SUBJECT_LEN, &at, &match));
	assert_int_equal(match.at, SUBJECT_LEN - 1);
	free(subject);
	pattern_free(first);
	pattern_free(word);
	pattern_free(last);
}

static void costly_patterns_are_refused(void **state)
{
	static const char *const costly[] = {
		"(a+)+$",
		"(a|aa)+$",
		"([a-zA-Z]+)*$",
		"(x+x+)+y",
		"(.*,){11}P",
		"<a ([^>]+)+ href",
		"(?i)<b>(?:z+)+</b>",
		"\\d+\\d+\\d+z",
		"\\w+x", /* the square of what it reads, without a limit of an offset's */
		"\\b[\\w-]+x=", /* the same, in "a-a-a-a" */
		"(?:[a-z0-9-]+\\.)+evil",
		"q(?:x{0,60}){0,60}y",
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++) {
		struct pattern *pattern = pattern_new(costly[i], &err);

		if (pattern != NULL)
			fail_msg("%s is taken", costly[i]);
		assert_int_equal(err.code, FT_USAGE);
		assert_non_null(strstr(err.text, "may take too long"));
	}
}

static void ordinary_patterns_are_taken(void **state)
{
	static const char *const ordinary[] = {
		"(?i)href=\"([^\"]+)\"",
		"([a-z0-9-]{1,63}\\.)com",
		"\\b(?:[a-z0-9-]{1,63}\\.){1,9}com\\b",
		"(?i)<title>[^<]{0,200}codec[^<]{0,200}</title>",
		"(?s)<title>.*codec",
		"([a-z0-9]{8}\\.(?:dyndns|yi)\\.org)",
		"[]^\\]x]{1,9}[[:alpha:]]\\x41\\Q..\\E",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		pattern_free(new_pattern(ordinary[i]));
}

/* It would be found there again and again; the subroutine brings \K where PCRE2 bans it. */
static void a_match_that_ends_before_it_begins_is_none(void **state)
{
	struct error err;
	struct pattern *pattern = pattern_new_own("(?(DEFINE)(aa\\Kb))(?=(?1))", &err);
	struct pattern_match match;
	size_t at = 0;

	(void)state;
	assert_non_null(pattern);
	assert_false(pattern_find(pattern, "aab", 3, &at, &match));
	assert_int_equal(at, 3);
	assert_int_equal(pattern_undecided(pattern), 1);
	pattern_free(pattern);
}

static void what_is_no_pattern_says_where(void **state)
{
	static const char *const wrong[][2] = {
		{"ab(c", "missing closing parenthesis, at octet 5"},
		{"a[^]", "missing terminating ]"},
		{"\\", "at octet 2"},
		{"(*UTF)a", "UTF"},
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(pattern_new(wrong[i][0], &err));
		assert_int_equal(err.code, FT_USAGE);
		if (strstr(err.text, wrong[i][1]) == NULL)
			fail_msg("%s: %s", wrong[i][0], err.text);
	}
}

/* One that no trial has seen comes to its limit; behind that window the search goes on. */
static void undecided_windows_are_counted(void **state)
{
	struct error err = {0};
	struct pattern *pattern = pattern_new_own("(?:a+)+c|found", &err);
	char *subject = malloc(SUBJECT_LEN);
	struct pattern_match match;
	size_t at = 0;

	(void)state;
	assert_non_null(pattern);
	assert_non_null(subject);
	memset(subject, ' ', SUBJECT_LEN);
	memset(subject, 'a', 64);
	memcpy(subject + 64, "bc", 2);
	memcpy(subject + 2 * PATTERN_WINDOW, "found", 5);
	assert_true(pattern_find(pattern, subject, SUBJECT_LEN, &at, &match));
	assert_int_equal(match.at, 2 * PATTERN_WINDOW);
	assert_int_equal(pattern_undecided(pattern), 1);
	assert_false(pattern_holds(pattern, subject, 66));
	assert_int_equal(pattern_undecided(pattern), 2);
	free(subject);
	pattern_free(pattern);
}

static void octets_are_octets(void **state)
{
	static const char subject[] = "\0\xff\xc3(\0evil\0";
	struct pattern *pattern = new_pattern("\\x00(ev..)\\x00");
	struct pattern_match match;
	size_t at = 0;

	(void)state;
	assert_true(pattern_find(pattern, subject, sizeof(subject) - 1, &at, &match));
	assert_int_equal(match.whole_at, 4);
	assert_int_equal(match.at, 5);
	assert_int_equal(match.len, 4);
	assert_false(pattern_holds(pattern, subject, 0));
	pattern_free(pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_match_is_found_once),
		cmocka_unit_test(a_match_over_a_border_is_found_once),
		cmocka_unit_test(windows_are_no_ends),
		cmocka_unit_test(costly_patterns_are_refused),
		cmocka_unit_test(ordinary_patterns_are_taken),
		cmocka_unit_test(a_match_that_ends_before_it_begins_is_none),
		cmocka_unit_test(what_is_no_pattern_says_where),
		cmocka_unit_test(undecided_windows_are_counted),
		cmocka_unit_test(octets_are_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
