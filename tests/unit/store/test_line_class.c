/* SPDX-License-Identifier: MIT */
/*
 * line_class: names in the forms that access providers and hosters use, each with the address
 * that it names. The forms are real, the names made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <string.h>

#include "store/line_class.h"

struct example {
	const char *name;
	const char *ip;
};

static const struct example dynamic[] = {
	/* the address in hexadecimal, and a word for dial-up */
	{"p5b0a1234.dip0.t-ipconnect.example", "91.10.18.52"},
	{"p4fd3a1b2.dip.t-dialin.example", "79.211.161.178"},
	{"dslb-088-065-012-034.pools.arcor-ip.example", "88.65.12.34"},
	{"ip5b0a1234.dynamic.kabel-deutschland.example", "91.10.18.52"},
	{"adsl-76-205-234-131.dsl.sndg02.sbcglobal.example", "76.205.234.131"},
	{"c-24-98-252-230.hsd1.ga.comcast.example", "24.98.252.230"},
	{"pool-96-225-12-34.nycmny.fios.verizon.example", "96.225.12.34"},
	{"cpe-76-90-12-34.socal.res.rr.example", "76.90.12.34"},
	{"cpe-24-28-1-2.example.net", "24.28.1.2"},
	{"ip68-96-12-34.oc.oc.cox.example", "68.96.12.34"},
	{"host81-159-12-34.range81-159.btcentralplus.example", "81.159.12.34"},
	{"host86-150-1-2.example.net", "86.150.1.2"},
	{"cpc1-nrte21-2-0-cust123.8-4.cable.virginm.example", "81.97.4.123"},
	{"82-69-12-34.dsl.in-addr.zen.example", "82.69.12.34"},
	{"abo-12-34-56.mrs.modulonet.dsl.example", "85.12.34.56"},
	{"lns-bzn-34-82-250-12-34.adsl.proxad.example", "82.250.12.34"},
	{"amontpellier-123-1-12-34.w90-1.abo.wanadoo.example", "90.1.12.34"},
	{"12.34.56.78.rev.sfr.example", "78.56.34.12"},
	{"78.56.34.12.example.net", "78.56.34.12"},
	{"ppp-82-84-12-34.cust-adsl.tiscali.example", "82.84.12.34"},
	{"ppp121-44-12-34.lns20.syd7.internode.example", "121.44.12.34"},
	{"host12-34-dynamic.5-87-r.retail.telecomitalia.example", "87.5.34.12"},
	{"dynamic-adsl-84-220-12-34.clienti.tiscali.example", "84.220.12.34"},
	{"12.red-83-45-67.dynamicip.rima-tde.example", "83.45.67.12"},
	{"34.pool85-60-12.dynamic.orange.example", "85.60.12.34"},
	{"bl5-123-45.dsl.telepac.example", "82.154.123.45"},
	{"a81-84-12-34.cpe.netcabo.example", "81.84.12.34"},
	{"dhcp-077-251-012-034.chello.example", "77.251.12.34"},
	{"d54c3a1b2.access.telenet.example", "84.195.161.178"},
	{"12.34-242-81.adsl-dyn.isp.belgacom.example", "81.242.34.12"},
	{"84-72-12-34.dclient.hispeed.example", "84.72.12.34"},
	{"chello080108012034.2.11.vie.surfer.example", "80.108.12.34"},
	{"ti0123a400-1234.bb.online.example", "85.165.12.34"},
	{"cm-84.212.12.34.getinternet.example", "84.212.12.34"},
	{"0x50a1b2c3.esnxx3.dynamic.dsl.tele.example", "80.161.178.195"},
	{"81-229-12-34-no12.tbcn.telia.example", "81.229.12.34"},
	{"dsl-hkibrasgw1-50de12-34.dhcp.inet.example", "80.222.12.34"},
	{"89-76-12-34.dynamic.chello.example", "89.76.12.34"},
	{"abcd123.neoplus.adsl.tpnet.example", "83.5.12.34"},
	{"broadband-95-84-12-34.nationalcablenetworks.example", "95.84.12.34"},
	{"ppp91-76-12-34.pppoe.mtu-net.example", "91.76.12.34"},
	{"12-34-56-78.pool.ukrtel.example", "78.56.34.12"},
	{"catv-80-98-12-34.catv.broadband.example", "80.98.12.34"},
	{"athedsl-12345.home.otenet.example", "79.130.12.34"},
	{"bzq-79-176-12-34.red.bezeqint.example", "79.176.12.34"},
	{"201-13-12-34.dsl.telesp.example", "201.13.12.34"},
	{"189-72-12-34.gnace701.dsl.brasiltelecom.example", "189.72.12.34"},
	{"dsl-189-130-12-34-dyn.prod-infinitum.example", "189.130.12.34"},
	{"190-48-12-34.speedy.com.example", "190.48.12.34"},
	{"p1234-ipbf12marunouchi.tokyo.dynamic.ocn.example", "114.146.12.34"},
	{"softbank126012034056.bbtec.example", "126.12.34.56"},
	{"114-36-12-34.dynamic-ip.hinet.example", "114.36.12.34"},
	{"abts-north-dynamic-034.12.161.122.airtelbroadband.example", "122.161.12.34"},
	{"customer-34.example.net", "203.0.113.34"},
	{"user-34-12.example.net", "203.0.12.34"},
	{"dialup-4.243.12.34.dial1.level3.example", "4.243.12.34"},
	{"mobile-166-137-012-034.mycingular.example", "166.137.12.34"},
	/* each word alone, with the digits that come before or behind it */
	{"dsl123.example.net", "192.0.2.1"},
	{"12vdsl.example.net", "192.0.2.1"},
	{"dyn-7.example.net", "192.0.2.1"},
	{"dhcp77.example.net", "192.0.2.1"},
	{"77-dhcp.example.net", "192.0.2.1"},
	{"ppp0.example.net", "192.0.2.1"},
	{"pppoe-5.example.net", "192.0.2.1"},
	{"cable9.example.net", "192.0.2.1"},
	{"a1.cablemodem.example.net", "192.0.2.1"},
	{"pool-34.example.net", "203.0.113.34"},
	{"dynpool5.example.net", "192.0.2.1"},
	{"lte-1.example.net", "192.0.2.1"},
	{"x.dialup9.example.net", "192.0.2.1"},
	/* the address alone, in each order and each way of writing it */
	{"a91-10-18-52.example.net", "91.10.18.52"},
	{"a91.10.18.52.example.net", "91.10.18.52"},
	{"a91_10_18_52.example.net", "91.10.18.52"},
	{"91x10x18x52.example.net", "91.10.18.52"},
	{"a52-18-10-91.example.net", "91.10.18.52"},
	{"a091-010-018-052.example.net", "91.10.18.52"},
	{"a052.018.010.091.example.net", "91.10.18.52"},
	{"a091010018052.example.net", "91.10.18.52"},
	{"a052018010091.example.net", "91.10.18.52"},
	{"x5b0a1234.example.net", "91.10.18.52"},
	{"x34120a5b.example.net", "91.10.18.52"},
};

