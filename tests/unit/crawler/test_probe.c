/* SPDX-License-Identifier: MIT */
/* The probe over a made-up HTTP (this file has http.h's functions): what is asked, what of it
 * is recorded, and when it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crawler/http.h"
#include "crawler/probe.h"
#include "store/segment_file.h"

#define HEAD "HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n"
#define LURE "<title>I love you</title><a href=StormCodec.exe>"

#define NODES_MAX 100

/* What was asked. */
static struct asked {
	char url[FETCH_URL_MAX + 1];
	struct address pin;
	struct http_request how;
	int64_t at_us;
} asked[NODES_MAX];
static size_t asked_count;
static size_t in_flight, in_flight_most;
static size_t refused; /* pieces of bodies that were not taken */
static char user_agent[100];

/* How it goes. */
static enum fetch_outcome outcome;
static const char *body;
static size_t fail_at;    /* this request cannot be started, 0 being the first */
static int fail_code;     /* FT_OK: all can */
static size_t signal_at;  /* with it comes SIGTERM */
static unsigned turns;    /* an answer takes so many */
static unsigned held;     /* turns that the oldest has been in flight */
static size_t body_times; /* how often the body comes, piece by piece */
static size_t body_more;  /* so often more from turn to turn */

struct http {
	size_t answered;
};

struct http *http_new(const struct http_options *options, struct error *err)
{
	(void)err;
	assert_non_null(options->loop);
	snprintf(user_agent, sizeof(user_agent), "%s", options->user_agent);
	return calloc(1, sizeof(struct http));
}

void http_free(struct http *http)
{
	free(http);
}

int http_start(struct http *http, const struct http_request *request, struct error *err)
{
	struct asked *one = &asked[asked_count];

	(void)http;
	if (fail_code != FT_OK && asked_count == fail_at) {
		fail_at = SIZE_MAX;
		return error_set(err, fail_code, "made up");
	}
	if (asked_count == signal_at)
		raise(SIGTERM);
	snprintf(one->url, sizeof(one->url), "%s", request->url);
	one->pin = *request->pin;
	one->how = *request;
	one->at_us = clock_boot_us(&clock_system);
	asked_count++;
	in_flight++;
	if (in_flight > in_flight_most)
		in_flight_most = in_flight;
	return FT_OK;
}

size_t http_in_flight(const struct http *http)
{
	(void)http;
	return in_flight;
}

static void give(const struct asked *one)
{
	struct http_answer answer = {.outcome = outcome,
				     .asked_wall_us = INT64_C(1207656000000000),
				     .asked_boot_us = 7,
				     .took_us = 1234,
				     .why = ""};

	if (outcome != FETCH_VETOED)
		answer.server = (struct server_address){one->pin, 8080};
	if (outcome == FETCH_ANSWERED || outcome == FETCH_CUT) {
		answer.status = 200;
		answer.head = HEAD;
		answer.head_len = strlen(HEAD);
		for (size_t i = 0; i < body_times; i++)
			refused += !one->how.take(one->how.ctx, body, strlen(body));
	}
	in_flight--;
	one->how.done(one->how.ctx, &answer);
}

void http_turn(struct http *http)
{
	if (in_flight == 0 || held++ < turns)
		return;
	held = 0;
	while (http->answered < asked_count)
		give(&asked[http->answered++]);
	body_times += body_more;
}

/* A probe of nodes: what it says of itself, and its records. */
static struct probe_node nodes[NODES_MAX];
static size_t node_count;
static struct probe_options options;
static struct probe_totals totals;
static char home[PATH_SIZE];
static char records[64 * 1024]; /* a line each */

static void add_node(const char *name, const char *tags)
{
	struct probe_node *node = &nodes[node_count];
	struct error err;

	assert_int_equal(name_from_text(&node->name, name, &err), FT_OK);
	node->address = (struct address){4, {192, 0, 2, (uint8_t)++node_count}};
	node->tags = tags;
}

