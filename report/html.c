/* SPDX-License-Identifier: MIT */
#include "report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "report/html_style.h"
#include "store/sha256.h"

#define BRACKET 0x27e8 /* begins what stands for what is unseen */

static void put_ascii(FILE *out, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", out);
		break;
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	case '\'':
		fputs("&#39;", out);
		break;
	default:
		fputc(c, out);
	}
}

void html_text(FILE *out, const char *text)
{
	const char *in = text != NULL ? text : "\xe2\x80\x93";

	while (*in != '\0') {
		uint32_t point;
		size_t len = utf8_read(in, &point);

		if (len == 0)
			fprintf(out, "&#x27e8;0x%02X&#x27e9;", (unsigned char)*in);
		else if (point == BRACKET || utf8_is_unseen(point))
			fprintf(out, "&#x27e8;U+%04X&#x27e9;", (unsigned)point);
		else if (len == 1)
			put_ascii(out, *in);
		else
			fwrite(in, 1, len, out);
		in += len > 0 ? len : 1;
	}
}

void html_print(FILE *out, const char *markup, ...)
{
	va_list texts;

	va_start(texts, markup);
	for (const char *at = markup; *at != '\0'; at++) {
		if (*at != '%') {
			fputc(*at, out);
			continue;
		}
		assert(at[1] == 's');
		html_text(out, va_arg(texts, const char *));
		at++;
	}
	va_end(texts);
}

/* SHA-256 in base64, as a content security policy wants it (RFC 4648, 4). */
static void put_style_hash(FILE *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t sum[SHA256_LEN + 1] = {0};
	struct sha256 *sha = sha256_new();

	if (sha == NULL)
		return; /* without memory the page has no style, and says all the same */
	sha256_add(sha, html_style, html_style_len);
	sha256_end(sha, sum);
	sha256_free(sha);
	for (size_t i = 0; i < SHA256_LEN; i += 3) {
		uint32_t bits = (uint32_t)sum[i] << 16 | (uint32_t)sum[i + 1] << 8 |
				(i + 2 < SHA256_LEN ? sum[i + 2] : 0u);

		for (unsigned shift = 18; shift <= 18; shift -= 6)
			fputc(i + 2 >= SHA256_LEN && shift == 0 ? '='
								: digits[bits >> shift & 63],
			      out);
	}
}

static void put_links(FILE *out, const struct html_link *links)
{
	if (links == NULL)
		return;
	fputs("<nav aria-label=\"Site\"><ul>", out);
	for (; links->href != NULL; links++) {
		fputs("<li>", out);
		html_link(out, links->href, links->text);
		fputs("</li>", out);
	}
	fputs("</ul></nav>\n", out);
}

void html_begin(FILE *out, const char *title, const struct html_link *links)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'sha256-",
	      out);
	put_style_hash(out);
	fputs("'; base-uri 'none'; form-action 'none'\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
	      out);
	html_print(out, "<title>%s - fluxtrack</title>\n<style>", title);
	fwrite(html_style, 1, html_style_len, out);
	fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
	      "content</a>\n",
	      out);
	put_links(out, links);
	html_print(out, "<main id=\"main\" tabindex=\"-1\">\n<h1>%s</h1>\n", title);
}

void html_end(FILE *out, const char *footer)
{
	fputs("</main>\n", out);
	if (footer != NULL)
		html_print(out, "<footer><p>%s</p></footer>\n", footer);
	fputs("</body>\n</html>\n", out);
}

void html_link(FILE *out, const char *href, const char *text)
{
	assert(strchr(href, ':') == NULL && href[0] != '/');
	html_print(out, "<a href=\"%s\">%s</a>", href, text);
}

/* The class that colours a verdict; the others stay plain. */
static const char *class_of(const char *verdict)
{
	static const struct {
		const char *word;
		const char *class;
	} classes[] = {
		{"flux", "bad"},       {"double-flux", "bad"}, {"suspect", "warn"},
		{"sinkholed", "good"}, {"dead", "good"},
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i].word, verdict) == 0)
			return classes[i].class;
	return "plain";
}

void html_badge(FILE *out, const char *verdict)
{
	const char *word = verdict != NULL ? verdict : "unknown";

	html_print(out, "<b class=\"badge %s\">%s</b>", class_of(word), word);
}

void html_section_begin(FILE *out, int level, const char *id, const char *heading)
{
	assert(level >= 2 && level <= 6);
	html_print(out, "<section aria-labelledby=\"%s\">\n", id);
	fprintf(out, "<h%d id=\"", level);
	html_print(out, "%s\">%s", id, heading);
	fprintf(out, "</h%d>\n", level);
}

void html_section_end(FILE *out)
{
	fputs("</section>\n", out);
}

void html_facts_begin(FILE *out)
{
	fputs("<dl>\n", out);
}

void html_fact(FILE *out, const char *term, const char *text)
{
	html_print(out, "<dt>%s</dt><dd>%s</dd>\n", term, text);
}

void html_facts_end(FILE *out)
{
	fputs("</dl>\n", out);
}

static void put_head(FILE *out, const struct html_table *table, size_t column)
{
	bool sorts = table->sorted > 0 && (size_t)table->sorted == column + 1;

	fputs(table->kinds[column] == 'r' ? "<th scope=\"col\" class=\"r\""
					  : "<th scope=\"col\"",
	      out);
	fputs(sorts ? " aria-sort=\"other\">" : ">", out);
	if (table->hrefs != NULL)
		html_link(out, table->hrefs[column], table->heads[column]);
	else
		html_text(out, table->heads[column]);
	fputs("</th>", out);
}

void html_table_begin(FILE *out, const struct html_table *table)
{
	html_print(out,
		   "<div class=\"scroll\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">"
		   "<table>\n<caption>%s</caption>\n<thead><tr>",
		   table->caption, table->caption);
	for (size_t i = 0; table->kinds[i] != '\0'; i++)
		put_head(out, table, i);
	fputs("</tr></thead>\n<tbody>\n", out);
}

void html_row(FILE *out, const struct html_table *table, const char *const *cells)
{
	html_row_begin(out);
	for (size_t i = 0; table->kinds[i] != '\0'; i++) {
		html_cell_begin(out, table->kinds[i]);
		html_text(out, cells[i]);
		html_cell_end(out, table->kinds[i]);
	}
	html_row_end(out);
}

void html_row_begin(FILE *out)
{
	fputs("<tr>", out);
}

void html_cell_begin(FILE *out, char kind)
{
	fputs(kind == 'h'   ? "<th scope=\"row\">"
	      : kind == 'r' ? "<td class=\"r\">"
	      : kind == 't' ? "<td class=\"t\">"
			    : "<td>",
	      out);
}

void html_cell_end(FILE *out, char kind)
{
	fputs(kind == 'h' ? "</th>" : "</td>", out);
}

void html_row_end(FILE *out)
{
	fputs("</tr>\n", out);
}

void html_table_end(FILE *out)
{
	fputs("</tbody>\n</table></div>\n", out);
}
