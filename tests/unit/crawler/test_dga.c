/* SPDX-License-Identifier: MIT */
/* Kraken's names against those seen in 2008 and 2015, and the list we ship against Kraken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "crawler/dga.h"

#define APRIL_2008    1207612800 /* 2008-04-08 */
#define DECEMBER_2015 1450742400 /* 2015-12-22 */

struct vector {
	struct dga_key key;
	uint32_t index;
	const char *nex;
	const char *ex; /* NULL: not known */
};

#define V1A                                                                                    \
	{                                                                                      \
		1, 'a', 1, 0                                                                   \
	}
#define V1B                                                                                    \
	{                                                                                      \
		1, 'b', 1, 0                                                                   \
	}
#define V2A                                                                                    \
	{                                                                                      \
		2, 'a', 1, APRIL_2008                                                          \
	}
#define V2B                                                                                    \
	{                                                                                      \
		2, 'b', 1, APRIL_2008                                                          \
	}
#define LATER                                                                                  \
	{                                                                                      \
		2, 'a', 1, DECEMBER_2015                                                       \
	}

static const struct vector vectors[] = {
	{V1A, 0, "ibbwnhgh.mooo.com", "rbqdxflojkj.mooo.com"},
	{V1A, 1, "smhburg.dyndns.org", "bltjhzqp.dyndns.org"},
	{V1A, 2, "clwafrfuuxq.yi.org", "cffxugijxn.yi.org"},
	{V1A, 3, "ivxcxbj.dynserv.com", "etllejr.dynserv.com"},
	{V1B, 0, "hmhxnupkc.mooo.com", "quowesuqbbb.mooo.com"},
	{V1B, 1, "rffcteo.dyndns.org", "adrcgmzrm.dyndns.org"},
	{V1B, 2, "bdubefoeug.yi.org", "bpdyttrlp.yi.org"},
	{V1B, 3, "hovdworcxd.dynserv.com", "dljemwae.dynserv.com"},
	/* Here the length's remainder is negative. */
	{V1B, 226, "lvudwup.yi.org", NULL},
	{V2A, 0, "xrqrozw.com", "xjoumypzav.com"},
	{V2A, 5, "vugakxqwsei.net", "vswgwffevhu.net"},
	{V2A, 6, "qowbgvc.tv", "uopxytkjcq.tv"},
	{V2A, 7, "apcthmgtkl.cc", "szwhqndvnrjl.cc"},
	{V2A, 8, "vsdvzwt.com", "wixcaiktigew.com"},
	{V2B, 0, "koqsogw.com", "kvdrvvitpyq.com"},
	{V2B, 5, "ntweplov.net", "xeclakqcf.net"},
	{V2B, 6, "mhvgcpulddsh.tv", "yltbfmprdkbz.tv"},
	{V2B, 7, "oqaydzywn.cc", "nltnlmeaq.cc"},
	{V2B, 8, "wiuenfisleo.com", "wpodosail.com"},
	{LATER, 0, "xpdbwuimwag.com", "nwpegpjtx.com"},
	{LATER, 5, "lvctmusxcyz.net", "qxfbduci.net"},
	{LATER, 8, "vsdvzwt.com", "wixcaiktigew.com"},
};

static void generate(char out[DGA_NAME_SIZE], const struct dga_key *key, uint32_t index,
		     unsigned stream)
{
	struct error err;

	assert_int_equal(dga_find("kraken")->check(key, &err), FT_OK);
	dga_find("kraken")->generate(out, key, index, stream);
}

static void kraken_gives_the_known_names(void **state)
{
	char name[DGA_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];

		generate(name, &v->key, v->index, 0);
		assert_string_equal(name, v->nex);
		if (v->ex == NULL)
			continue;
		generate(name, &v->key, v->index, 1);
		assert_string_equal(name, v->ex);
	}
}

static void kraken_rolls_on_mondays_at_21_46_40(void **state)
{
	const int64_t roll = INT64_C(1207604800); /* 2008-04-07T21:46:40Z */
	struct dga_key before = {2, 'a', 1, roll - 1};
	struct dga_key after = {2, 'a', 1, roll};
	char name[DGA_NAME_SIZE];
	char other[DGA_NAME_SIZE];

	(void)state;
	generate(name, &after, 0, 0);
	assert_string_equal(name, "xrqrozw.com");
	generate(other, &before, 0, 0);
	assert_string_not_equal(other, name);
	after.time_s = roll + 604800 - 1;
	generate(name, &after, 0, 0);
	assert_string_equal(name, "xrqrozw.com");
	/* The week before the first is a week of its own: no week is counted twice. */
	before.time_s -= 604800;
	generate(name, &before, 0, 0);
	assert_string_not_equal(name, other);
}

static void kraken_before_its_time_has_names_too(void **state)
{
	struct dga_key key = {2, 'b', 2, 0}; /* 1970: no discards at all */
	struct dga_key earlier = {2, 'b', 2, -1000000000};
	char name[DGA_NAME_SIZE];
	char other[DGA_NAME_SIZE];

	(void)state;
	for (uint32_t i = 0; i < 9; i++) {
		generate(name, &key, i, 0);
		generate(other, &earlier, i, 0);
		assert_string_equal(name, other);
	}
	assert_non_null(strstr(name, ".dyndns.org")); /* index 8 of the second set of parents */
}

static void kraken_refuses_keys_it_has_not(void **state)
{
	static const struct dga_key bad[] = {
		{0, 'a', 1, 0}, {3, 'a', 1, 0}, {1, 'c', 1, 0},
		{1, 'A', 1, 0}, {2, 'a', 0, 0}, {2, 'a', 3, 0},
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(dga_find("kraken")->check(&bad[i], &err), FT_USAGE);
	assert_null(dga_find("conficker"));
}

/* domains.txt has both streams of the first 40 indices of both seed sets, in this order. */
static void the_list_has_krakens_names(void **state)
{
	FILE *list = fopen(DOMAINS_TXT, "r");
	char line[512];
	unsigned count = 0;

	(void)state;
	assert_non_null(list);
	while (fgets(line, sizeof(line), list) != NULL) {
		struct dga_key key = {1, count < 80 ? 'a' : 'b', 1, 0};
		char want[256];
		char name[DGA_NAME_SIZE];

		if (line[0] == '#' || strstr(line, "family=kraken") == NULL)
			continue;
		generate(name, &key, count % 80 / 2, count % 2);
		snprintf(want, sizeof(want), "%s family=kraken version=1 seed=%c index=%u\n",
			 name, key.seed, count % 80 / 2);
		assert_string_equal(line, want);
		count++;
	}
	fclose(list);
	assert_int_equal(count, 160);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kraken_gives_the_known_names),
		cmocka_unit_test(kraken_rolls_on_mondays_at_21_46_40),
		cmocka_unit_test(kraken_before_its_time_has_names_too),
		cmocka_unit_test(kraken_refuses_keys_it_has_not),
		cmocka_unit_test(the_list_has_krakens_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
