/* SPDX-License-Identifier: MIT */
/* The clusters: who is in each, since when, and the addresses and networks that hold it
 * together. */
#include "report/site_parts.h"

#include <stdio.h>

#include "report/site_list.h"

#define MOST "500" /* rows of a table on a cluster's page */

static const char list_sql[] =
	"SELECT 'clusters', 'Clusters', count(*) OVER (), n, id, members, former,"
	" site_time(first_at), site_time(last_at) "
	"FROM site_clusters() WITH ORDINALITY c(id, members, former, first_at, last_at, n) "
	"ORDER BY n";
static const char each_sql[] =
	"SELECT id, 'Cluster ' || id, members, former, site_time(first_at), site_time(last_at) "
	"FROM site_clusters()";

/* The cluster's id is $1. */
static const struct site_section sections[] = {
	{"members",
	 "Names",
	 "SELECT domain, verdict, site_time(since), site_time(until), linked_to, shared "
	 "FROM site_cluster_members($1::integer) LIMIT " MOST,
	 {.caption = "Names in the cluster, then those that left it, at most " MOST,
	  .kinds = "dvttdr",
	  .heads = (const char *const[]){"Name", "Verdict", "Since (UTC)", "Until (UTC)",
					 "Joined to", "Shared addresses"}}},
	{"networks",
	 "Nodes by network",
	 "SELECT CASE WHEN EXISTS (SELECT FROM site_node s WHERE s.asn = n.asn) THEN "
	 "n.asn::text"
	 " ELSE coalesce('AS' || n.asn, 'not known') END, addresses, names "
	 "FROM site_cluster_networks($1::integer) n LIMIT " MOST,
	 {.caption = "Networks of the 24 hours before each verdict, those with most first, at "
		     "most " MOST,
	  .kinds = "nrr",
	  .heads = (const char *const[]){"Network", "Addresses", "Names"}}},
	{"shared",
	 "Shared addresses",
	 "SELECT host(address), 'AS' || asn, names, site_time(last_seen) "
	 "FROM site_cluster_shared($1::integer) LIMIT " MOST,
	 {.caption = "Addresses that several of the names had in these hours, at most " MOST,
	  .kinds = "llrt",
	  .heads = (const char *const[]){"Address", "Network", "Names", "Last seen (UTC)"}}},
	{0},
};

enum {
	ID,
	TITLE,
	MEMBERS,
	FORMER,
	FIRST,
	LAST
};

static void put_facts(struct site_page *page, const PGresult *clusters, int row)
{
	html_facts_begin(page->out);
	html_fact(page->out, "Names now", PQgetvalue(clusters, row, MEMBERS));
	html_fact(page->out, "Names that left", PQgetvalue(clusters, row, FORMER));
	html_fact(page->out, "Since (UTC)", PQgetvalue(clusters, row, FIRST));
	if (!PQgetisnull(clusters, row, LAST))
		html_fact(page->out, "Until (UTC)", PQgetvalue(clusters, row, LAST));
	html_facts_end(page->out);
}

static int write_cluster(struct site *site, const PGresult *clusters, int row,
			 struct error *err)
{
	const char *id = PQgetvalue(clusters, row, ID);
	const struct site_place place = {
		.folder = "clusters", .name = id, .title = PQgetvalue(clusters, row, TITLE)};
	struct site_page page;

	if (site_page_open(&page, site, &place, err) != FT_OK)
		return err->code;
	put_facts(&page, clusters, row);
	site_sections_write(&page, site, sections, id);
	return site_page_close(&page, site);
}

static int write_list(struct site *site, struct error *err)
{
	const struct site_list list = {
		.site = site,
		.folder = "",
		.sql = list_sql,
		.columns = {.caption =
				    "Names that share their nodes, the largest clusters first",
			    .kinds = "crrtt",
			    .heads =
				    (const char *const[]){"Cluster", "Names", "Names that left",
							  "Since (UTC)", "Until (UTC)"}},
	};
	size_t count;

	if (site_list_write(&list, &count, err) != FT_OK || count > 0)
		return err->code;
	return site_write_empty(site, "clusters", "Clusters",
				"No names were found that share their nodes.", err);
}

int site_write_clusters(struct site *site, struct error *err)
{
	PGresult *clusters;
	int result = write_list(site, err);

	if (result != FT_OK)
		return result;
	clusters = db_query(site->db, each_sql, 0, NULL, err);
	if (clusters == NULL)
		return err->code;
	for (int row = 0; row < PQntuples(clusters) && result == FT_OK; row++)
		result = write_cluster(site, clusters, row, err);
	PQclear(clusters);
	return result;
}
