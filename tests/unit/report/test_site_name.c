/* SPDX-License-Identifier: MIT */
/* report/site_name: every text has a file name of its own that does nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/site_name.h"

static struct error err;

static void gives(const char *text, const char *expected)
{
	char name[SITE_NAME_SIZE];

	assert_int_equal(site_name(name, text, &err), FT_OK);
	assert_string_equal(name, expected);
}

/* What the name was made of, read back by the rule of the header. */
static void read_back(char *out, const char *name)
{
	while (*name != '\0') {
		char digits[3] = "";

		if (*name != '_') {
			*out++ = *name++;
			continue;
		}
		memcpy(digits, name + 1, 2);
		*out++ = (char)strtoul(digits, NULL, 16);
		name += 3;
	}
	*out = '\0';
}

/* No octet that a shell, a URL or a file system minds, and no upper case, which some fold. */
static bool is_safe(const char *name)
{
	return name[0] != '.' && name[0] != '-' && name[0] != '\0' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == strlen(name);
}

static void each_octet_anywhere_can_be_had_back(void **state)
{
	char name[SITE_NAME_SIZE];
	char back[SITE_NAME_SIZE];

	(void)state;
	for (unsigned first = 1; first < 256; first++) {
		for (unsigned second = 0; second < 256; second++) {
			const char text[] = {(char)first, (char)second, 'a', '\0'};

			assert_int_equal(site_name(name, text, &err), FT_OK);
			assert_true(is_safe(name));
			read_back(back, name);
			assert_string_equal(back, text);
		}
	}
}

static void names_stay_readable(void **state)
{
	(void)state;
	gives("supersameas.com", "supersameas.com");
	gives("a-b.example.co.uk", "a-b.example.co.uk");
	gives("_dmarc.a.org", "_5fdmarc.a.org");
	gives("a\\032b.org", "a_5c032b.org");
	gives("Storm", "_53torm");
	gives("", "_");
}

static void nothing_hides_climbs_or_is_a_device(void **state)
{
	(void)state;
	gives(".", "_2e");
	gives("..", "_2e.");
	gives("../../etc/passwd", "_2e._2f.._2fetc_2fpasswd");
	gives("-rf", "_2drf");
	gives("con", "_63on");
	gives("nul.example", "_6eul.example");
	gives("com1.example", "_63om1.example");
	gives("lpt9", "_6cpt9");
	gives("cone.example", "cone.example");
	gives("common.example", "common.example");
	gives("comx", "comx");
}

static void long_names_are_cut_and_differ(void **state)
{
	char text[1005];
	char name[SITE_NAME_SIZE];
	char other[SITE_NAME_SIZE];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[SITE_NAME_MAX] = '\0';
	gives(text, text);
	text[SITE_NAME_MAX] = 'a';
	text[SITE_NAME_MAX + 1] = '\0';
	/* printf 'a%.0s' {1..129} | sha256sum */
	gives(text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa__"
		    "c12cb024a2e5551cca0e08fce8f1c5e314555cc3fef6329ee994a3db752166ae");
	memset(text, '\\', sizeof(text));
	text[1004] = '\0';
	assert_int_equal(site_name(name, text, &err), FT_OK);
	text[1003] = '.';
	assert_int_equal(site_name(other, text, &err), FT_OK);
	assert_true(strlen(name) <= SITE_NAME_MAX && is_safe(name));
	assert_int_equal(strncmp(name, other, 60), 0);
	assert_string_not_equal(name, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_octet_anywhere_can_be_had_back),
		cmocka_unit_test(names_stay_readable),
		cmocka_unit_test(nothing_hides_climbs_or_is_a_device),
		cmocka_unit_test(long_names_are_cut_and_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
