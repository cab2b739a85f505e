/* SPDX-License-Identifier: MIT */
/* report/evidence_html: any dossier becomes a page, and what it holds from outside only shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/evidence_html.h"

#define HOSTILE "</pre></script><img src=x onerror='alert(1)'>\\u202e"

/* A dossier in which every text is hostile. */
static const char hostile[] =
	"{\"domain\": \"" HOSTILE "\", \"family\": \"" HOSTILE "\", \"written_at\": \"" HOSTILE
	"\", \"verdict\": \"" HOSTILE "\", \"score\": 0.5, \"as_of\": \"" HOSTILE
	"\", \"tags\": {\"" HOSTILE "\": \"" HOSTILE "\"}, \"reasons\": [\"" HOSTILE
	"\"], \"who_can_act\": {\"party\": \"" HOSTILE "\", \"zone\": \"" HOSTILE
	"\", \"why\": \"" HOSTILE "\", \"registrar\": \"" HOSTILE "\", \"asked_at\": \"" HOSTILE
	"\", \"abuse_email\": \"" HOSTILE "\"}, \"verdicts\": [{\"verdict\": \"" HOSTILE
	"\", \"from\": \"" HOSTILE "\", \"to\": null, \"reasons\": [\"" HOSTILE
	"\"]}, {\"verdict\": 7}], \"proves\": \"" HOSTILE
	"\", \"known_family\": {\"aliases\": [\"" HOSTILE
	"\"], \"flows\": [{\"note\": \"" HOSTILE "\"}], \"signs\": [\"" HOSTILE
	"\"], \"references\": [\"https://" HOSTILE "\"]}, \"related\": [{\"domain\": \"" HOSTILE
	"\"}], \"nameservers\": [{\"name\": \"" HOSTILE
	"\"}], \"nodes\": [{\"address\": \"" HOSTILE "\", \"reverse_name\": \"" HOSTILE
	"\"}], \"networks\": [{\"handle\": \"" HOSTILE "\", \"name\": \"" HOSTILE
	"\", \"abuse_email\": \"" HOSTILE "\"}], \"pages\": [{\"signatures\": [\"" HOSTILE
	"\"], \"server_header\": \"" HOSTILE "\", \"outcome\": \"" HOSTILE
	"\", \"segment\": \"" HOSTILE "\"}], \"observations\": [{\"names\": [\"" HOSTILE
	"\"], \"source\": \"" HOSTILE "\"}], \"chosen\": [{\"type\": \"" HOSTILE
	"\", \"message\": {\"hex\": \"" HOSTILE
	"\", \"decoded\": {\"question\": {\"name\": \"" HOSTILE
	"\"}, \"answer\": [{\"name\": \"" HOSTILE "\", \"data\": \"" HOSTILE
	"\"}], \"whole\": false}}}, {\"message\": null, \"message_missing\": \"" HOSTILE
	"\", \"made_up_from\": \"" HOSTILE "\"}], \"segments\": [{\"segment\": \"" HOSTILE
	"\"}], \"chain\": [{\"collector\": \"" HOSTILE
	"\", \"links\": [], \"omitted\": 3, \"head\": {}}],"
	" \"rules\": {\"holz\": {\"rule\": \"" HOSTILE "\", \"flux\": true}}}";

/* The page of dossier and plots; the caller's to free. */
static char *page_of(const char *dossier, const char *plots)
{
	struct evidence_page page = {.dossier = dossier, .plots = plots};
	struct error err = {0};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(evidence_page_write(&page, out, &err), FT_OK);
	fclose(out);
	return text;
}

static int count_of(const char *page, const char *part)
{
	int count = 0;

	for (const char *at = page; (at = strstr(at, part)) != NULL; at += strlen(part))
		count++;
	return count;
}

static void nothing_from_outside_acts(void **state)
{
	char *page = page_of(hostile, "{}");

	(void)state;
	assert_int_equal(count_of(page, "<img"), 0);
	assert_int_equal(count_of(page, "</script"), 0);
	assert_int_equal(count_of(page, "\xe2\x80\xae"), 0);
	assert_int_equal(count_of(page, "https://"), 1); /* as text, which is the reference's */
	assert_int_equal(count_of(page, "<a "), 1);      /* the one to the content */
	assert_int_equal(count_of(page, "<pre>"), count_of(page, "</pre>"));
	/* All are there: but for the hex, cut in pairs, and the name is the title and the
	 * heading. */
	assert_int_equal(count_of(page, "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;"),
			 count_of(hostile, "<img src=x onerror='alert(1)'>"));
	free(page);
}

static void a_dossier_may_lack_all(void **state)
{
	char *page = page_of("{}", "{}");

	(void)state;
	assert_non_null(strstr(page, "unknown</b>"));
	assert_non_null(strstr(page, "</html>"));
	free(page);
	page = page_of(
		"{\"reasons\": null, \"nodes\": {}, \"chosen\": [1, null], \"rules\": [],"
		" \"known_family\": \"x\", \"verdicts\": [null, 3]}",
		"{\"addresses\": {\"rows\": 1, \"dots\": [null, 3, []]}}");
	assert_non_null(strstr(page, "</html>"));
	free(page);
}

static void what_is_no_object_is_refused(void **state)
{
	static const char *const bad[] = {"", "[]", "{", "\"a\""};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct evidence_page page = {.dossier = bad[i], .plots = "{}"};

		assert_int_equal(evidence_page_write(&page, stdout, &err), FT_FAIL);
		assert_non_null(strstr(err.text, "the dossier"));
		page = (struct evidence_page){.dossier = "{}", .plots = bad[i]};
		assert_int_equal(evidence_page_write(&page, stdout, &err), FT_FAIL);
		assert_non_null(strstr(err.text, "the series"));
	}
}

/* Nodes n of {"nodes": [{}, {}, ...]}; the caller's to free. */
static char *dossier_of_nodes(int count)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	fputs("{\"nodes\": [", out);
	for (int i = 0; i < count; i++)
		fprintf(out, "%s{\"address\": \"node-%d\"}", i > 0 ? "," : "", i);
	fputs("]}", out);
	fclose(out);
	return text;
}

static void of_many_nodes_the_newest_are_shown(void **state)
{
	char *dossier = dossier_of_nodes(501);
	char *page = page_of(dossier, "{}");

	(void)state;
	assert_int_equal(count_of(page, ">node-"), 500);
	assert_null(strstr(page, ">node-500<"));
	assert_non_null(strstr(page, "Shown are 500 of 501"));
	free(page);
	free(dossier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_from_outside_acts),
		cmocka_unit_test(a_dossier_may_lack_all),
		cmocka_unit_test(what_is_no_object_is_refused),
		cmocka_unit_test(of_many_nodes_the_newest_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
