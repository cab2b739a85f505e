/* SPDX-License-Identifier: MIT */
/* extract: what in a text is a name and what only looks like one, at any place in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crawler/extract.h"

#define LISTED_SIZE 4096
#define FAR         ((size_t)264 * 1024) /* octets: over more than one reading */
#define READING     ((size_t)256 * 1024)
#define NEAR        ((size_t)248 * 1024) /* before the first has ended */

static struct extract *new_extract(const char *tags)
{
	struct error err = {0};
	struct extract *extract = extract_new(tags, &err);

	assert_non_null(extract);
	return extract;
}

static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void read_text(struct extract *extract, const char *text, size_t len)
{
	struct error err = {0};
	int fd = file_of(text, len);

	assert_int_equal(extract_read(extract, fd, "text", &err), FT_OK);
	close(fd);
}

/* The names with their tags, a blank between two. */
static void list(const struct extract *extract, char out[LISTED_SIZE])
{
	const struct target_set *names = extract_names(extract);
	char text[NAME_TEXT_SIZE];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < names->count; i++) {
		const char *tags = names->targets[i]->tags;

		name_to_text(text, names->targets[i]->name);
		used += (size_t)snprintf(out + used, LISTED_SIZE - used, "%s%s%s%s",
					 i > 0 ? " " : "", text, tags != NULL ? " " : "",
					 tags != NULL ? tags : "");
	}
}

static void assert_names(const char *text, const char *names)
{
	struct extract *extract = new_extract("");
	char listed[LISTED_SIZE];

	read_text(extract, text, strlen(text));
	list(extract, listed);
	if (strcmp(listed, names) != 0)
		fail_msg("in '%s' there is '%s', not '%s'", text, listed, names);
	extract_free(extract);
}

static void names_stand_in_sentences(void **state)
{
	(void)state;
	assert_names("", "");
	assert_names("evil.com", "evil.com");
	assert_names("Go to evil.com. Or a.co.uk, (b.org); \"c.net\"!",
		     "evil.com a.co.uk b.org c.net");
	assert_names("first.com second.com FIRST.Com", "first.com second.com");
	assert_names("*.wild.example.com wait...evil.com", "wild.example.com evil.com");
	assert_names("_evil.com_ **bad.com** -- worse.com-", "evil.com bad.com worse.com");
	assert_names("<b>evil.com</b><br/>bad.com<td>worse.com", "evil.com bad.com worse.com");
	assert_names("evil.com,bad.com;worse.com|worst.com",
		     "evil.com bad.com worse.com worst.com");
	assert_names("evil.com\r\nbad.com\n", "evil.com bad.com");
	assert_names("It is _evil.com_.", "evil.com");
	assert_names("_dmarc.evil.com", "_dmarc.evil.com");
}

