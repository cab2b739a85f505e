/* SPDX-License-Identifier: MIT */
/* Signatures: what bears the codec lure and what does not, and the operator's file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crawler/signatures.h"

#define LINK  "<a href=\"/StormCodec8.exe\">Download it</a>"
#define TITLE "<title>I love you</title>"
#define TEXT  "You have no Storm Codec on your PC"

static char dir[64];
static char path[PATH_SIZE];

static int make_dir(void **state)
{
	struct error err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/fluxtrack-signatures.XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : path_join(path, dir, "s.ini", &err);
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static struct signatures *read_text(const char *text, struct error *err)
{
	assert_int_equal(file_replace(path, text, strlen(text), err), FT_OK);
	return signatures_new(path, err);
}

static void match(struct signatures *signatures, const char *head, const char *body,
		  struct signature_match *out)
{
	const struct signature_page page = {(const uint8_t *)head, strlen(head),
					    (const uint8_t *)body, strlen(body)};

	signatures_match(signatures, &page, out);
}

static void bears(const char *head, const char *body, const char *expected)
{
	struct error err = {0};
	struct signatures *signatures = signatures_new(NULL, &err);
	struct signature_match found;

	assert_non_null(signatures);
	match(signatures, head, body, &found);
	if (strcmp(found.names, expected) != 0)
		fail_msg("%s: bears '%s', not '%s'", body, found.names, expected);
	assert_int_equal(signatures_undecided(signatures), 0);
	signatures_free(signatures);
}

static void test_the_codec_lure(void **state)
{
	(void)state;
	bears("", TITLE LINK, "storm-codec");
	bears("", TEXT LINK, "storm-codec");
	bears("", TITLE "<a href=StormCodec.exe>", "storm-codec");
	bears("", "<TITLE> i LOVE you\r\n</TITLE> STORMCODEC.EXE", "storm-codec");
	bears("", "You have no Storm\r\n\tCodec on your PC" LINK, "storm-codec");
	bears("Refresh: 5; url=/StormCodec.exe\r\n", TITLE, "storm-codec");
	bears("", TEXT "<a href=Stormcodec7.exe>" LINK, "storm-codec");
}

/* Either half is innocent, and so is the genuine player. */
static void test_what_is_no_lure(void **state)
{
	(void)state;
	bears("", "", "");
	bears("", LINK, "");
	bears("", TITLE TEXT, "");
	bears("", TITLE TEXT "<a href=\"Stormcodec7.exe\">Download it</a>", "");
	bears("", TITLE "<a href=StormCodec88.exe>", "");
	bears("", TITLE "<a href=Brainstormcodec.exe>", "");
	bears("", TITLE "<a href=StormCodecXexe>", "");
	bears("", "<title>I love you, Bonnie</title>" LINK, "");
}

/* Octets of any kind before it, a NUL too, and far behind in a page. */
static void test_a_lure_among_octets(void **state)
{
	static uint8_t body[FETCH_BODY_MAX];
	const struct signature_page page = {.body = body, .body_len = sizeof(body)};
	struct error err = {0};
	struct signatures *signatures = signatures_new(NULL, &err);
	struct signature_match found;

	(void)state;
	assert_non_null(signatures);
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)i;
	memcpy(body, TITLE, strlen(TITLE));
	memcpy(body + sizeof(body) - strlen(LINK), LINK, strlen(LINK));
	signatures_match(signatures, &page, &found);
	assert_string_equal(found.names, "storm-codec");
	assert_string_equal(found.name, "storm-codec");
	assert_string_equal(found.family, "storm");
	signatures_free(signatures);
}

