/* SPDX-License-Identifier: MIT */
/* The networks (origin AS) in which names that flux have nodes, for who asks one of them to
 * act. */
#include "report/site_parts.h"

#include <stdio.h>

#include "report/site_list.h"

#define MOST "500" /* rows of a table on a network's page */

static const char list_sql[] =
	"SELECT 'networks', 'Networks', count(*) OVER (),"
	" row_number() OVER (ORDER BY nodes DESC, asn), coalesce(asn::text, 'not known'), "
	"nodes,"
	" names,"
	" site_time(first_seen), site_time(last_seen) "
	"FROM (SELECT asn, count(DISTINCT address) AS nodes, count(DISTINCT domain) AS names,"
	"  min(first_seen) AS first_seen, max(last_seen) AS last_seen"
	" FROM site_node GROUP BY asn) n ORDER BY 4";
static const char each_sql[] =
	"SELECT asn, 'as' || asn, 'Network AS' || asn, count(DISTINCT address),"
	" count(DISTINCT domain), count(*), count(DISTINCT prefix) "
	"FROM site_node WHERE asn IS NOT NULL GROUP BY asn ORDER BY asn";

/* The ASN is $1. */
static const struct site_section sections[] = {
	{"names",
	 "Names",
	 "SELECT domain, count(*), site_time(min(first_seen)), site_time(max(last_seen)) "
	 "FROM site_node WHERE asn = $1::bigint "
	 "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT " MOST,
	 {.caption = "Names that flux with nodes here, those with most first, at most " MOST,
	  .kinds = "drtt",
	  .heads = (const char *const[]){"Name", "Nodes", "First seen (UTC)",
					 "Last seen (UTC)"}}},
	{"nodes",
	 "Nodes",
	 "SELECT host(address), domain, prefix, site_time(first_seen), site_time(last_seen),"
	 " observations "
	 "FROM site_node WHERE asn = $1::bigint "
	 "ORDER BY last_seen DESC, domain, address LIMIT " MOST,
	 {.caption = "Addresses that these names published, the newest first, at most " MOST,
	  .kinds = "ldlttr",
	  .heads = (const char *const[]){"Address", "Name", "Prefix", "First seen (UTC)",
					 "Last seen (UTC)", "Answers"}}},
	{0},
};

enum {
	ASN,
	NAME,
	TITLE,
	ADDRESSES,
	NAMES,
	NODES,
	PREFIXES
};

static void put_facts(struct site_page *page, const PGresult *networks, int row)
{
	html_facts_begin(page->out);
	html_fact(page->out, "Addresses", PQgetvalue(networks, row, ADDRESSES));
	html_fact(page->out, "Names that flux", PQgetvalue(networks, row, NAMES));
	html_fact(page->out, "Nodes (an address under a name)",
		  PQgetvalue(networks, row, NODES));
	html_fact(page->out, "Announced prefixes", PQgetvalue(networks, row, PREFIXES));
	html_facts_end(page->out);
}

static int write_network(struct site *site, const PGresult *networks, int row,
			 struct error *err)
{
	const struct site_place place = {.folder = "networks",
					 .name = PQgetvalue(networks, row, NAME),
					 .title = PQgetvalue(networks, row, TITLE)};
	struct site_page page;

	if (site_page_open(&page, site, &place, err) != FT_OK)
		return err->code;
	put_facts(&page, networks, row);
	site_sections_write(&page, site, sections, PQgetvalue(networks, row, ASN));
	return site_page_close(&page, site);
}

static int write_list(struct site *site, struct error *err)
{
	const struct site_list list = {
		.site = site,
		.folder = "",
		.sql = list_sql,
		.columns = {.caption = "Networks with nodes of names that flux, those with "
				       "most first",
			    .kinds = "nrrtt",
			    .heads = (const char *const[]){"Network", "Addresses", "Names",
							   "First seen (UTC)",
							   "Last seen (UTC)"}},
	};
	size_t count;

	if (site_list_write(&list, &count, err) != FT_OK || count > 0)
		return err->code;
	return site_write_empty(site, "networks", "Networks",
				"No name that fluxes has nodes that could be reported.", err);
}

int site_write_networks(struct site *site, struct error *err)
{
	PGresult *networks;
	int result = write_list(site, err);

	if (result != FT_OK)
		return result;
	networks = db_query(site->db, each_sql, 0, NULL, err);
	if (networks == NULL)
		return err->code;
	for (int row = 0; row < PQntuples(networks) && result == FT_OK; row++)
		result = write_network(site, networks, row, err);
	PQclear(networks);
	return result;
}