static int setup(void **state)
{
	static const struct reach reach;
	struct error err;

	(void)state;
	asked_count = in_flight = in_flight_most = refused = node_count = 0;
	outcome = FETCH_ANSWERED;
	body = LURE;
	body_times = 1;
	fail_code = FT_OK;
	signal_at = SIZE_MAX;
	turns = held = 0;
	body_more = 0;
	options = (struct probe_options){.nodes = nodes,
					 .signatures = signatures_new(NULL, &err),
					 .reach = &reach,
					 .user_agent = "fluxtrack/0 (abuse@example)",
					 .path = "/",
					 .port = 80,
					 .timeout_s = 20};
	snprintf(home, sizeof(home), "/tmp/fluxtrack-probe.XXXXXX");
	return mkdtemp(home) == NULL || options.signatures == NULL ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	signatures_free(options.signatures);
	return nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void note_record(const struct segment_record *record)
{
	const struct segment_fetch *fetch = &record->fetch;
	char name[NAME_TEXT_SIZE], about[ADDRESS_TEXT_SIZE];
	size_t len = strlen(records);

	if (record->type == RECORD_TARGET) {
		name_to_text(name, record->target.name);
		snprintf(records + len, sizeof(records) - len, "target %s %.*s\n", name,
			 (int)record->target.tags_len, record->target.tags);
		return;
	}
	if (record->type != RECORD_FETCH)
		return;
	assert_int_equal(fetch->purpose, FETCH_PAGE);
	name_to_text(name, fetch->name);
	address_to_text(about, &fetch->about);
	snprintf(records + len, sizeof(records) - len,
		 "%s %s %d %u %.*s head %zu body %zu took %u [%.*s]\n", name, about,
		 (int)fetch->outcome, fetch->status, (int)fetch->url_len, fetch->url,
		 fetch->head_len, fetch->body_len, fetch->took_us, (int)fetch->tags_len,
		 fetch->tags);
}

static void read_segment(const char *path)
{
	struct error err;
	struct segment_file *file = segment_file_open(path, &err);
	struct segment_record record;
	uint32_t number;

	assert_non_null(file);
	while (segment_file_next(file, &record, &number, &err) == 1)
		note_record(&record);
	segment_file_close(file);
}

static int run(struct error *err)
{
	const struct spool_options how = {.home = home,
					  .vantage = "test",
					  .clock = &clock_system,
					  .reserve_bytes = PROBE_RESERVE};
	struct error closing;
	char **paths;
	size_t count;
	int code;

	options.spool = spool_open(&how, err);
	assert_non_null(options.spool);
	options.count = node_count;
	code = probe_run(&options, &totals, err);
	assert_int_equal(spool_close(options.spool, &closing), FT_OK);
	records[0] = '\0';
	assert_int_equal(segment_list(home, &paths, &count, &closing), FT_OK);
	for (size_t i = 0; i < count; i++)
		read_segment(paths[i]);
	segment_list_free(paths, count);
	return code;
}

static void runs(void)
{
	struct error err = {0};

	if (run(&err) != FT_OK)
		fail_msg("%s", err.text);
}

/* Each once, in the order given, at its own address and under its name. */
static void test_what_is_asked(void **state)
{
	(void)state;
	add_node("a.example", "");
	add_node("b.example", "");
	add_node("a.example", "");
	runs();
	assert_int_equal(asked_count, 3);
	assert_string_equal(asked[0].url, "http://a.example/");
	assert_string_equal(asked[1].url, "http://b.example/");
	for (size_t i = 0; i < 3; i++) {
		assert_true(address_equal(&asked[i].pin, &nodes[i].address));
		assert_ptr_equal(asked[i].how.reach, options.reach);
		assert_int_equal(asked[i].how.body_max, 262144);
		assert_int_equal(asked[i].how.timeout_ms, 20000);
		assert_int_equal(asked[i].how.connect_timeout_ms, 5000);
		assert_int_equal(asked[i].how.slow_octets_s, 100);
		assert_null(asked[i].how.headers);
	}
	assert_string_equal(user_agent, "fluxtrack/0 (abuse@example)");
}

static void test_another_port_and_path(void **state)
{
	(void)state;
	add_node("a.example", "");
	options.port = 8080;
	options.path = "/x?y";
	options.timeout_s = 3;
	runs();
	assert_string_equal(asked[0].url, "http://a.example:8080/x?y");
	assert_int_equal(asked[0].how.timeout_ms, 3000);
}

static void test_what_is_recorded(void **state)
{
	(void)state;
	body = "hello";
	add_node("a.example", "family=kraken");
	runs();
	assert_string_equal(records,
			    "a.example 192.0.2.1 0 200 http://a.example/ head 34 body 5 "
			    "took 1234 []\n");
	assert_int_equal(totals.asked, 1);
	assert_int_equal(totals.answered, 1);
	assert_int_equal(totals.bearing, 0);
}

/* Once a name: with the tags it has; its own family stays, an older lure does not. */
static void test_a_lure_is_tagged(void **state)
{
	(void)state;
	add_node("a.example", "");
	add_node("b.example", "family=kraken lure=old registrar=nic.ru");
	add_node("a.example", "");
	runs();
	assert_string_equal(
		records,
		"a.example 192.0.2.1 0 200 http://a.example/ head 34 body 48 took 1234 "
		"[storm-codec]\n"
		"target a.example lure=storm-codec family=storm\n"
		"b.example 192.0.2.2 0 200 http://b.example/ head 34 body 48 took 1234 "
		"[storm-codec]\n"
		"target b.example lure=storm-codec family=kraken registrar=nic.ru\n"
		"a.example 192.0.2.3 0 200 http://a.example/ head 34 body 48 took 1234 "
		"[storm-codec]\n");
	assert_int_equal(totals.bearing, 3);
}

/* The tags that a name has are not given up for one more; its page is on record all the same.
 */
static void test_no_room_for_a_tag(void **state)
{
	static char tags[TAGS_MAX + 1];

	(void)state;
	memset(tags, 'x', TAGS_MAX);
	add_node("a.example", tags);
	add_node("a.example", tags);
	runs();
	assert_null(strstr(records, "target"));
	assert_int_equal(totals.asked, 2);
	assert_int_equal(totals.bearing, 2);
}

static void test_failures_are_recorded(void **state)
{
	(void)state;
	outcome = FETCH_VETOED;
	add_node("a.example", "");
	runs();
	assert_string_equal(records, "a.example 192.0.2.1 7 0 http://a.example/ head 0 body 0 "
				     "took 1234 []\n");
	assert_int_equal(totals.asked, 1);
	assert_int_equal(totals.answered, 0);
	assert_int_equal(totals.vetoed, 1);
}

/* No more is kept than a record holds; what is cut there is told so by http.c. */
static void test_a_long_body(void **state)
{
	(void)state;
	outcome = FETCH_CUT;
	body = "0123456789abcdef";
	body_times = FETCH_BODY_MAX / 16 + 1;
	add_node("a.example", "");
	add_node("b.example", "");
	runs();
	assert_non_null(strstr(records, "a.example 192.0.2.1 1 200 http://a.example/ head 34 "
					"body 262144 took"));
	assert_int_equal(totals.answered, 2);
	assert_int_equal(refused, 2);
}

static void test_the_rate(void **state)
{
	(void)state;
	options.rate_per_s = 10;
	for (int i = 0; i < 4; i++)
		add_node("a.example", "");
	runs();
	assert_int_equal(asked_count, 4);
	assert_true(asked[3].at_us - asked[0].at_us >= 290000);
}

/* Nor does what one leaves behind come into the record of the next. */
static void test_no_more_than_32_at_once(void **state)
{
	(void)state;
	turns = 3;
	for (int i = 0; i < 70; i++)
		add_node("a.example", "");
	runs();
	assert_int_equal(asked_count, 70);
	assert_int_equal(in_flight_most, 32);
	assert_int_equal(totals.asked, 70);
	for (const char *at = records; (at = strstr(at, " body ")) != NULL; at++)
		if (strncmp(at, " body 48 ", 9) != 0)
			fail_msg("more than its own body: %.30s", at);
}

/* A name that makes no URL is passed over; a failure of ours ends the asking. */
static void test_what_cannot_be_asked(void **state)
{
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 3; i++)
		add_node("a.example", "");
	fail_at = 1;
	fail_code = FT_USAGE;
	runs();
	assert_int_equal(totals.asked, 2);

	asked_count = in_flight = 0;
	fail_at = 1;
	fail_code = FT_FAIL;
	assert_int_equal(run(&err), FT_FAIL);
	assert_string_equal(err.text, "made up");
	assert_int_equal(totals.asked, 1);
}

