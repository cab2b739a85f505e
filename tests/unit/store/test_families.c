/* SPDX-License-Identifier: MIT */
/* Families on a real server: what a file comes to, what it replaces, and what imports nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "index_home.h"
#include "store/families.h"

static int import(const char *name, const char *text, struct family_totals *totals,
		  struct error *err)
{
	char path[PATH_SIZE];

	assert_int_equal(path_join(path, index_home, name, err), FT_OK);
	assert_int_equal(file_replace(path, text, strlen(text), err), FT_OK);
	return import_families(&index_db, path, totals, err);
}

static struct family_totals imports(const char *name, const char *text)
{
	struct family_totals totals;
	struct error err = {0};

	if (import(name, text, &totals, &err) != FT_OK)
		fail_msg("%s", err.text);
	return totals;
}

static void refuses(const char *text, const char *reason)
{
	struct family_totals totals;
	struct error err = {0};

	assert_int_not_equal(import("bad.ini", text, &totals, &err), FT_OK);
	if (strstr(err.text, reason) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, reason);
	assert_string_equal(
		index_value(&index_db, "select count(*) from family where source = 'bad.ini'"),
		"0");
}

static void a_file_tells_all_of_a_family(void **state)
{
	struct family_totals totals;

	(void)state;
	totals = imports("mine.ini", "# ours\n[Waledac]\nalias = Waled\nnode = proxy\n"
				     "flow = tcp/80 = + - @ \"it\" \\ <b>\nflow = udp/65535\n"
				     "sign = a\\tb\nalias = W32/Waledac\nsign = Z\xc3\xbcrich\n"
				     "reference = https://a.example/?b=c;d\n");
	assert_int_equal(totals.families, 1);
	assert_int_equal(totals.added, 1);
	assert_int_equal(totals.replaced, 0);
	assert_string_equal(
		index_value(&index_db, "select family_facts('w32/waledac') - 'node_means'"),
		"{\"node\": \"proxy\", \"flows\": [{\"note\": \"= + - @ \\\"it\\\" \\\\ <b>\", "
		"\"port\": 80, \"protocol\": \"tcp\"}, {\"note\": null, \"port\": 65535, "
		"\"protocol\": \"udp\"}], \"signs\": [\"a\\\\tb\", \"Z\xc3\xbcrich\"], "
		"\"family\": \"waledac\", \"aliases\": [\"Waled\", \"W32/Waledac\"], "
		"\"references\": [\"https://a.example/?b=c;d\"]}");
}

static void a_source_replaces_what_it_said(void **state)
{
	struct family_totals totals;

	(void)state;
	imports("mine.ini", "[a]\nnode = proxy\n[b]\nnode = proxy\n[c]\nnode = proxy\n");
	imports("other.ini", "[a]\nnode = proxy\n");
	totals = imports("mine.ini", "[a]\nnode = proxy\n[b]\nnode = command\n");
	assert_int_equal(totals.families, 2);
	assert_int_equal(totals.added, 1);
	assert_int_equal(totals.replaced, 2);
	assert_string_equal(index_value(&index_db,
					"select string_agg(name || ' ' || node || ' ' || "
					"source, ',' order by name, source) from family where "
					"replaced_at is null and source <> 'built-in'"),
			    "a proxy mine.ini,a proxy other.ini,b command mine.ini");
	totals = imports("mine.ini", "[A]\nnode = proxy\n[b]\nnode = command\n");
	assert_int_equal(totals.added + totals.replaced, 0);
}

static void a_fault_imports_nothing(void **state)
{
	(void)state;
	refuses("", "bad.ini holds no family");
	refuses("[a]\nnode = proxy\nnodes = 7\n", "line 3: there is no 'nodes'");
	refuses("[a]\nnode = proxy\n[b]\nnode = server\n",
		"line 4: a node is command or proxy");
	refuses("[a]\nnode = proxy\nnode = proxy\n", "line 3: it has a node already");
	refuses("[a]\nnode = proxy\n[b]\nnode = proxy\n[A]\nnode = proxy\n",
		"line 6: there is a section [A] already");
	refuses("[a]\nalias = b\n[b]\nnode = proxy\n", "the family a has no node");
	refuses("[b]\nnode = proxy\n[a]\nalias = b\n", "bad.ini: the family a has no node");
	refuses("[a b]\nnode = proxy\n", "line 2: the name of its family holds more than");
	refuses("[a']\nnode = proxy\n", "line 2: the name of its family holds more than");
	refuses("[a]\nnode = proxy\nsign = \xff\n", "line 3: not UTF-8");
}

static void a_flow_is_a_protocol_and_a_port(void **state)
{
	static const char *const bad[] = {
		"447",          "udp",    "udp/",     "udp/x",         "udp/0",   "udp/65536",
		"udp/447x",     "udp/-1", "udp/ 447", "sctp/447",      "UDP/447", "udp:447",
		"udp/00447447", "udp447", "udpx/447", "tcp/4294967297"};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[a]\nnode = proxy\nflow = %s\n", bad[i]);
		refuses(text, "line 3: a flow is udp or tcp, a slash, a port");
	}
}

static void what_comes_with_the_program_stays_ours(void **state)
{
	struct family_totals totals;
	struct error err = {0};

	(void)state;
	assert_int_equal(import("built-in", "[a]\nnode = proxy\n", &totals, &err), FT_USAGE);
	assert_int_equal(import_families(&index_db, "-", &totals, &err), FT_USAGE);
	assert_int_equal(import_families(&index_db, "/nonexistent/a", &totals, &err), FT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_tells_all_of_a_family, index_reset_test),
		cmocka_unit_test_setup(a_source_replaces_what_it_said, index_reset_test),
		cmocka_unit_test_setup(a_fault_imports_nothing, index_reset_test),
		cmocka_unit_test(a_flow_is_a_protocol_and_a_port),
		cmocka_unit_test(what_comes_with_the_program_stays_ours),
	};

	return cmocka_run_group_tests(tests, index_home_setup, index_home_teardown);
}