static const struct example server[] = {
	{"mail.example.org", "192.0.2.1"},
	{"mail2.example.org", "192.0.2.2"},
	{"mx1.example.org", "192.0.2.1"},
	{"mx-01.example.org", "192.0.2.1"},
	{"smtp-out.example.org", "192.0.2.1"},
	{"ns1.example.org", "192.0.2.1"},
	{"ns.example.org", "192.0.2.1"},
	{"www.example.org", "192.0.2.1"},
	{"web12.example.org", "192.0.2.1"},
	{"srv01.example.org", "192.0.2.1"},
	{"server34.example.org", "192.0.2.34"},
	{"vps-12345678.vps.ovh.example", "192.0.2.1"},
	{"vps34.example.org", "192.0.2.34"},
	{"host12.example.org", "192.0.2.1"},
	{"static-71-166-12-34.washdc.fios.verizon.example", "71.166.12.34"},
	{"static.88-198-12-34.clients.your-server.example", "88.198.12.34"},
	{"34.static.example.org", "192.0.2.34"},
	{"static-adsl.example.org", "192.0.2.1"},
	{"fixed-187-188-12-34.totalplay.example", "187.188.12.34"},
	{"82-69-12-34.static.example.net", "82.69.12.34"},
	{"ec2-54-12-34-56.compute-1.amazonaws.example", "54.12.34.56"},
	{"34.12.196.35.bc.googleusercontent.cloud.example", "35.196.12.34"},
	{"ip-192-169-12-34.ip.secureserver.example", "192.169.12.34"},
	{"colo-12.example.org", "192.0.2.1"},
	{"12.colocation.example.org", "192.0.2.1"},
	{"0.pool.ntp.example.org", "192.0.2.1"},
	{"pool.ntp.example.org", "192.0.2.1"},
	{"ntp34.example.org", "192.0.2.34"},
	{"75-149-12-34-business.example.net", "75.149.12.34"},
};

