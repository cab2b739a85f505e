/* SPDX-License-Identifier: MIT */
/*
 * The names, as lists: all of them once in the order of each column, so that a head can lead to
 * them without a script, and those of each verdict and family. Above the first stand the totals
 * and what changed.
 */
#include "report/site_parts.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "report/site_list.h"

#define SQL_MAX 2000
#define COLUMNS 11

/* A column, the list that it orders, and how: the first rows are those that are looked for. */
static const struct {
	const char *head;
	const char *list;
	const char *order;
} columns[COLUMNS] = {
	{"Name", "index-by-name", "domain COLLATE \"C\""},
	{"Verdict", "index-by-verdict", "verdict, score DESC"},
	{"Score", "index", "score DESC"},
	{"Family", "index-by-family", "family COLLATE \"C\", score DESC"},
	{"Addresses", "index-by-addresses", "addresses DESC"},
	{"Networks", "index-by-networks", "asns DESC"},
	{"Last change", "index-by-last-change", "last_change DESC NULLS LAST"},
	{"TTL, s", "index-by-ttl", "ttl_min, ttl_max"},
	{"First seen", "index-by-first-seen", "first_seen DESC NULLS LAST"},
	{"Last seen", "index-by-last-seen", "last_seen DESC NULLS LAST"},
	{"Cluster", "index-by-cluster", "cluster, score DESC"},
};

static const char kinds[] = "dvrfrrtlttc";

/* With: which list a row is in, the list's title, the order in it. */
static const char rows_sql[] =
	"SELECT %s, %s, count(*) OVER (PARTITION BY %s), row_number() OVER (PARTITION BY %s"
	" ORDER BY %s, domain COLLATE \"C\"),"
	" domain, verdict, to_char(score, 'FM0.00'), family, addresses, asns,"
	" site_time(last_change),"
	" CASE WHEN ttl_min = ttl_max THEN ttl_min::text ELSE ttl_min || ' to ' || ttl_max END,"
	" site_day(first_seen), site_day(last_seen), cluster "
	"FROM site_name WHERE %s IS NOT NULL ORDER BY 1, 4";

#define CHANGES_DAYS "7"
#define CHANGES_MOST "100"

/* What stands above the index. */
static const struct site_section summary[] = {
	{"verdicts",
	 "Totals by verdict",
	 "SELECT verdict, count(*) FROM site_name GROUP BY 1 ORDER BY 2 DESC, 1",
	 {.caption = "Names by verdict",
	  .kinds = "wr",
	  .heads = (const char *const[]){"Verdict", "Names"}}},
	{"families",
	 "Families",
	 "SELECT family, count(*), count(*) FILTER (WHERE verdict IN ('flux', 'double-flux')) "
	 "FROM site_name WHERE family IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
	 {.caption = "Names by family",
	  .kinds = "frr",
	  .heads = (const char *const[]){"Family", "Names", "That flux"}}},
	{"changes",
	 "What changed",
	 "SELECT domain, site_time(at), before, after "
	 "FROM site_changes(now() - interval '" CHANGES_DAYS " days') LIMIT " CHANGES_MOST,
	 {.caption = "Verdicts that changed in " CHANGES_DAYS " days, the newest " CHANGES_MOST,
	  .kinds = "dtvv",
	  .heads = (const char *const[]){"Name", "When (UTC)", "From", "To"}}},
	{"clusters",
	 "New clusters",
	 "SELECT id, members, site_time(first_at) FROM site_clusters() "
	 "WHERE first_at >= now() - interval '" CHANGES_DAYS
	 " days' ORDER BY first_at DESC, id "
	 "LIMIT " CHANGES_MOST,
	 {.caption = "Clusters of the last " CHANGES_DAYS " days, the newest " CHANGES_MOST,
	  .kinds = "crt",
	  .heads = (const char *const[]){"Cluster", "Names", "Since (UTC)"}}},
};

#define SECTIONS (sizeof(summary) / sizeof(summary[0]))

struct summary_rows {
	PGresult *rows[SECTIONS]; /* owned */
};

static void summary_free(struct summary_rows *read)
{
	for (size_t i = 0; i < SECTIONS; i++)
		PQclear(read->rows[i]);
}

static int summary_read(struct summary_rows *read, struct db *db, struct error *err)
{
	*read = (struct summary_rows){{NULL}};
	for (size_t i = 0; i < SECTIONS; i++) {
		read->rows[i] = db_query(db, summary[i].sql, 0, NULL, err);
		if (read->rows[i] == NULL) {
			summary_free(read);
			return err->code;
		}
	}
	return FT_OK;
}

static void put_summary(void *ctx, struct site_page *page)
{
	const struct summary_rows *read = ctx;

	fputs("<p><a href=\"#names\">To the names</a></p>\n", page->out);
	for (size_t i = 0; i < SECTIONS; i++)
		site_section_put(page, &summary[i], read->rows[i]);
	fputs("<h2 id=\"names\">Names</h2>\n", page->out);
}

/* Some lists of names: which, in words of SQL. */
struct names {
	const char *folder;
	const char *list; /* which list a row is in, or NULL where it is in none */
	const char *title;
	const char *order;
	const char *caption;
};

/* Column c's head leads to the list that it orders. */
static int write_names(struct site_list *list, const struct names *names, struct error *err)
{
	const char *heads[COLUMNS];
	const char *sorts[COLUMNS];
	char sql[SQL_MAX];
	size_t count;

	for (size_t i = 0; i < COLUMNS; i++) {
		heads[i] = columns[i].head;
		sorts[i] = columns[i].list;
	}
	snprintf(sql, sizeof(sql), rows_sql, names->list, names->title, names->list,
		 names->list, names->order, names->list);
	list->folder = names->folder;
	list->sql = sql;
	list->columns.caption = names->caption;
	list->columns.kinds = kinds;
	list->columns.heads = heads;
	list->columns.sorts = list->columns.sorted > 0 ? sorts : NULL;
	return site_list_write(list, &count, err);
}

static int write_orders(struct site *site, struct summary_rows *read, struct error *err)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		const bool is_index = strcmp(columns[i].list, "index") == 0;
		struct site_list list = {
			.site = site,
			.columns = {.sorted = (int)i + 1},
			.head = is_index ? put_summary : NULL,
			.ctx = read,
		};
		char name[64];
		const struct names names = {
			"", name, "'Followed names'", columns[i].order,
			"Names; a column's head leads to them in its order"};

		snprintf(name, sizeof(name), "text '%s'", columns[i].list);
		if (write_names(&list, &names, err) != FT_OK)
			return err->code;
	}
	return FT_OK;
}

static const struct names filters[] = {
	{"verdicts", "verdict", "'Verdict: ' || verdict", "score DESC",
	 "Names of this verdict"},
	{"families", "family", "'Family: ' || family", "score DESC", "Names of this family"},
};

/* Where nothing is followed the index says so. */
static int write_empty(struct site *site, struct error *err)
{
	return site_write_empty(
		site, "index", "Followed names",
		"No name is followed yet. Name some to fluxtrack track, or give "
		"it a list of them, and write the site again.",
		err);
}

int site_write_index(struct site *site, struct error *err)
{
	struct summary_rows read;
	int result;

	if (site->names == 0)
		return write_empty(site, err);
	if (summary_read(&read, site->db, err) != FT_OK)
		return err->code;
	result = write_orders(site, &read, err);
	summary_free(&read);
	for (size_t i = 0; i < 2 && result == FT_OK; i++) {
		struct site_list list = {.site = site};

		result = write_names(&list, &filters[i], err);
	}
	return result;
}