static void test_the_operators_own(void **state)
{
	struct error err = {0};
	struct signatures *signatures =
		read_text("[ecard]\nfamily = storm\nneed = ecard\\.exe\nneed = (?i)greeting\n"
			  "[any]\nneed = <title>\n",
			  &err);
	struct signature_match found;

	(void)state;
	if (signatures == NULL)
		fail_msg("%s", err.text);
	match(signatures, "", "ecard.exe", &found);
	assert_string_equal(found.names, "");
	assert_null(found.name);
	assert_string_equal(found.family, "");
	match(signatures, "", "Your GREETING: ecard.exe", &found);
	assert_string_equal(found.names, "ecard");
	assert_string_equal(found.family, "storm");
	match(signatures, "", "ECARD.EXE greeting", &found);
	assert_string_equal(found.names, "");
	match(signatures, "", TITLE "greeting ecard.exe", &found);
	assert_string_equal(found.names, "ecard any");
	assert_string_equal(found.name, "ecard");
	match(signatures, "", TITLE, &found);
	assert_string_equal(found.names, "any");
	assert_string_equal(found.family, "");
	match(signatures, "", TITLE LINK, &found);
	assert_string_equal(found.names, "storm-codec any");
	signatures_free(signatures);
}

/* The error ends with the reason, behind file and, where there is one, line. */
static void refuses(const char *text, const char *reason)
{
	struct error err = {0};
	const char *end;

	assert_null(read_text(text, &err));
	assert_int_equal(err.code, FT_FAIL);
	assert_memory_equal(err.text, path, strlen(path));
	end = strstr(err.text, reason);
	if (end == NULL)
		fail_msg("%s", err.text);
}

static void test_wrong_files(void **state)
{
	struct error err = {0};

	(void)state;
	refuses("[A]\nneed = x\n", "line 2: a name is of small letters");
	refuses("[a b]\nneed = x\n", "line 2: a name is of small letters");
	refuses("[aaaaaaaaaabbbbbbbbbbccccccccccdd]\nneed = x\n", "a name is of small letters");
	refuses("[a]\nneed = x\n[a]\nneed = y\n", "line 4: there is a signature a already");
	refuses("[storm-codec]\nneed = x\n", "there is a signature storm-codec already");
	refuses("[a]\nfamily = storm\n", "[a] needs nothing");
	refuses("[a]\nfamily = st orm\nneed = x\n", "line 2: a name is of small letters");
	refuses("[a]\nfamily = a\nfamily = b\nneed = x\n", "line 3: the family was said");
	refuses("[a]\nneeds = x\n", "line 2: there are but family and need");
	refuses("[a]\nneed = x(\n", "line 2: ");
	refuses("[a]\nneed = (x+x+)+y\n", "line 2: ");
	refuses("[a]\nneed=1\nneed=2\nneed=3\nneed=4\nneed=5\nneed=6\nneed=7\nneed=8\nneed=9\n",
		"line 10: more than 8 patterns");
	assert_null(signatures_new("/nowhere/s.ini", &err));
	assert_string_equal(err.text, "cannot open /nowhere/s.ini: No such file or directory");
}

/* As many as there can be: their names fit into the tags of a page. */
static void test_many_signatures(void **state)
{
	char text[SIGNATURES_MAX * 64] = "";
	struct error err = {0};
	struct signatures *signatures;
	struct signature_match found;
	size_t len = 0;

	(void)state;
	for (int i = 1; i < SIGNATURES_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"[a-name-of-thirty-one-letters-%02d]\nneed = x\n", i);
	signatures = read_text(text, &err);
	assert_non_null(signatures);
	match(signatures, "", TITLE LINK, &found);
	assert_int_equal(strlen(found.names), strlen("storm-codec") + 31 * 32);
	signatures_free(signatures);
	snprintf(text + len, sizeof(text) - len, "[one-more]\nneed = x\n");
	refuses(text, "more than 32 signatures");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_codec_lure),
		cmocka_unit_test(test_what_is_no_lure),
		cmocka_unit_test(test_a_lure_among_octets),
		cmocka_unit_test(test_the_operators_own),
		cmocka_unit_test(test_wrong_files),
		cmocka_unit_test(test_many_signatures),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
