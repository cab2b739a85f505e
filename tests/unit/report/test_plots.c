/* SPDX-License-Identifier: MIT */
/* report/plots: where marks stand, how coarse a plot says it is, and series that hold nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/plot.h"
#include "report/plots.h"

/* What draw makes of the series in text; the caller's to free. */
static char *drawn(void (*draw)(FILE *out, const json_t *series), const char *text)
{
	json_t *series = json_loads(text, 0, NULL);
	char *page = NULL;
	size_t len;
	FILE *out = open_memstream(&page, &len);

	assert_non_null(series);
	assert_non_null(out);
	draw(out, series);
	fclose(out);
	json_decref(series);
	return page;
}

static void has(const char *page, const char *part)
{
	if (strstr(page, part) == NULL)
		fail_msg("not found: %s\nin: %s", part, page);
}

static void scales_meet_the_frame(void **state)
{
	const struct plot plot = {.height = 100};

	(void)state;
	assert_float_equal(plot_x(0), PLOT_LEFT, 1e-9);
	assert_float_equal(plot_x(1), PLOT_RIGHT, 1e-9);
	assert_float_equal(plot_y(&plot, 0, 50), PLOT_TOP + 100, 1e-9);
	assert_float_equal(plot_y(&plot, 50, 50), PLOT_TOP, 1e-9);
	assert_float_equal(plot_y(&plot, 0, 0), PLOT_TOP + 100, 1e-9);
	assert_float_equal(plot_slot_x(0, 1), (PLOT_LEFT + PLOT_RIGHT) / 2.0, 1e-9);
}

static void axis(FILE *out, const json_t *series)
{
	static const struct plot plot = {.height = 100};

	plot_value_axis(out, &plot, json_figure(series, "most"));
}

/* The values that an axis up to most has lines at, as text. */
static void has_values(const char *most, const char *first, const char *last, int lines)
{
	char *page = drawn(axis, most);
	int count = 0;

	has(page, first);
	has(page, last);
	for (const char *at = page; (at = strstr(at, "<path")) != NULL; at++)
		count++;
	assert_int_equal(count, lines);
	free(page);
}

static void an_axis_has_few_round_values(void **state)
{
	(void)state;
	has_values("{\"most\": 0}", ">0</text>", ">0</text>", 1);
	has_values("{\"most\": 1}", ">0</text>", ">1</text>", 2);
	has_values("{\"most\": 7}", ">2</text>", ">6</text>", 4);
	has_values("{\"most\": 86400}", ">20000</text>", ">80000</text>", 5);
	has_values("{\"most\": 4294967295}", ">1000000000</text>", ">4000000000</text>", 5);
}

/* Two nodes and four slots, of 144 units each from 52 on: their middles are 124 and 556. */
static const char two_nodes[] =
	"{\"first\": \"2008-05-01T12:00:00Z\", \"last\": \"2008-05-01T13:00:00Z\","
	" \"networks\": {\"rows\": [{\"name\": \"AS1000\", \"rank\": 1, \"nodes\": 1}],"
	"  \"others_nodes\": 0, \"unknown_nodes\": 1},"
	" \"addresses\": {\"nodes\": 2, \"per_row\": 1, \"rows\": 2, \"slots\": 4, \"every\": "
	"1,"
	"  \"dots\": [[0, 0, 1, 1], [0, 3, 1, 1], [1, 3, 0, 1]]}}";

static void a_node_is_a_line_with_its_sightings(void **state)
{
	char *page = drawn(plot_addresses, two_nodes);

	(void)state;
	/* Rows of 14 units from 10 on: their middles are 17 and 31. */
	has(page, "class=\"life\" d=\"M124.0 17.0H556.0M556.0 31.0H556.0\"");
	has(page, "class=\"dot c1 s1\" d=\"M124.0 17.0h0M556.0 17.0h0\"");
	has(page, "class=\"dot c0 s1\" d=\"M556.0 31.0h0\"");
	has(page, "Each row is one address");
	has(page, "2008-05-01 12:30:00");
	has(page, "AS1000");
	has(page, "other or not known");
	assert_null(strstr(page, "about one in"));
	free(page);
}

static void a_coarse_plot_says_so(void **state)
{
	char *page = drawn(
		plot_addresses,
		"{\"addresses\": {\"nodes\": 3540, \"per_row\": 59, \"rows\": 60, \"slots\": "
		"160,"
		" \"every\": 45, \"dots\": [[0, 0, 0, 1], [0, 1, 0, 14], [0, 2, 0, 15]]}}");

	(void)state;
	has(page, "Each row is 59 addresses");
	has(page, "about one in 45");
	has(page, "dot c0 s1");
	has(page, "dot c0 s2");
	has(page, "dot c0 s3");
	free(page);
}

