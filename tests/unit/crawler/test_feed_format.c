/* SPDX-License-Identifier: MIT */
/* Each format's sample: recognised by its content, with exactly these names, tags and refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "crawler/feed_csv.h"
#include "crawler/feed_format.h"

static const char *const own[] = {"ours.example", NULL};

static struct feed_totals totals;
static struct buf taken; /* "NAME TAGS\n" of each */

static int take(void *ctx, const char *name, const char *tags, struct error *err)
{
	(void)err;
	buf_printf(ctx, "%s%s%s\n", name, tags[0] != '\0' ? " " : "", tags);
	return FT_OK;
}

static int setup(void **state)
{
	(void)state;
	buf_init(&taken, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_fini(&taken);
	return 0;
}

static int read_file(const struct feed_format *format, const char *path, const char *tags,
		     struct error *err)
{
	static const struct listed_names none;
	struct feed_source source = {.name = "test", .path = path, .tags = tags, .own = own};
	struct feed_intake intake = {.source = &source,
				     .listed = &none,
				     .totals = &totals,
				     .put = take,
				     .ctx = &taken,
				     .shown = "sample"};

	totals = (struct feed_totals){0};
	buf_reset(&taken);
	return format->read(&intake, path, err);
}

static void expect_taken(const char *want)
{
	buf_put_u8(&taken, '\0');
	assert_true(buf_is_ok(&taken));
	assert_string_equal((const char *)taken.data, want);
}

static void expect_refused(const char *want)
{
	char refused[FEED_REFUSALS_SIZE];

	feed_refusals_text(refused, &totals);
	assert_string_equal(refused, want);
}

static void read_sample(const char *name, const char *format, const char *tags)
{
	char path[PATH_SIZE];
	struct error err = {0};
	const struct feed_format *found;

	assert_int_equal(path_join(path, FEEDS_DIR, name, &err), FT_OK);
	found = feed_format_recognise(path, &err);
	assert_non_null(found);
	assert_string_equal(found->name, format);
	if (read_file(found, path, tags, &err) != FT_OK)
		fail_msg("%s", err.text);
}

/* The same for text, in the given format. */
static int read_text(const char *format, const void *text, size_t len, struct error *err)
{
	char path[] = "/tmp/fluxtrack-feed.XXXXXX";
	int fd = mkstemp(path);
	int code;

	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, text, len, path, err), FT_OK);
	close(fd);
	code = read_file(feed_format_find(format), path, "", err);
	unlink(path);
	return code;
}

static void a_plain_list(void **state)
{
	(void)state;
	read_sample("plain.txt", "plain", "");
	expect_taken("alpha.example\nbeta.example\ngamma.example\ndelta.example\n"
		     "epsilon.example\nxn--mnchen-3ya.example family=storm\nalpha.example\n");
	expect_refused("1 no name, 1 address, 1 public suffix");
	assert_int_equal(totals.entries, 10);
}

static void a_hosts_file(void **state)
{
	(void)state;
	read_sample("hosts.txt", "hosts", "");
	expect_taken("zero.example\none.example\ntwo.example\nthree.example\nfour.example\n");
	/* localhost, broadcasthost, ip6-*; five.example has no address before it */
	expect_refused("5 no name, 4 address, 1 reserved");
}

static void a_feed_of_urlhaus(void **state)
{
	(void)state;
	read_sample("urlhaus.csv", "urlhaus", "");
	expect_taken("cards.one.example\ntwo.example\n");
	expect_refused("1 no name, 1 address");
}

static void a_feed_of_threatfox(void **state)
{
	(void)state;
	read_sample("threatfox.csv", "threatfox", "");
	expect_taken(
		"one.example family=storm_bot\ntwo.example\nthree.example family=kraken\n");
	expect_refused("1 address, 1 other kind");
}

static void a_feed_of_feodo_holds_addresses_alone(void **state)
{
	(void)state;
	read_sample("feodo.csv", "feodo", "");
	expect_taken("");
	expect_refused("2 address");
}

