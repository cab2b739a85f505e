/* SPDX-License-Identifier: MIT */
/* report/reporter: who reports, from a file that a person wrote, as JSON for the formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "report/reporter.h"

static char home[64];
static char path[PATH_SIZE];
static struct error err;

static int make_home(void **state)
{
	(void)state;
	snprintf(home, sizeof(home), "/tmp/fluxtrack-reporter.XXXXXX");
	return mkdtemp(home) == NULL ? -1 : path_join(path, home, "reporter.ini", &err);
}

static int remove_home(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(home);
}

static int read_text(struct reporter *reporter, const char *text)
{
	assert_int_equal(file_replace(path, text, strlen(text), &err), FT_OK);
	return reporter_read(reporter, home, &err);
}

static void refuses(const char *text, const char *reason)
{
	struct reporter reporter;

	assert_int_equal(read_text(&reporter, text), FT_FAIL);
	if (strstr(err.text, reason) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, reason);
}

static void a_file_is_read_and_told_as_json(void **state)
{
	struct reporter reporter;
	char *json;

	(void)state;
	assert_int_equal(read_text(&reporter,
				   "[reporter]\norg = CERT \"Z\xc3\xbcrich\" \\ <b>\n"
				   "contact = abuse+flux@cert.example\n"
				   "domain = cert.example ; ours\n"),
			 FT_OK);
	assert_string_equal(reporter.org, "CERT \"Z\xc3\xbcrich\" \\ <b>");
	assert_string_equal(reporter.contact, "abuse+flux@cert.example");
	assert_string_equal(reporter.domain, "cert.example");
	json = reporter_json(&reporter, &err);
	assert_string_equal(json,
			    "{\"org\":\"CERT \\\"Z\xc3\xbcrich\\\" \\\\ <b>\",\"contact\":"
			    "\"abuse+flux@cert.example\",\"domain\":\"cert.example\"}");
	free(json);
}

static void without_the_file_the_error_says_what_to_write(void **state)
{
	struct reporter reporter;

	(void)state;
	unlink(path);
	assert_int_equal(reporter_read(&reporter, home, &err), FT_FAIL);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, "write"));
	assert_non_null(strstr(err.text, "[reporter], org = NAME, contact = E-MAIL"));
}

static void what_is_wrong_in_it_is_said(void **state)
{
	(void)state;
	refuses("", "is not whole");
	refuses("[reporter]\norg = A\ncontact = a@b.example\n", "is not whole");
	refuses("[reporter]\ndomain = b.example\ncontact = a@b.example\n", "is not whole");
	refuses("[reporter]\norg = A\ndomain = b.example\n", "is not whole");
	refuses("[reporter]\norg = A\norg = B\n", "line 3: it was said before");
	refuses("[reporter]\nmail = A\n", "line 2: there are but org, contact and domain");
	refuses("[me]\norg = A\n", "line 2: there is but the section [reporter]");
}

static void contact_and_domain_are_what_they_should_be(void **state)
{
	static const char *const contacts[] = {
		"a",       "@b.example", "a@b",    "a b@c.example", "a@.example",
		"<a@b.c>", "a@b..c",     "a@b.c.", "a,b@c.d",       "a@b.example, c@d.example"};
	static const char *const domains[] = {
		"a",    "a b.example",      ".example",        "a..b",
		"a.b.", "http://a.example", "\xc3\xa9.example"};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(contacts) / sizeof(contacts[0]); i++) {
		snprintf(text, sizeof(text), "[reporter]\ncontact = %s\n", contacts[i]);
		refuses(text, "line 2: the contact is no e-mail address");
	}
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		snprintf(text, sizeof(text), "[reporter]\ndomain = %s\n", domains[i]);
		refuses(text, "line 2: the domain is none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_and_told_as_json),
		cmocka_unit_test(without_the_file_the_error_says_what_to_write),
		cmocka_unit_test(what_is_wrong_in_it_is_said),
		cmocka_unit_test(contact_and_domain_are_what_they_should_be),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