static void test_a_signal_ends_the_asking(void **state)
{
	(void)state;
	options.rate_per_s = 10;
	turns = 10;
	signal_at = 1;
	for (int i = 0; i < 50; i++)
		add_node("a.example", "");
	runs();
	assert_in_range(asked_count, 2, 3);
	assert_int_equal(totals.asked, asked_count);
}

/*
 * The disk takes what was reserved and no more. First come 32 pages that leave a little more
 * than half of 8 MiB, then 32 as long as can be.
 */
static void test_a_full_disk_loses_nothing(void **state)
{
	static char kib[1025];
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction before;
	struct rlimit limit, full;
	struct error err = {0};
	int code;

	(void)state;
	memset(kib, 'x', sizeof(kib) - 1);
	body = kib;
	body_times = 127;
	body_more = 129;
	for (int i = 0; i < NODES_MAX; i++)
		add_node("a.example", "");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	full = limit;
	full.rlim_cur = PROBE_RESERVE + 4096;
	sigaction(SIGXFSZ, &ignore, &before);
	setrlimit(RLIMIT_FSIZE, &full);
	code = run(&err);
	setrlimit(RLIMIT_FSIZE, &limit);
	sigaction(SIGXFSZ, &before, NULL);
	assert_int_equal(code, FT_AGAIN);
	assert_string_equal(err.text, "no space for the spool; free some");
	assert_int_equal(totals.asked, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_is_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_port_and_path, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_recorded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_lure_is_tagged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_room_for_a_tag, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failures_are_recorded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_long_body, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_rate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_more_than_32_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_cannot_be_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_signal_ends_the_asking, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_full_disk_loses_nothing, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