static void a_feed_of_openphish(void **state)
{
	(void)state;
	read_sample("openphish.txt", "openphish", "");
	expect_taken("login.one.example\ntwo.example\nthree.example\n");
	expect_refused("1 address");
}

static void a_feed_of_bambenek(void **state)
{
	(void)state;
	read_sample("bambenek.csv", "bambenek", "");
	expect_taken("ppaxnwhccfb.example family=kraken\nuhlwcgrhmet.example family=storm\n");
	expect_refused("1 no name");
}

static void a_file_of_dgarchive(void **state)
{
	(void)state;
	read_sample("dgarchive.json", "dgarchive", "");
	expect_taken("one.example family=kraken dga=a1\ntwo.example family=kraken dga=a1\n"
		     "three.example family=storm dga=00ff\n");
	expect_refused("1 no name, 1 address");
}

/* Two families in one event: it does not tell whose a name is. */
static void a_folder_of_misp(void **state)
{
	static const char names[] =
		"one.example family=storm_bot\n"
		"www.two.example family=storm_bot\n"
		"three.example family=storm_bot\nfour.example\nfive.example\n";

	(void)state;
	read_sample("misp", "misp", "");
	expect_taken(names);
	expect_refused("2 address, 2 other kind");
	read_sample("misp/manifest.json", "misp", "");
	expect_taken(names);
	read_sample("misp/5f0c1a2b-0000-4000-8000-000000000002.json", "misp", "");
	expect_taken("four.example\nfive.example\n");
}

static void our_tags_come_first(void **state)
{
	(void)state;
	read_sample("dgarchive.json", "dgarchive", "family=other x=1");
	expect_taken(
		"one.example family=other x=1 dga=a1\ntwo.example family=other x=1 dga=a1\n"
		"three.example family=other x=1 dga=00ff\n");
}

static void a_feed_cannot_say_who_names_it(void **state)
{
	static const char text[] = "a.example feed=trusted family=x\n";
	struct error err = {0};

	(void)state;
	assert_int_equal(read_text("plain", text, strlen(text), &err), FT_OK);
	expect_taken("a.example family=x\n");
}

static void poisoned_names_are_refused(void **state)
{
	static const char text[] =
		"a.local\nb.localhost\nc.invalid\nd.onion\n4.3.2.1.in-addr.arpa\n"
		"com.de\nours.example\nwww.OURS.example\nxours.example\n"
		"a.test\n";
	struct error err = {0};

	(void)state;
	assert_int_equal(read_text("plain", text, strlen(text), &err), FT_OK);
	expect_taken("xours.example\na.test\n");
	expect_refused("5 reserved, 1 public suffix, 2 own");
}

/* What was said on stderr while text was read, to out. */
static void listen(const char *text, char *out, size_t size)
{
	FILE *heard = tmpfile();
	int old = dup(STDERR_FILENO);
	struct error err = {0};
	int code;

	assert_non_null(heard);
	assert_true(dup2(fileno(heard), STDERR_FILENO) >= 0);
	code = read_text("plain", text, strlen(text), &err);
	dup2(old, STDERR_FILENO);
	close(old);
	assert_int_equal(code, FT_OK);
	rewind(heard);
	out[fread(out, 1, size - 1, heard)] = '\0';
	fclose(heard);
}

static void the_first_five_refusals_are_said(void **state)
{
	char said[2000];
	int lines = 0;

	(void)state;
	listen("a.example\n\x1b[2J\n192.0.2.1\na.local\nb.local\nc.local\nd.local\n", said,
	       sizeof(said));
	for (const char *at = said; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, 5);
	assert_null(strchr(said, '\x1b'));
	assert_non_null(strstr(said, "sample line 2: \"\\027[2J\""));
	assert_non_null(strstr(said, "sample line 6: \"c.local\" is a reserved name"));
	assert_int_equal(totals.refused[FEED_RESERVED], 4);
}

