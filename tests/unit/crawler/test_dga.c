/* SPDX-License-Identifier: MIT */
/*
 * Kraken's names against those seen in 2008 and 2015, and the list we ship against Kraken.
 * Names of other days come from a second implementation, which discards one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/dga.h"

#define APRIL_2008    1207612800 /* 2008-04-08 */
#define DECEMBER_2015 1450742400 /* 2015-12-22 */
#define NOVEMBER_2026 1795478400 /* 2026-11-24, week 973 */
#define YEAR_9999     INT64_C(253402300799)
#define WEEK_S        604800
#define WEEK_ZERO_S   1207000000 /* 2008-03-31T21:46:40Z */

struct vector {
	struct dga_key key;
	uint32_t index;
	const char *nex;
	const char *ex; /* NULL: not known */
};

static const struct vector vectors[] = {
	{{1, 'a', 1, 0}, 0, "ibbwnhgh.mooo.com", "rbqdxflojkj.mooo.com"},
	{{1, 'a', 1, 0}, 1, "smhburg.dyndns.org", "bltjhzqp.dyndns.org"},
	{{1, 'a', 1, 0}, 2, "clwafrfuuxq.yi.org", "cffxugijxn.yi.org"},
	{{1, 'a', 1, 0}, 3, "ivxcxbj.dynserv.com", "etllejr.dynserv.com"},
	{{1, 'b', 1, 0}, 0, "hmhxnupkc.mooo.com", "quowesuqbbb.mooo.com"},
	{{1, 'b', 1, 0}, 1, "rffcteo.dyndns.org", "adrcgmzrm.dyndns.org"},
	{{1, 'b', 1, 0}, 2, "bdubefoeug.yi.org", "bpdyttrlp.yi.org"},
	{{1, 'b', 1, 0}, 3, "hovdworcxd.dynserv.com", "dljemwae.dynserv.com"},
	/* Here the length's remainder is negative. */
	{{1, 'b', 1, 0}, 226, "lvudwup.yi.org", NULL},
	{{2, 'a', 1, APRIL_2008}, 0, "xrqrozw.com", "xjoumypzav.com"},
	{{2, 'a', 1, APRIL_2008}, 5, "vugakxqwsei.net", "vswgwffevhu.net"},
	{{2, 'a', 1, APRIL_2008}, 6, "qowbgvc.tv", "uopxytkjcq.tv"},
	{{2, 'a', 1, APRIL_2008}, 7, "apcthmgtkl.cc", "szwhqndvnrjl.cc"},
	{{2, 'a', 1, APRIL_2008}, 8, "vsdvzwt.com", "wixcaiktigew.com"},
	{{2, 'b', 1, APRIL_2008}, 0, "koqsogw.com", "kvdrvvitpyq.com"},
	{{2, 'b', 1, APRIL_2008}, 5, "ntweplov.net", "xeclakqcf.net"},
	{{2, 'b', 1, APRIL_2008}, 6, "mhvgcpulddsh.tv", "yltbfmprdkbz.tv"},
	{{2, 'b', 1, APRIL_2008}, 7, "oqaydzywn.cc", "nltnlmeaq.cc"},
	{{2, 'b', 1, APRIL_2008}, 8, "wiuenfisleo.com", "wpodosail.com"},
	{{2, 'a', 1, DECEMBER_2015}, 0, "xpdbwuimwag.com", "nwpegpjtx.com"},
	{{2, 'a', 1, DECEMBER_2015}, 5, "lvctmusxcyz.net", "qxfbduci.net"},
	{{2, 'a', 1, DECEMBER_2015}, 8, "vsdvzwt.com", "wixcaiktigew.com"},
};

/* Indices of each pace (this week's, last week's, for ever), where weeks begin to count too. */
static const struct vector other_days[] = {
	{{2, 'a', 1, NOVEMBER_2026}, 0, "cuvqctf.com", "ozxmjxsbs.com"},
	{{2, 'a', 1, NOVEMBER_2026}, 5, "lvctmusxcyz.net", "oddjjmodc.net"},
	{{2, 'a', 1, NOVEMBER_2026}, 6, "alqtytgilg.tv", "saqoxwkkzyec.tv"},
	{{2, 'b', 2, NOVEMBER_2026}, 7, "oggykpoyzx.mooo.com", "boeywalcijz.mooo.com"},
	{{2, 'b', 2, NOVEMBER_2026}, 8, "wiuenfisleo.dyndns.org", "wpodosail.dyndns.org"},
	{{2, 'b', 2, NOVEMBER_2026}, 9, "ctyfhnfe.yi.org", "wiqwnixazg.yi.org"},
	{{2, 'b', 2, NOVEMBER_2026}, 15, "iuhqhbmq.mooo.com", "liblkcpub.mooo.com"},
	{{2, 'b', 2, NOVEMBER_2026}, 17, "gcvwbjj.yi.org", "pkxvuwangx.yi.org"},
	{{2, 'b', 2, YEAR_9999}, 0, "tbpeslky.dyndns.org", "yudjuyoixrfw.dyndns.org"},
	{{2, 'b', 2, YEAR_9999}, 6, "fotmyvcmga.dynserv.com", "pibcglrj.dynserv.com"},
	{{2, 'b', 2, YEAR_9999}, 17, "gcvwbjj.yi.org", "pkxvuwangx.yi.org"},
	/* Week 0: two discards, and one. */
	{{2, 'a', 1, WEEK_ZERO_S}, 0, "vhfbsivgi.com", "tujsvexyfghb.com"},
	{{2, 'a', 1, WEEK_ZERO_S}, 7, "dbfqcwbvxrg.cc", "ahrpynpxcr.cc"},
	/* Week -1: one, and none. */
	{{2, 'a', 1, WEEK_ZERO_S - 1}, 0, "lvgdhsf.com", "iasbdqmdbqe.com"},
	{{2, 'a', 1, WEEK_ZERO_S - WEEK_S}, 0, "lvgdhsf.com", "iasbdqmdbqe.com"},
	{{2, 'a', 1, WEEK_ZERO_S - 1}, 7, "yybiuiboq.cc", "zfdhvvteyycc.cc"},
	/* Week -2 and all before: none. */
	{{2, 'a', 1, WEEK_ZERO_S - WEEK_S - 1}, 0, "abwyqmkogo.com", "biyfrzklg.com"},
	{{2, 'a', 1, WEEK_ZERO_S - WEEK_S - 1}, 7, "yybiuiboq.cc", "zfdhvvteyycc.cc"},
	{{2, 'b', 2, -1}, 9, "tcozsaahefyu.yi.org", "ukqytnrxewg.yi.org"},
	{{2, 'b', 2, -2147483648}, 15, "ufrgqbslvwmj.mooo.com", "vmtnroj.mooo.com"},
	/* The last index that the command gives: its products wrapped many times. */
	{{1, 'a', 1, 0}, 999999, "sekiuwpcjzp.dynserv.com", "ykknpmjve.dynserv.com"},
	{{1, 'b', 1, 0}, 999999, "rwijbj.dynserv.com", "xuqowzsyfg.dynserv.com"},
};

