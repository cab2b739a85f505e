/* SPDX-License-Identifier: MIT */
#include "report/site.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "report/site_folder.h"
#include "report/site_parts.h"

/* All statements see one moment, so no link leads to a page that is not there. */
static const char begin_sql[] = "begin isolation level repeatable read";

/* What the lists are made of, which would else be computed for each of them. */
static const char tables_sql[] =
	"CREATE TEMP TABLE site_name ON COMMIT DROP AS SELECT * FROM status;"
	"CREATE TEMP TABLE site_node ON COMMIT DROP AS"
	" SELECT domain, address, asn, prefix, first_seen, last_seen, observations"
	" FROM export_nodes();"
	"CREATE INDEX ON site_node (asn); CREATE INDEX ON site_node (domain);"
	"ANALYZE site_name, site_node";

static int make_folders(const char *dir, struct error *err)
{
	static const char *const names[] = {"domains", "networks", "clusters", "verdicts",
					    "families"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[PATH_SIZE];

		if (path_join(path, dir, names[i], err) != FT_OK ||
		    dir_make(path, 0755, err) != FT_OK)
			return err->code;
	}
	return FT_OK;
}

static int read_moment(struct site *site, struct error *err)
{
	char names[24];

	if (db_value(site->db, "SELECT utc_text(now())", 0, NULL, site->written_at,
		     TIME_TEXT_SIZE, err) != FT_OK ||
	    db_value(site->db, "SELECT count(*) FROM site_name", 0, NULL, names, sizeof(names),
		     err) != FT_OK)
		return err->code;
	site->names = (size_t)strtoumax(names, NULL, 10);
	return FT_OK;
}

static int write_pages(struct site *site, struct error *err)
{
	if (db_run(site->db, tables_sql, err) != FT_OK || read_moment(site, err) != FT_OK ||
	    make_folders(site->dir, err) != FT_OK || site_write_index(site, err) != FT_OK ||
	    site_write_networks(site, err) != FT_OK || site_write_clusters(site, err) != FT_OK)
		return err->code;
	return site_write_domains(site, err);
}

static int write_aside(struct site *site, struct error *err)
{
	int result = db_run(site->db, begin_sql, err);

	if (result == FT_OK)
		result = write_pages(site, err);
	db_rollback(site->db); /* nothing in it is to stay */
	return result;
}

int site_write(const struct site_job *job, size_t *pages, struct error *err)
{
	struct site_folder folder;
	struct site site = {.db = job->db, .conninfo = job->conninfo, .dir = folder.aside};

	if (site_folder_open(&folder, job->dir, err) != FT_OK)
		return err->code;
	if (write_aside(&site, err) != FT_OK) {
		site_folder_abandon(&folder);
		return err->code;
	}
	*pages = site.pages;
	return site_folder_commit(&folder, err);
}