static const struct example unknown[] = {
	{"example.org", "192.0.2.1"},
	{"gandalf.example.org", "192.0.2.1"},
	{"pool.example.org", "192.0.2.1"},
	{"customers.example.org", "192.0.2.1"},
	{"mail.dsl.example.net", "192.0.2.1"},
	{"static.dyn.example.net", "192.0.2.1"},
	{"xe-1-2-3.core1.example.net", "192.0.2.1"},
	{"dyno.example.org", "192.0.2.1"},
	{"cablecar.example.org", "192.0.2.1"},
	{"mindslice.example.org", "192.0.2.1"},
	{"nsa.example.org", "192.0.2.1"},
	{"1192-0-2-1.example.org", "192.0.2.1"}, /* another number that ends alike */
	{"192-0-2-11.example.org", "192.0.2.1"},
	{"ac0000201f.example.org", "192.0.2.1"},
	/* words that others begin or end with */
	{"dynamics.example.org", "192.0.2.1"},
	{"aerodyn.example.org", "192.0.2.1"},
	{"dhcpd.example.org", "192.0.2.1"},
	{"ppparty.example.org", "192.0.2.1"},
	{"modems.example.org", "192.0.2.1"},
	{"whirlpool7.example.org", "192.0.2.7"},
	{"pool-35.example.net", "203.0.113.34"}, /* a number that is not its last octet */
	{"pool-134.example.net", "203.0.113.34"},
	{"pool-340.example.net", "203.0.113.34"},
	/* nearly the address, or another's */
	{"a91-10-18-53.example.net", "91.10.18.52"},
	{"a91-10-18.example.net", "91.10.18.52"},
	{"a10-91-18-52.example.net", "91.10.18.52"},
	{"a91-10.18-52.example.net", "91.10.18.52"},
	{"a0910100180520.example.net", "91.10.18.52"},
	{"x5b0a12345.example.net", "91.10.18.52"},
	{"x5b0a1235.example.net", "91.10.18.52"},
	{".", "192.0.2.1"},
	{"\\000\\255.example.org", "192.0.2.1"},
};

static void assert_all(const struct example *examples, size_t count, enum line_kind kind)
{
	struct error err = {0};
	struct line_class *lines = line_class_new(&err);

	assert_non_null(lines);
	for (size_t i = 0; i < count; i++) {
		struct address address = {.family = 4};

		assert_int_equal(inet_pton(AF_INET, examples[i].ip, address.bytes), 1);
		if (line_class_tell(lines, examples[i].name, &address) != kind)
			fail_msg("%s is taken for another kind than %d", examples[i].name,
				 kind);
	}
	line_class_free(lines);
}

static void lines_of_customers_are_dynamic(void **state)
{
	(void)state;
	assert_all(dynamic, sizeof(dynamic) / sizeof(dynamic[0]), LINE_DYNAMIC);
}

static void servers_and_fixed_lines_are_not(void **state)
{
	(void)state;
	assert_all(server, sizeof(server) / sizeof(server[0]), LINE_SERVER);
}

static void other_names_do_not_tell(void **state)
{
	(void)state;
	assert_all(unknown, sizeof(unknown) / sizeof(unknown[0]), LINE_UNKNOWN);
}

/* Without the address its octets are only numbers; words count as ever. */
static void words_count_without_an_address(void **state)
{
	struct error err = {0};
	struct line_class *lines = line_class_new(&err);
	struct address v6 = {.family = 6};

	(void)state;
	assert_non_null(lines);
	assert_int_equal(line_class_tell(lines, "1-2-3-4.dsl.example.net", NULL), LINE_DYNAMIC);
	assert_int_equal(line_class_tell(lines, "192-0-2-1.example.net", NULL), LINE_UNKNOWN);
	assert_int_equal(line_class_tell(lines, "mx.example.net", &v6), LINE_SERVER);
	line_class_free(lines);
}

/* The longest names, of what the patterns repeat, come to no limit: the word at the end counts.
 */
static void long_names_are_read_to_the_end(void **state)
{
	static const char *const parts[] = {"-", "a", "1", "a1", "aaaaaaaaaaaaa.", "s", "0."};
	struct error err = {0};
	struct line_class *lines = line_class_new(&err);
	char name[1024];

	(void)state;
	assert_non_null(lines);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t len = strlen(parts[i]);
		size_t at = 0;

		while (at + len < 1000) {
			memcpy(name + at, parts[i], len);
			at += len;
		}
		memcpy(name + at, ".dyn.net", 9);
		assert_int_equal(line_class_tell(lines, name, NULL), LINE_DYNAMIC);
	}
	line_class_free(lines);
}

static void reverse_names_give_their_address(void **state)
{
	struct address address;

	(void)state;
	assert_true(line_class_address(&address, "52.18.10.91.in-addr.arpa"));
	assert_int_equal(address.family, 4);
	assert_memory_equal(address.bytes, ((const uint8_t[]){91, 10, 18, 52}), 4);
	assert_false(line_class_address(&address, "256.18.10.91.in-addr.arpa"));
	assert_false(line_class_address(&address, "18.10.91.in-addr.arpa"));
	assert_false(line_class_address(&address, "52.18.10.91.in-addr.arpa.example"));
	assert_false(line_class_address(&address, "0/25.2.0.192.in-addr.arpa"));
	assert_false(line_class_address(&address, "www.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_customers_are_dynamic),
		cmocka_unit_test(servers_and_fixed_lines_are_not),
		cmocka_unit_test(other_names_do_not_tell),
		cmocka_unit_test(words_count_without_an_address),
		cmocka_unit_test(long_names_are_read_to_the_end),
		cmocka_unit_test(reverse_names_give_their_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