static void *prepare(const struct dga_key *key)
{
	struct error err;
	void *prepared;

	assert_int_equal(dga_find("kraken", &err)->check(key, &err), FT_OK);
	prepared = dga_find("kraken", &err)->prepare(key);
	assert_non_null(prepared);
	return prepared;
}

static void generate(char out[DGA_NAME_SIZE], const struct dga_key *key, uint32_t index,
		     unsigned stream)
{
	void *prepared = prepare(key);
	struct error err;

	dga_find("kraken", &err)->generate(out, prepared, index, stream);
	free(prepared);
}

static void expect(const struct vector *vector_list, size_t count)
{
	char name[DGA_NAME_SIZE];

	for (size_t i = 0; i < count; i++) {
		const struct vector *v = &vector_list[i];

		generate(name, &v->key, v->index, 0);
		assert_string_equal(name, v->nex);
		if (v->ex == NULL)
			continue;
		generate(name, &v->key, v->index, 1);
		assert_string_equal(name, v->ex);
	}
}

static void kraken_gives_the_known_names(void **state)
{
	(void)state;
	expect(vectors, sizeof(vectors) / sizeof(vectors[0]));
}

static void kraken_gives_those_of_any_day(void **state)
{
	(void)state;
	expect(other_days, sizeof(other_days) / sizeof(other_days[0]));
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

static void expect_origin(const struct dga_key *key, uint32_t index, unsigned stream,
			  const char *want)
{
	void *prepared = prepare(key);
	char origin[DGA_ORIGIN_SIZE];
	struct error err;

	dga_find("kraken", &err)->origin(origin, prepared, index, stream);
	free(prepared);
	assert_string_equal(origin, want);
}

static void an_origin_tells_all_that_a_name_hangs_on(void **state)
{
	struct dga_key first = {1, 'b', 1, NOVEMBER_2026};
	struct dga_key second = {2, 'a', 2, NOVEMBER_2026};

	(void)state;
	expect_origin(&first, 226, 0, "kraken-v1-b-i226-nex");
	expect_origin(&second, 17, 1, "kraken-v2-a-t2-w973-i17-ex");
	second.time_s = WEEK_ZERO_S - 1;
	expect_origin(&second, UINT32_MAX, 0, "kraken-v2-a-t2-w-1-i4294967295-nex");
}

static void a_family_says_which_keys_are_in_force(void **state)
{
	const struct dga_family *family;
	unsigned weeks[2] = {0};
	struct error err;
	size_t count = 0;

	(void)state;
	family = dga_find("kraken", &err);
	for (const struct dga_key *key = family->keys; key->version != 0; key++, count++) {
		assert_int_equal(family->check(key, &err), FT_OK);
		assert_true(key->time_s == 0 || key->time_s == WEEK_S);
		for (const struct dga_key *other = family->keys; other < key; other++)
			assert_memory_not_equal(other, key, sizeof(*key));
		if (key->version == 2)
			weeks[key->time_s != 0]++;
	}
	assert_int_equal(count, 10);
	assert_int_equal(weeks[0], 4);
	assert_int_equal(weeks[1], 4);
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
		assert_int_equal(dga_find("kraken", &err)->check(&bad[i], &err), FT_USAGE);
	assert_null(dga_find("conficker\x1b", &err));
	assert_int_equal(err.code, FT_USAGE);
	assert_string_equal(err.text,
			    "no generator of a family 'conficker\\027'; there is kraken");
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
		cmocka_unit_test(kraken_gives_those_of_any_day),
		cmocka_unit_test(kraken_rolls_on_mondays_at_21_46_40),
		cmocka_unit_test(an_origin_tells_all_that_a_name_hangs_on),
		cmocka_unit_test(a_family_says_which_keys_are_in_force),
		cmocka_unit_test(kraken_refuses_keys_it_has_not),
		cmocka_unit_test(the_list_has_krakens_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