static void hostile_lines_are_bounded(void **state)
{
	static char text[200000];
	struct error err = {0};

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 150000, "\nb.example\0.net\nc.example\n", 26);
	assert_int_equal(read_text("plain", text, 150026, &err), FT_OK);
	expect_taken("c.example\n");
	expect_refused("1 no name, 1 too long");
	assert_int_equal(read_text("dgarchive", "{\"x_dga_1\": [\"a.example\"", 23, &err),
			 FT_FAIL);
	assert_int_equal(read_text("dgarchive", "[\"a.example\"]", 13, &err), FT_FAIL);
	assert_int_equal(read_text("dgarchive", "{\"x_dga_1\": 7}", 14, &err), FT_FAIL);
	assert_int_equal(read_text("misp", "{\"x_dga_1\": []}", 15, &err), FT_FAIL);
}

static void a_csv_without_its_columns_is_none(void **state)
{
	static const char text[] = "# id,host\n\"1\",\"http://a.example/\"\n";
	struct error err = {0};

	(void)state;
	assert_int_equal(read_text("urlhaus", text, strlen(text), &err), FT_FAIL);
	assert_non_null(strstr(err.text, "'url'"));
}

static void expect_fields(const char *text, const char *want)
{
	char line[200];
	char got[200] = "";
	struct csv_line fields;

	snprintf(line, sizeof(line), "%s", text);
	if (!csv_split(&fields, line)) {
		assert_null(want);
		return;
	}
	assert_non_null(want);
	for (size_t i = 0; i < fields.count; i++) {
		size_t used = strlen(got);

		snprintf(got + used, sizeof(got) - used, "<%s>", fields.fields[i]);
	}
	assert_string_equal(got, want);
}

static void a_line_of_csv(void **state)
{
	(void)state;
	expect_fields("a,b ,, c", "<a><b><><c>");
	expect_fields("\"a\", \"b,c\" ,\"\"", "<a><b,c><>");
	expect_fields("\"a \"\"b\"\"\",c\"d", "<a \"b\"><c\"d>");
	expect_fields("\" a \",", "< a ><>");
	expect_fields("", "<>");
	expect_fields("\"a", NULL);
	expect_fields("\"a\"b,c", NULL);
	expect_fields("\"a\"\"", NULL);
}

static void expect_format(const char *text, const char *want)
{
	char copy[400];

	snprintf(copy, sizeof(copy), "%s", text);
	assert_string_equal(feed_format_guess(copy)->name, want);
}

static void a_format_shows_in_the_first_lines(void **state)
{
	(void)state;
	expect_format("", "plain");
	expect_format("# only a comment, url_status\n", "plain");
	expect_format("a.example family=x\nhttp://b.example/\n", "plain");
	expect_format("hxxp://a.example/\n", "plain");
	expect_format("192.0.2.1\n192.0.2.2\n", "plain");
	expect_format("\n# x\n::1 a.example\n", "hosts");
	expect_format("http://a.example/x,y,z,http://b.example/\n", "openphish");
	expect_format("\xef\xbb\xbf{ \"x_dga_1\": []}", "dgarchive");
	expect_format("\n {\"Event\": {}}", "misp");
	expect_format("first_seen_utc,dst_ip\r\n", "feodo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_list),
		cmocka_unit_test(a_hosts_file),
		cmocka_unit_test(a_feed_of_urlhaus),
		cmocka_unit_test(a_feed_of_threatfox),
		cmocka_unit_test(a_feed_of_feodo_holds_addresses_alone),
		cmocka_unit_test(a_feed_of_openphish),
		cmocka_unit_test(a_feed_of_bambenek),
		cmocka_unit_test(a_file_of_dgarchive),
		cmocka_unit_test(a_folder_of_misp),
		cmocka_unit_test(our_tags_come_first),
		cmocka_unit_test(a_feed_cannot_say_who_names_it),
		cmocka_unit_test(poisoned_names_are_refused),
		cmocka_unit_test(the_first_five_refusals_are_said),
		cmocka_unit_test(hostile_lines_are_bounded),
		cmocka_unit_test(a_csv_without_its_columns_is_none),
		cmocka_unit_test(a_line_of_csv),
		cmocka_unit_test(a_format_shows_in_the_first_lines),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
