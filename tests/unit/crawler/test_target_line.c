/* SPDX-License-Identifier: MIT */
/* A line of a list: the forms a name comes in, tags, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/target_line.h"

static struct target_line line;

static int parse(const char *text, struct error *err)
{
	*err = (struct error){0};
	return target_line_parse(&line, text, strlen(text), err);
}

static void expect_name(const char *text, const char *want)
{
	char name[NAME_TEXT_SIZE];
	struct error err;

	if (parse(text, &err) != 1)
		fail_msg("%s: %s", text, err.text);
	name_to_text(name, line.name.wire);
	assert_string_equal(name, want);
}

static void expect_refusal(const char *text, const char *reason)
{
	struct error err;

	if (parse(text, &err) != FT_USAGE)
		fail_msg("accepted: %s", text);
	if (strstr(err.text, reason) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", text, err.text, reason);
}

static void a_name_comes_in_many_forms(void **state)
{
	(void)state;
	expect_name("example.com", "example.com");
	expect_name("  example.com\r", "example.com");
	expect_name("\texample.com. ", "example.com");
	expect_name("*.Example.COM", "example.com");
	expect_name("_dmarc.ex-ample.co.uk", "_dmarc.ex-ample.co.uk");
	expect_name("xn--mnchen-3ya.de", "xn--mnchen-3ya.de");
}

static void defanged_names_and_urls_are_read(void **state)
{
	(void)state;
	expect_name("supersameas[.]com", "supersameas.com");
	expect_name("a(dot)b[DOT]c{.}example(.)com", "a.b.c.example.com");
	expect_name("hxxp://example[.]com/ecard.exe?x=1#top", "example.com");
	expect_name("hXXps[://]user:pw@www.example.com:8080/", "www.example.com");
	expect_name("http[:]//example.com", "example.com");
	expect_name("example.com/path", "example.com");
	expect_name("example.com:53", "example.com");
}

/* UTS #46, non-transitional: the sharp s stays a letter of its own. */
static void international_names_become_a_labels(void **state)
{
	(void)state;
	expect_name("m\xc3\xbcnchen.de", "xn--mnchen-3ya.de");
	expect_name("M\xc3\x9cNCHEN.de", "xn--mnchen-3ya.de");
	expect_name("fa\xc3\x9f.de", "xn--fa-hia.de");
	expect_name("example\xe3\x80\x82"
		    "com",
		    "example.com"); /* ideographic full stop */
}

static void tags_follow_and_comments_end_a_line(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(parse("a.example \t family=storm  x=1=2 # b=c", &err), 1);
	assert_string_equal(line.tags, "family=storm x=1=2");
	assert_int_equal(parse("a.example#x", &err), 1);
	assert_string_equal(line.tags, "");
	assert_int_equal(parse("", &err), 0);
	assert_int_equal(parse(" \r", &err), 0);
	assert_int_equal(parse("  # a.example", &err), 0);
}

static void addresses_are_refused_in_every_form(void **state)
{
	(void)state;
	expect_refusal("192.0.2.1", "address");
	expect_refusal("192[.]0[.]2[.]1", "address");
	expect_refusal("0x5bf076a8", "address");
	expect_refusal("1542485672", "address");
	expect_refusal("127.1", "address");
	expect_refusal("2001:db8::1", "address");
	expect_refusal("http://[2001:db8::1]:80/", "address");
	expect_refusal("http://192.0.2.1/ecard.exe", "address");
}

static void what_is_no_full_name_is_refused(void **state)
{
	(void)state;
	expect_refusal("localhost", "single label");
	expect_refusal("com.", "single label");
	expect_refusal("example.123", "top-level");
	expect_refusal("1.2.3.4.5", "top-level");
	expect_refusal("example.c0m", "top-level");
	expect_refusal("a!b.com", "character");
	expect_refusal("<html>", "character");
	expect_refusal("http://", "no name");
	expect_refusal("*.", "no name");
	expect_refusal("a..com", "a..com");
	expect_refusal("\xff\xfe.com", "UTF-8");
	expect_refusal("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
		       "63");
	expect_refusal("a.example storm", "key=value");
	expect_refusal("a.example =storm", "key=value");
	expect_refusal("a.example x=\xc3\xbc", "key=value");
}

static void the_reason_shows_hostile_bytes_escaped(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(parse("\x1b[2Jevil", &err), FT_USAGE);
	assert_null(strchr(err.text, '\x1b'));
	assert_non_null(strstr(err.text, "\\027[2Jevil"));
	assert_int_equal(target_line_parse(&line, "bank.com\0.evil.net", 18, &err), FT_USAGE);
	assert_non_null(strstr(err.text, "NUL"));
}

static void too_long_lines_and_tags_are_refused(void **state)
{
	char text[TARGET_LINE_MAX + 2];
	struct error err;

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "a.example", 9);
	assert_int_equal(target_line_parse(&line, text, TARGET_LINE_MAX, &err), 1);
	assert_int_equal(target_line_parse(&line, text, TARGET_LINE_MAX + 1, &err), FT_USAGE);
	assert_non_null(strstr(err.text, "4096"));
	memcpy(text + 10, "k=", 2);
	memset(text + 12, 'v', TAGS_MAX - 2);
	assert_int_equal(target_line_parse(&line, text, TARGET_LINE_MAX, &err), 1);
	assert_int_equal(strlen(line.tags), TAGS_MAX);
	text[12 + TAGS_MAX - 2] = 'v';
	assert_int_equal(target_line_parse(&line, text, TARGET_LINE_MAX, &err), FT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_comes_in_many_forms),
		cmocka_unit_test(defanged_names_and_urls_are_read),
		cmocka_unit_test(international_names_become_a_labels),
		cmocka_unit_test(tags_follow_and_comments_end_a_line),
		cmocka_unit_test(addresses_are_refused_in_every_form),
		cmocka_unit_test(what_is_no_full_name_is_refused),
		cmocka_unit_test(the_reason_shows_hostile_bytes_escaped),
		cmocka_unit_test(too_long_lines_and_tags_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
