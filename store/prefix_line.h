/* SPDX-License-Identifier: MIT */
/*
 * A line of a table that says which networks announce which prefix, in one of three forms told
 * apart by their shape:
 *
 *	PREFIX ASN [YYYY-MM-DD]                pyasn's .dat; the day is ours
 *	FIRST LAST ASN COUNTRY DESCRIPTION     iptoasn's TSV: a range of addresses
 *	ADDRESS LENGTH ORIGIN                  CAIDA's pfx2as
 *
 * with tabs or blanks between, but for the country, which a single one parts from the ASN. An
 * origin is an AS number or several: "1_2" for a prefix that two announce, "1,2" or "{1,2}" for
 * an AS set (RFC 4271, 4.3). AS 0 is nobody's (RFC 7607): left out. Plain values, no memory of
 * their own.
 */
#ifndef STORE_PREFIX_LINE_H
#define STORE_PREFIX_LINE_H

#include "resolver/address.h"
#include "store/day.h"

#define PREFIXES_MAX        254 /* no range of IPv6 addresses takes more */
#define ORIGINS_MAX         256
#define PREFIX_LINE_LONGEST 4096 /* octets: room for all origins */
#define COUNTRY_SIZE        3    /* two letters and a NUL */

struct prefix {
	struct address network; /* no bit set behind the length */
	unsigned length;        /* bits */
};

struct prefix_line {
	struct prefix prefixes[PREFIXES_MAX];
	size_t prefix_count;
	uint32_t origins[ORIGINS_MAX];
	size_t origin_count;        /* 0: the line says that nobody announces it */
	char day[DAY_SIZE];         /* "": it names none */
	char country[COUNTRY_SIZE]; /* two capitals; "": none (None, ZZ, another form) */
};

/* Reads a line, cutting it up. NULL where it is good, else what is wrong with it (static). */
const char *prefix_line_read(struct prefix_line *out, char *line);

#endif
