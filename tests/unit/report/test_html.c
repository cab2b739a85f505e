/* SPDX-License-Identifier: MIT */
/* report/html: what is written shows and does nothing, and can be had back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"

/* What html_text() makes of text; the caller's to free. */
static char *shown(const char *text)
{
	char *page = NULL;
	size_t len;
	FILE *out = open_memstream(&page, &len);

	assert_non_null(out);
	html_text(out, text);
	fclose(out);
	return page;
}

static void shows(const char *text, const char *expected)
{
	char *page = shown(text);

	assert_string_equal(page, expected);
	free(page);
}

static void markup_is_text(void **state)
{
	(void)state;
	shows("<b a=\"x\" c='y'>&amp;</b>",
	      "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;");
	shows("a\\000b.example", "a\\000b.example");
	shows("Gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x90\x99",
	      "Gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x90\x99");
	shows(NULL, "\xe2\x80\x93");
	shows("", "");
}

static void what_hides_is_named(void **state)
{
	(void)state;
	shows("a\xe2\x80\xae"
	      "b",
	      "a&#x27e8;U+202E&#x27e9;b");
	shows("\xe2\x81\xa6", "&#x27e8;U+2066&#x27e9;");
	shows("\xe2\x80\x8b", "&#x27e8;U+200B&#x27e9;");
	shows("\xef\xbb\xbf", "&#x27e8;U+FEFF&#x27e9;");
	shows("\xf3\xa0\x81\x81", "&#x27e8;U+E0041&#x27e9;");
	shows("\r\n\t\x1b\x7f",
	      "&#x27e8;U+000D&#x27e9;&#x27e8;U+000A&#x27e9;&#x27e8;U+0009&#x27e9;"
	      "&#x27e8;U+001B&#x27e9;&#x27e8;U+007F&#x27e9;");
	shows("\xc2\x85", "&#x27e8;U+0085&#x27e9;");
	/* The bracket itself, so that a text that holds "U+202E" in brackets is another. */
	shows("\xe2\x9f\xa8U+202E\xe2\x9f\xa9", "&#x27e8;U+27E8&#x27e9;U+202E\xe2\x9f\xa9");
}

static void broken_utf8_is_bytes(void **state)
{
	(void)state;
	shows("\xff", "&#x27e8;0xFF&#x27e9;");
	shows("\xc3", "&#x27e8;0xC3&#x27e9;");
	shows("\xc3<", "&#x27e8;0xC3&#x27e9;&lt;");
	shows("\xc0\xbc", "&#x27e8;0xC0&#x27e9;&#x27e8;0xBC&#x27e9;"); /* "<", overlong */
	shows("\xe0\x80\xbc", "&#x27e8;0xE0&#x27e9;&#x27e8;0x80&#x27e9;&#x27e8;0xBC&#x27e9;");
	shows("\xed\xa0\x80", "&#x27e8;0xED&#x27e9;&#x27e8;0xA0&#x27e9;&#x27e8;0x80&#x27e9;");
	shows("\xf4\x90\x80\x80", "&#x27e8;0xF4&#x27e9;&#x27e8;0x90&#x27e9;&#x27e8;0x80&#x27e9;"
				  "&#x27e8;0x80&#x27e9;");
}

/* Each octet alone: nothing that acts comes through, and no two look alike. */
static void every_octet_is_its_own(void **state)
{
	char *seen[256] = {0};

	(void)state;
	for (int i = 1; i < 256; i++) {
		const char text[] = {(char)i, '\0'};

		seen[i] = shown(text);
		assert_null(strpbrk(seen[i], "<>\"'\r\n\t"));
		for (int j = 1; j < i; j++)
			assert_string_not_equal(seen[i], seen[j]);
	}
	for (int i = 1; i < 256; i++)
		free(seen[i]);
}

/* What write() writes; the caller's to free. */
static char *written(void (*write)(FILE *out))
{
	char *page = NULL;
	size_t len;
	FILE *out = open_memstream(&page, &len);

	assert_non_null(out);
	write(out);
	fclose(out);
	return page;
}

static void write_print(FILE *out)
{
	html_print(out, "<p title=\"%s\">%s</p>", "\"><i>", "a & b");
}

static void write_badges(FILE *out)
{
	html_badge(out, "flux");
	html_badge(out, "<i>");
	html_badge(out, NULL);
}

static void texts_in_markup_are_escaped(void **state)
{
	char *page = written(write_print);

	(void)state;
	assert_string_equal(page, "<p title=\"&quot;&gt;&lt;i&gt;\">a &amp; b</p>");
	free(page);
	page = written(write_badges);
	assert_string_equal(page, "<b class=\"badge bad\">flux</b>"
				  "<b class=\"badge plain\">&lt;i&gt;</b>"
				  "<b class=\"badge plain\">unknown</b>");
	free(page);
}

static void write_table(FILE *out)
{
	static const char *const heads[] = {"Name", "Times", "Seen"};
	static const char *const cells[] = {"<a>", "7", NULL};
	static const struct html_table table = {
		.caption = "Names & times", .kinds = "hrt", .heads = heads};

	html_table_begin(out, &table);
	html_row(out, &table, cells);
	html_table_end(out);
}

static void a_table_has_heads_with_scope(void **state)
{
	char *page = written(write_table);

	(void)state;
	assert_non_null(strstr(page, "<caption>Names &amp; times</caption>"));
	assert_non_null(strstr(page, "<th scope=\"col\">Name</th>"
				     "<th scope=\"col\" class=\"r\">Times</th>"));
	assert_non_null(strstr(page,
			       "<tr><th scope=\"row\">&lt;a&gt;</th><td class=\"r\">7</td>"
			       "<td class=\"t\">\xe2\x80\x93</td></tr>"));
	free(page);
}

static void write_page(FILE *out)
{
	static const struct html_link links[] = {{"index.html", "All"}, {0}};

	html_begin(out, "</title><script>", links);
	html_end(out, NULL);
}

static void a_page_forbids_what_it_does_not_have(void **state)
{
	char *page = written(write_page);

	(void)state;
	assert_ptr_equal(strstr(page, "<!DOCTYPE html>\n<html lang=\"en\">"), page);
	assert_non_null(strstr(page, "content=\"default-src 'none'; style-src 'sha256-"));
	assert_null(strstr(page, "unsafe"));
	assert_null(strstr(page, "<script"));
	assert_non_null(strstr(page, "<h1>&lt;/title&gt;&lt;script&gt;</h1>"));
	assert_non_null(strstr(page, "<a href=\"index.html\">All</a>"));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_text),
		cmocka_unit_test(what_hides_is_named),
		cmocka_unit_test(broken_utf8_is_bytes),
		cmocka_unit_test(every_octet_is_its_own),
		cmocka_unit_test(texts_in_markup_are_escaped),
		cmocka_unit_test(a_table_has_heads_with_scope),
		cmocka_unit_test(a_page_forbids_what_it_does_not_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
