/* SPDX-License-Identifier: MIT */
/* IANA's registries: the longest key, the better URL, and files that are none or odd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "crawler/rdap_services.h"

static struct rdap_services *read_text(const char *json)
{
	struct error err = {0};
	struct rdap_services *services = rdap_services_read(json, strlen(json), &err);

	if (services == NULL)
		fail_msg("%s", err.text);
	return services;
}

/* url NULL: there is none. */
static void name_gives(const char *json, const char *name, const char *url)
{
	struct rdap_services *services = read_text(json);
	const char *got = rdap_services_of_name(services, name);

	if (url == NULL)
		assert_null(got);
	else
		assert_string_equal(got, url);
	rdap_services_free(services);
}

static void address_gives(const char *json, const char *text, const char *url)
{
	struct rdap_services *services = read_text(json);
	struct server_address server;
	struct error err = {0};
	const char *got;

	assert_int_equal(server_address_parse(&server, text, &err), FT_OK);
	got = rdap_services_of_address(services, &server.ip);
	if (url == NULL)
		assert_null(got);
	else
		assert_string_equal(got, url);
	rdap_services_free(services);
}

static void test_names(void **state)
{
	static const char json[] =
		"{\"services\": [[[\"net\", \"com\"], [\"https://a.example/\"]],"
		" [[\"co.com\"], [\"https://b.example/\"]], [[\"COM\"], "
		"[\"https://c.example/\"]],"
		" [[\"\"], [\"https://d.example/\"]]]}";

	(void)state;
	name_gives(json, "example.com", "https://a.example/");
	name_gives(json, "example.net", "https://a.example/");
	name_gives(json, "www.co.com", "https://b.example/");
	name_gives(json, "co.com", "https://b.example/");
	name_gives(json, "xco.com", "https://a.example/");
	name_gives(json, "Example.COM", "https://a.example/");
	name_gives(json, "example.xcom", NULL);
	name_gives(json, "om", NULL);
	name_gives(json, "example.org", NULL);
}

static void test_addresses(void **state)
{
	static const char v4[] =
		"{\"services\": [[[\"8.0.0.0/8\", \"9.0.0.0/8\"], [\"https://a.example/\"]],"
		" [[\"8.128.0.0/9\"], [\"https://b.example/\"]],"
		" [[\"8.128.0.1/32\"], [\"https://c.example/\"]]]}";
	static const char v6[] =
		"{\"services\": [[[\"2001:200::/23\"], [\"https://a.example/\"]],"
		" [[\"::/0\"], [\"https://b.example/\"]]]}";

	(void)state;
	address_gives(v4, "8.127.255.255", "https://a.example/");
	address_gives(v4, "9.0.0.0", "https://a.example/");
	address_gives(v4, "8.128.0.0", "https://b.example/");
	address_gives(v4, "8.128.0.1", "https://c.example/");
	address_gives(v4, "10.0.0.0", NULL);
	address_gives(v4, "[800::]", NULL);
	address_gives(v6, "[2001:3ff:ffff::1]", "https://a.example/");
	address_gives(v6, "[2001:400::]", "https://b.example/");
	address_gives(v6, "32.1.2.0", NULL);
}

static void test_urls(void **state)
{
	(void)state;
	name_gives(
		"{\"services\": [[[\"x\"], [\"http://a.example/\", \"HTTPS://b.example/\"]]]}",
		"a.x", "HTTPS://b.example/");
	name_gives("{\"services\": [[[\"x\"], [\"http://a.example/\"]]]}", "a.x",
		   "http://a.example/");
	name_gives(
		"{\"services\": [[[\"x\"], [\"ftp://a.example/\", \"file:///x\", \"\", 7]]]}",
		"a.x", NULL);
	name_gives("{\"services\": [[[\"x\"], [\"https://a b/\", \"https://a\\u001b/\","
		   " \"https://a/?\", \"https://\\u00e9/\", \"https://a\\\\b/\"]]]}",
		   "a.x", NULL);
	name_gives("{\"services\": [[[\"b.x\"], [\"ftp://a.example/\"]],"
		   " [[\"x\"], [\"https://c.example/\"]]]}",
		   "a.b.x", "https://c.example/");
}

static void test_odd(void **state)
{
	static const char odd[] =
		"{\"services\": [7, [], [7], [[7, null], [\"https://a.example/\"]], [[\"x\"]],"
		" {\"a\": 1}, [[\"x/1\", \"1/\", \"/\", \"1.2.3.4/33\", \"1.2.3.4/-1\","
		" \"1.2.3.4/8x\", \"1.2.3/8\", \"1.2.3.4\", \"::/129\"], "
		"[\"https://b.example/\"]],"
		" [[\"x\"], \"https://c.example/\"]]}";

	(void)state;
	name_gives(odd, "a.x", NULL);
	address_gives(odd, "1.2.3.4", NULL);
	address_gives(odd, "[::1]", NULL);
}

static void test_refused(void **state)
{
	static const char *const files[] = {"",        "{",
					    "[]",      "7",
					    "{}",      "{\"services\": []}",
					    "<html>x", "{\"services\": {\"a\": 1}}"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct error err = {0};

		assert_null(rdap_services_read(files[i], strlen(files[i]), &err));
		assert_int_equal(err.code, FT_FAIL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),   cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_urls),    cmocka_unit_test(test_odd),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