static void curves_end_at_the_edge(void **state)
{
	char *page =
		drawn(plot_growth,
		      "{\"growth\": {\"lookups\": 4, \"points\": [[1, 5], [2, 10], [4, 20]],"
		      " \"fixed\": [[1, 5.0], [2, 7.5], [4, 9.4]],"
		      " \"pool\": {\"size\": 10, \"lookups\": 2, \"drawn\": 5}}}");

	(void)state;
	has(page, "class=\"curve\" d=\"M196.0 160.0L340.0 110.0L628.0 10.0\"");
	has(page, "class=\"curve fixed\" d=\"M196.0 160.0L340.0 135.0L628.0 116.0\"");
	has(page, "<td class=\"r\">4</td><td class=\"r\">20</td><td class=\"r\">9</td>");
	has(page, "first half of the lookups (2)");
	free(page);
	page = drawn(plot_growth, "{\"growth\": {\"lookups\": 1, \"points\": [[1, 2]],"
				  " \"fixed\": [[1, 2.0]], \"pool\": {\"size\": 2}}}");
	has(page, "d=\"M628.0 10.0h0\"");
	free(page);
}

static void a_ttl_is_a_range_of_a_slot(void **state)
{
	char *page = drawn(plot_ttl, "{\"ttl\": {\"slots\": 4, \"lowest\": 0, \"highest\": 60,"
				     " \"points\": [[0, 30, 60], [3, 0, 0]]}}");

	(void)state;
	has(page, "M124.0 70.1V10.0M556.0 130.1V130.0");
	free(page);
	page = drawn(plot_ttl, "{\"ttl\": {\"slots\": 4, \"lowest\": 0, \"highest\": 0,"
			       " \"points\": [[0, 0, 0]]}}");
	has(page, "M124.0 130.1V130.0");
	free(page);
}

static void a_nameserver_is_a_line_of_stretches(void **state)
{
	char *page = drawn(
		plot_nameservers,
		"{\"nameservers\": {\"total\": 30, \"slots\": 4, \"lines\": ["
		"{\"name\": \"<ns>\", \"stretches\": [[0, 0], [2, 3]], \"changes\": [2]}]}}");

	(void)state;
	has(page, "class=\"named\" d=\"M52.0 30.0H196.0M340.0 30.0H628.0\"");
	has(page, "class=\"change\" d=\"M412.0 25.0v10\"");
	has(page, ">&lt;ns&gt;</text>");
	has(page, "Shown are the 1 named most of 30");
	free(page);
}

static void bars(FILE *out, const json_t *series)
{
	plot_shares(out, series, "Countries", "Country");
}

static void bars_add_up(void **state)
{
	char *page =
		drawn(bars, "{\"rows\": [{\"name\": \"DE\", \"rank\": 1, \"nodes\": 50}],"
			    " \"others\": 3, \"others_nodes\": 25, \"unknown_nodes\": 25}");

	(void)state;
	has(page, "DE</th><td class=\"r\">50</td><td class=\"r\">50.0 %</td>");
	has(page, "<rect class=\"c1\" width=\"100.0\"");
	has(page, "3 others</th><td class=\"r\">25</td><td class=\"r\">25.0 %</td>");
	has(page, "<rect class=\"c0\" width=\"50.0\"");
	free(page);
	page = drawn(bars, "{\"rows\": [], \"others\": 0, \"unknown_nodes\": 9}");
	has(page, "not known of any address");
	free(page);
}

static void nothing_is_a_sentence(void **state)
{
	static void (*const draws[])(FILE *, const json_t *) = {plot_addresses, plot_growth,
								plot_ttl, plot_nameservers};

	(void)state;
	for (size_t i = 0; i < sizeof(draws) / sizeof(draws[0]); i++) {
		char *page = drawn(draws[i], "{}");

		assert_ptr_equal(strstr(page, "<p>No"), page);
		assert_null(strstr(page, "<svg"));
		free(page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scales_meet_the_frame),
		cmocka_unit_test(an_axis_has_few_round_values),
		cmocka_unit_test(a_node_is_a_line_with_its_sightings),
		cmocka_unit_test(a_coarse_plot_says_so),
		cmocka_unit_test(curves_end_at_the_edge),
		cmocka_unit_test(a_ttl_is_a_range_of_a_slot),
		cmocka_unit_test(a_nameserver_is_a_line_of_stretches),
		cmocka_unit_test(bars_add_up),
		cmocka_unit_test(nothing_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