static void defanged_names_are_names(void **state)
{
	static const char *const forms[] = {"lure[.]example[.]com",
					    "lure(.)example(.)com",
					    "lure{.}example{.}com",
					    "lure[dot]example[dot]com",
					    "lure(dot)example.com",
					    "lure{DOT}example[Dot]com",
					    "lure[ . ]example.com",
					    "lure [dot] example ( dot ) com",
					    "lure\\.example\\.com",
					    "hxxp://lure.example.com",
					    "hxxps[:]//lure[.]example[.]com/x",
					    "hxxp[://]lure[.]example.com",
					    "lure%2Eexample%2ecom",
					    "lure&#46;example&#x2E;com",
					    "lure&period;example.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		assert_names(forms[i], "lure.example.com");
	assert_names("www[.]x[.]com", "www.x.com");
	assert_names("lure dot example dot com", "");
	assert_names("lure[dot}example[comma]com [.] (dot)", "");
}

static void urls_and_addresses_give_their_host(void **state)
{
	(void)state;
	assert_names("http://evil.com/a.com/b.org?c.net#d.de x", "evil.com");
	assert_names("see HTTPS://Evil.Com:8443/run.sh", "evil.com");
	assert_names("evil.com:8080/run.sh evil.org?x=run.sh", "evil.com evil.org");
	assert_names("ftp://user:pw@host.de/x", "host.de");
	assert_names("http://www.bank.com@evil.ru/", "evil.ru");
	assert_names("http://www.bank.com:80@evil.ru/login.pl", "evil.ru");
	assert_names("http://good.com/x@y.com", "good.com y.com");
	assert_names("http://a.com/?u=http://b.com/x.pl&v=www.c.com", "a.com b.com www.c.com");
	assert_names("http%3A%2F%2Fevil.com%2Frun.pl", "evil.com");
	assert_names("http://%65vil.com/", "evil.com");
	assert_names("href=\"//cdn.example.net/x.pl\"", "cdn.example.net");
	assert_names("http:\\/\\/evil.com\\/run.pl", "evil.com");
	assert_names("Joe <joe.doe@mail.example.org>", "mail.example.org");
	assert_names("joe.doe[@]mail[.]example[.]org", "mail.example.org");
	assert_names("joe.doe (at) mail.example.org", "mail.example.org");
	assert_names("joe.doe%40mail.example.org", "mail.example.org");
	assert_names("http://192.0.2.1/run.sh http://[2001:db8::1]/run.sh", "");
}

static void other_texts_are_no_names(void **state)
{
	(void)state;
	assert_names("index.html foo.exe e.g. i.e. 1.2.3.4 v1.2.3 main.c notes.txt a.b", "");
	assert_names("com co.uk duckdns.org unlisted.example", "");
	assert_names("4.3.2.1.in-addr.arpa hidden.onion", "");
	assert_names("/usr/lib/libx.so src/main.rs C:\\Users\\go.pl file:///home/run.sh "
		     "file:///run.sh",
		     "");
	assert_names("-.com a..com .com com. [.]com", "");
	assert_names("a\\..com \\.com \\", "");
	assert_names("x = list.open(file); pcm_type.name", "");
	assert_names("evil.com(192.0.2.1) http://bad.com(x a_b.worse.com",
		     "evil.com bad.com a_b.worse.com");
	assert_names("%", "");
	assert_names("a.%zz.com%", "zz.com"); /* a "%" that is no escape parts names */
	assert_names("0x5bf076a8.com a-b.co!m", "0x5bf076a8.com a-b.co");
}

/* They may be either: what stands before tells. */
static void archives_and_films_are_files_where_they_stand_bare(void **state)
{
	(void)state;
	assert_names("invoice.zip clip.mov", "");
	assert_names("http://invoice.zip/ www.clip.mov joe@post.zip",
		     "invoice.zip www.clip.mov post.zip");
}

static void names_of_other_scripts_become_a_labels(void **state)
{
	(void)state;
	assert_names("bücher.de", "xn--bcher-kva.de");
	assert_names("“bücher.de” …evil.com", "xn--bcher-kva.de evil.com");
	assert_names("evil.com、bad.com。", "evil.com bad.com");
	assert_names("https://xn--bcher-kva.de/ http://b%C3%BCcher.de/", "xn--bcher-kva.de");
	assert_names("\xe9vil.com \xff.com \xc3(evil.org", "vil.com evil.org");
}

static void escapes_of_json_part_names(void **state)
{
	(void)state;
	assert_names("\"names:\\nevil.com\\tbad.com\\r\\n\"", "evil.com bad.com");
	assert_names("\\u003cevil.com\\u003e\\x3cbad.com\\x3e", "evil.com bad.com");
}

static void nuls_part_names(void **state)
{
	static const char text[] = "evil.com\0bad.com\0\0worse.\0com";
	struct extract *extract = new_extract("");
	char listed[LISTED_SIZE];

	(void)state;
	read_text(extract, text, sizeof(text));
	list(extract, listed);
	assert_string_equal(listed, "evil.com bad.com");
	extract_free(extract);
}

static void long_words_are_no_names(void **state)
{
	char *text = malloc(FAR + 16);
	char label[80];

	(void)state;
	assert_non_null(text);
	memset(label, 'a', sizeof(label));
	memcpy(label + 64, ".com", 5);
	assert_names(label, "");            /* a label of 64 octets */
	assert_names(label + 1, label + 1); /* of 63 */
	memset(text, 'a', FAR);
	memcpy(text + FAR, ".com evil.com", 14);
	assert_names(text, "evil.com");
	for (size_t i = 1; i < FAR; i += 2)
		text[i] = '.';
	memcpy(text + FAR - 1, "x.com evil.com", 15);
	assert_names(text, "evil.com");
	free(text);
}

/* Its rest, once the text has been read on, is none either. */
static void what_is_left_of_a_long_word_is_no_name(void **state)
{
	char *text = malloc(FAR);

	(void)state;
	assert_non_null(text);
	for (size_t len = READING - 4; len < READING + 16; len++) {
		memset(text, 'a', len);
		memcpy(text + len, ".com evil.com", 14);
		assert_names(text, "evil.com");
	}
	free(text);
}

/* Where a name stands in a piece of text. */
struct piece {
	const char *before;
	const char *dot;
	const char *behind;
};

/*
 * Fills text with blanks, and from NEAR + shift on with pieces, each with a name of its own;
 * returns how many there are.
 */
static size_t fill(char *text, size_t shift, const struct piece *piece)
{
	char one[64];
	size_t count = 0;
	size_t at = NEAR + shift;

	memset(text, ' ', FAR);
	for (; at + sizeof(one) < FAR; count++) {
		int len = snprintf(one, sizeof(one), "%sn%04u%sexample%scom%s", piece->before,
				   (unsigned)count, piece->dot, piece->dot, piece->behind);

		memcpy(text + at, one, (size_t)len);
		at += (size_t)len;
	}
	return count;
}

/* Past the places at which a text is read on, whatever stands there. */
static void names_stand_at_any_place(void **state)
{
	static const struct piece piece = {"hxxp://", "[.]", "/x.pl "};
	char *text = malloc(FAR);

	(void)state;
	assert_non_null(text);
	for (size_t shift = 0; shift < 40; shift++) {
		struct extract *extract = new_extract("");
		size_t count = fill(text, shift, &piece);

		read_text(extract, text, FAR);
		assert_int_equal(extract_names(extract)->count, count);
		extract_free(extract);
	}
	free(text);
}

/* Writes a file of patterns, and adds it to extract. */
static int add_patterns(struct extract *extract, const char *ini, struct error *err)
{
	char path[64];
	int fd = file_of(ini, strlen(ini));
	int result;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	result = extract_add_patterns(extract, path, err);
	close(fd);
	return result;
}

static void patterns_find_names_with_tags(void **state)
{
	static const char ini[] =
		"[storm]\nmatch = (?i)lure=([a-z0-9.,-]{1,253})\nfamily = storm\n"
		"[code]\nmatch = [a-z]{3,9}\\[[.]\\]biz\ntag = seen=code\ntag = kind=2\n";
	static const char text[] = "evil.com code[.]biz lure=no,name LURE=code.org lure=lost "
				   "lure=evil.com zed.net";
	struct extract *extract = new_extract("list=a");
	struct error err = {0};
	char listed[LISTED_SIZE];

	(void)state;
	assert_int_equal(add_patterns(extract, ini, &err), FT_OK);
	read_text(extract, text, strlen(text));
	read_text(extract, "lure=next.org", 13);
	list(extract, listed);
	assert_string_equal(listed, "evil.com list=a family=storm "
				    "code.biz list=a seen=code kind=2 "
				    "code.org list=a family=storm zed.net list=a "
				    "next.org list=a family=storm");
	extract_free(extract);
}

/* Matches that are longer than their name, and such as look back and as are cut easily. */
static void patterns_match_at_any_place(void **state)
{
	static const char ini[] =
		"[a]\nmatch = <lure host=(n[0-9]{4}\\.[a-z.]{1,60})>\nfamily = storm\n"
		"[b]\nmatch = (?<=host=)n[0-9]{4}\\.example\\.com\ntag = b=1\n"
		"[c]\nmatch = [a-z0-9.]{12,60}\ntag = c=1\n";
	static const struct piece piece = {"<lure host=", ".", "> "};
	char *text = malloc(FAR);

	(void)state;
	assert_non_null(text);
	for (size_t shift = 0; shift < 33; shift += 3) {
		struct extract *extract = new_extract("");
		size_t count = fill(text, shift, &piece);
		struct error err = {0};

		assert_int_equal(add_patterns(extract, ini, &err), FT_OK);
		read_text(extract, text, FAR);
		assert_int_equal(extract_names(extract)->count, count);
		for (size_t i = 0; i < count; i++)
			assert_string_equal(extract_names(extract)->targets[i]->tags,
					    "family=storm b=1 c=1");
		assert_int_equal(extract_undecided(extract), 0);
		extract_free(extract);
	}
	free(text);
}

static void wrong_patterns_name_their_section(void **state)
{
	static const char *const wrong[][2] = {
		{"[slow]\nmatch = (a+)+$\n",
		 "line 2: [slow] match: the pattern may take too long"},
		{"[open]\nmatch = a(b\n",
		 "[open] match: no pattern: missing closing parenthesis"},
		{"[two]\nmatch = a\nmatch = b\n", "line 3: [two] match: a second match"},
		{"[none]\nfamily = storm\n", "the section at line 1 has no match"},
		{"[none]\ntag = a=b\n[x]\nmatch = a\n", "the section at line 1 has no match"},
		{"[a]\nmatch = a\ntag = storm\n", "[a] tag: 'storm' is no tag"},
		{"[a]\nmatch = a\nfamily = a b\n", "[a] family: "},
		{"[a]\nmatch = a\nflow = x\n", "'flow' is none of match, family and tag"},
		{"", "holds no pattern"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct extract *extract = new_extract("");
		struct error err = {0};

		assert_int_equal(add_patterns(extract, wrong[i][0], &err), FT_FAIL);
		if (strstr(err.text, wrong[i][1]) == NULL)
			fail_msg("'%s', not '%s'", err.text, wrong[i][1]);
		extract_free(extract);
	}
}

/* The trial has not seen what this repeats: four octets together. */
static void undecided_windows_are_counted(void **state)
{
	static const char ini[] = "[deep]\nmatch = (?:abcd)+=([a-z.]{1,99})\n";
	struct extract *extract = new_extract("");
	struct error err = {0};
	char listed[LISTED_SIZE];
	char text[6000];

	(void)state;
	assert_int_equal(add_patterns(extract, ini, &err), FT_OK);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "abcd"[i % 4];
	memcpy(text + sizeof(text) - 11, " evil.com =", 11);
	read_text(extract, text, sizeof(text));
	assert_int_equal(extract_undecided(extract), 1);
	list(extract, listed);
	assert_string_equal(listed, "evil.com");
	extract_free(extract);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_in_sentences),
		cmocka_unit_test(defanged_names_are_names),
		cmocka_unit_test(urls_and_addresses_give_their_host),
		cmocka_unit_test(other_texts_are_no_names),
		cmocka_unit_test(archives_and_films_are_files_where_they_stand_bare),
		cmocka_unit_test(names_of_other_scripts_become_a_labels),
		cmocka_unit_test(escapes_of_json_part_names),
		cmocka_unit_test(nuls_part_names),
		cmocka_unit_test(long_words_are_no_names),
		cmocka_unit_test(what_is_left_of_a_long_word_is_no_name),
		cmocka_unit_test(names_stand_at_any_place),
		cmocka_unit_test(patterns_find_names_with_tags),
		cmocka_unit_test(patterns_match_at_any_place),
		cmocka_unit_test(wrong_patterns_name_their_section),
		cmocka_unit_test(undecided_windows_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
