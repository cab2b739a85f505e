/* SPDX-License-Identifier: MIT */
/* Writes the seeds of fuzz_message into a folder: one reply a file, named after what it shows.
 */
#include "tests/unit/resolver/build.h"

#include <stdio.h>

#define NXDOMAIN 3
#define REFUSED  5
#define QNAME    "www.example.com"

static struct build build;

static void addresses(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 300, "192.0.2.1");
	build_address(&build, "@12", 300, "192.0.2.2");
	build_address(&build, "@12", 5, "192.0.2.1");
	build_opt(&build, 0);
}

static void addresses_v6(void)
{
	build_reply(&build, 0, QNAME, QTYPE_AAAA);
	build_address(&build, "@12", 300, "2001:db8::1");
	build_address(&build, "@12", UINT32_MAX, "2001:db8::2");
}

static void nameservers(void)
{
	build_reply(&build, 0, QNAME, QTYPE_NS);
	build_ns(&build, "@12", 60, "ns1.@16");
	build_ns(&build, "@12", 60, "NS1.@16");
	build_ns(&build, "@12", 60, "bank.com\\000.evil.net");
}

static void soa(void)
{
	build_reply(&build, 0, QNAME, QTYPE_SOA);
	build_soa(&build, SECTION_ANSWER, "@12", 3600, 60);
}

static void texts(void)
{
	build_reply(&build, 0, QNAME, QTYPE_TXT);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
	build_bytes(&build, "\5AS | \0\0012", 9);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_TXT, 60);
	build_bytes(&build, "\4over", 4);
}

static void pointers(void)
{
	build_reply(&build, 0, QNAME, QTYPE_PTR);
	build_alias(&build, "@12", 60, "1.0-25.@16");
	build_record(&build, SECTION_ANSWER, "1.0-25.@16", QTYPE_PTR, 60);
	build_name(&build, "dsl-1.@16");
}

static void nodata(void)
{
	build_reply(&build, 0, QNAME, QTYPE_AAAA);
	build_soa(&build, SECTION_AUTHORITY, "@16", 900, 60);
}

static void nxdomain_behind_a_chain(void)
{
	build_reply(&build, NXDOMAIN, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "gone.example.net");
	build_soa(&build, SECTION_AUTHORITY, "example.net", 900, 60);
}

static void refused_without_question(void)
{
	build_start(&build, REFUSED);
}

static void badvers(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_opt(&build, 1);
}

static void chain_backwards(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "edge.example", 60, "192.0.2.1");
	build_alias(&build, "cdn.example", 60, "edge.example");
	build_alias(&build, "@12", 60, "cdn.example");
	build_alias(&build, "@12", 60, "two.example");
	build_alias(&build, "other.example", 60, "two.example");
}

static void chain_loop(void)
{
	build_reply(&build, FLAG_TC, QNAME, QTYPE_A);
	build_alias(&build, "@12", 60, "b.example");
	build_alias(&build, "b.example", 60, "@12");
}

static void chain_of_dname(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_record(&build, SECTION_ANSWER, "@16", TYPE_DNAME, 60);
	build_name(&build, "example.net");
	build_alias(&build, "@12", 60, "www.example.net");
	build_address(&build, "www.example.net", 60, "192.0.2.1");
}

static void two_questions(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_question(&build, "@12", QTYPE_NS);
	build_address(&build, "@12", 60, "192.0.2.1");
}

static void owner_put(const char *octets, size_t len)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_address(&build, "@12", 60, "192.0.2.1");
	build_end(&build);
	build_bytes(&build, octets, len);
	build_record(&build, SECTION_ANSWER, NULL, QTYPE_A, 60);
	build_u32(&build, 0xc0000202);
}

static void pointer_out_of_bounds(void)
{
	owner_put("\xff\xff", 2);
}

static void pointer_into_header(void)
{
	owner_put("\xc0\x04", 2);
}

static void pointer_loop(void)
{
	owner_put("\1a\xc0\x31", 4); /* header 12, question 21, record 16: itself */
}

static void label_type(void)
{
	owner_put("\x41\x30", 2);
}

static void name_without_end(void)
{
	owner_put("\77", 1);
}

static void rdata_too_short(void)
{
	build_reply(&build, 0, QNAME, QTYPE_A);
	build_record(&build, SECTION_ANSWER, "@12", QTYPE_A, 60);
	build_u16(&build, 0);
	build_address(&build, "@12", 60, "192.0.2.1");
}

static void rdlength_too_long(void)
{
	addresses();
	build.data[build.len - 1] = 1;
}

static void count_too_high(void)
{
	addresses();
	build_count(&build, 1, UINT16_MAX);
}

static void count_too_low(void)
{
	addresses();
	build_count(&build, 3, 0);
}

static void another_class(void)
{
	owner_put("\xc0\x0c", 2);
	build.data[build.len - 11] = 3;
}

static const struct {
	const char *name;
	void (*build)(void);
} seeds[] = {
	{"addresses", addresses},
	{"addresses-v6", addresses_v6},
	{"nameservers", nameservers},
	{"soa", soa},
	{"texts", texts},
	{"pointers", pointers},
	{"nodata", nodata},
	{"nxdomain-behind-a-chain", nxdomain_behind_a_chain},
	{"refused-without-question", refused_without_question},
	{"badvers", badvers},
	{"chain-backwards", chain_backwards},
	{"chain-loop", chain_loop},
	{"chain-of-dname", chain_of_dname},
	{"two-questions", two_questions},
	{"pointer-out-of-bounds", pointer_out_of_bounds},
	{"pointer-into-header", pointer_into_header},
	{"pointer-loop", pointer_loop},
	{"label-type", label_type},
	{"name-without-end", name_without_end},
	{"rdata-too-short", rdata_too_short},
	{"rdlength-too-long", rdlength_too_long},
	{"count-too-high", count_too_high},
	{"count-too-low", count_too_low},
	{"another-class", another_class},
};

int main(int argc, char **argv)
{
	char path[4096];

	for (size_t i = 0; argc == 2 && i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		FILE *file;

		seeds[i].build();
		snprintf(path, sizeof(path), "%s/%s", argv[1], seeds[i].name);
		file = fopen(path, "wb");
		if (file == NULL || fwrite(build.data, build.len, 1, file) != 1 ||
		    fclose(file) != 0) {
			perror(path);
			return 1;
		}
	}
	return argc == 2 ? 0 : 2;
}
