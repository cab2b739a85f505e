/* SPDX-License-Identifier: MIT */
/*
 * A page a name: its dossier without raw messages, and the ways to what it is part of. The
 * server works longest on these, so several connections ask for them at once.
 */
#include "report/site_parts.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "report/evidence_html.h"

#define NETWORKS_MAX   8 /* that the page leads to, those with most nodes */
#define NETWORKS_MOST  "8"
#define NETWORK_SIZE   24
#define SNAPSHOT_SIZE  64
#define PROGRESS_EVERY 50
#define THREADS_MAX    4
#define THREADS_WORTH  200 /* names; fewer are written before a second connection pays */

/* The names, those whose dossiers take longest first: then all threads end at the same time. */
static const char names_sql[] =
	"SELECT n.domain, n.verdict, n.family, n.cluster, 'Cluster ' || n.cluster,"
	" ARRAY(SELECT asn FROM site_node s WHERE s.domain = n.domain AND asn IS NOT NULL"
	"  GROUP BY asn ORDER BY count(*) DESC, asn LIMIT " NETWORKS_MOST ") "
	"FROM site_name n ORDER BY n.addresses DESC, n.domain";
static const char dossier_sql[] = "SELECT takedown_evidence($1, false), evidence_plots($1)";

enum {
	NAME,
	VERDICT,
	FAMILY,
	CLUSTER,
	CLUSTER_TEXT,
	NETWORKS
};
enum {
	DOSSIER,
	PLOTS
};

/* What the threads share. Only what stands below the lock is written. */
struct work {
	const struct site *site; /* borrowed */
	const PGresult *names;   /* owned by site_write_domains() */
	char snapshot[SNAPSHOT_SIZE];
	pthread_mutex_t lock;
	int next;         /* row of names */
	size_t pages;     /* written */
	struct error err; /* the first failure, which ends the work */
};

static void add_way(struct site_ways *ways, struct site_page *page,
		    const struct site_place *place, const char *text)
{
	if (text[0] != '\0')
		site_ways_add(ways, page, place, text);
}

/* asns: "{64500,64501}"; texts is room for what the links say. */
static void add_networks(struct site_ways *ways, struct site_page *page, const char *asns,
			 char texts[NETWORKS_MAX][NETWORK_SIZE])
{
	for (size_t i = 0; i < NETWORKS_MAX && asns[0] != '}' && asns[1] != '}'; i++) {
		char name[NETWORK_SIZE];
		char *end;
		uintmax_t asn = strtoumax(asns + 1, &end, 10);
		const struct site_place place = {.folder = "networks", .name = name};

		snprintf(name, sizeof(name), "as%" PRIuMAX, asn);
		snprintf(texts[i], NETWORK_SIZE, "AS%" PRIuMAX, asn);
		site_ways_add(ways, page, &place, texts[i]);
		asns = end;
	}
}

static void add_ways(struct site_ways *ways, struct site_page *page, const PGresult *names,
		     int row, char texts[NETWORKS_MAX][NETWORK_SIZE])
{
	const struct site_place verdict = {.folder = "verdicts",
					   .name = PQgetvalue(names, row, VERDICT)};
	const struct site_place family = {.folder = "families",
					  .name = PQgetvalue(names, row, FAMILY)};
	const struct site_place cluster = {.folder = "clusters",
					   .name = PQgetvalue(names, row, CLUSTER)};

	site_ways_init(ways, page);
	add_way(ways, page, &verdict, PQgetvalue(names, row, VERDICT));
	add_way(ways, page, &family, PQgetvalue(names, row, FAMILY));
	add_way(ways, page, &cluster, PQgetvalue(names, row, CLUSTER_TEXT));
	add_networks(ways, page, PQgetvalue(names, row, NETWORKS), texts);
}

static int put_dossier(struct site_page *page, const struct work *work, int row,
		       const PGresult *dossier)
{
	char texts[NETWORKS_MAX][NETWORK_SIZE];
	struct site_ways ways;
	const struct evidence_page evidence = {.dossier = PQgetvalue(dossier, 0, DOSSIER),
					       .plots = PQgetvalue(dossier, 0, PLOTS),
					       .links = ways.links};

	add_ways(&ways, page, work->names, row, texts);
	if (page->err->code != FT_OK)
		return page->err->code;
	return evidence_page_write(&evidence, page->out, page->err);
}

static int write_domain(struct site *site, const struct work *work, int row, struct error *err)
{
	const char *name = PQgetvalue(work->names, row, NAME);
	const struct site_place place = {.folder = "domains", .name = name};
	PGresult *dossier = db_query(site->db, dossier_sql, 1, &name, err);
	struct site_page page;
	int result;

	if (dossier == NULL)
		return err->code;
	result = site_page_make(&page, site, &place, err);
	if (result == FT_OK) {
		int written = put_dossier(&page, work, row, dossier);

		result = site_page_finish(&page, site);
		result = written != FT_OK ? written : result;
	}
	PQclear(dossier);
	return result;
}

/* The next name to write; -1 where none is left or one failed. */
static int take_next(struct work *work)
{
	int row = -1;

	pthread_mutex_lock(&work->lock);
	if (work->err.code == FT_OK && work->next < PQntuples(work->names))
		row = work->next++;
	pthread_mutex_unlock(&work->lock);
	if (row >= 0 && row % PROGRESS_EVERY == 0)
		log_progress("%d of %d names", row, PQntuples(work->names));
	return row;
}

static void write_some(struct work *work, struct db *db)
{
	struct site site = *work->site;
	struct error err = {FT_OK, ""};

	site.db = db;
	site.pages = 0;
	for (int row; err.code == FT_OK && (row = take_next(work)) >= 0;)
		err.code = write_domain(&site, work, row, &err);
	pthread_mutex_lock(&work->lock);
	work->pages += site.pages;
	if (work->err.code == FT_OK)
		work->err = err;
	pthread_mutex_unlock(&work->lock);
}

/* A connection of its own, at the same moment. One that cannot be had leaves the work to
 * others. */
static void *run_thread(void *ctx)
{
	struct work *work = ctx;
	struct error err = {FT_OK, ""};
	char sql[SNAPSHOT_SIZE + 100];
	struct db db;

	snprintf(sql, sizeof(sql),
		 "begin isolation level repeatable read; set transaction snapshot '%s'",
		 work->snapshot);
	if (db_connect(&db, work->site->conninfo, &err) != FT_OK)
		return NULL;
	if (db_run(&db, sql, &err) == FT_OK)
		write_some(work, &db);
	db_close(&db);
	return NULL;
}

static size_t threads_for(const struct work *work)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (PQntuples(work->names) < THREADS_WORTH || processors < 2)
		return 0;
	return processors < THREADS_MAX ? (size_t)processors - 1 : THREADS_MAX - 1;
}

/* The caller's thread works too. */
static void write_all(struct work *work, struct db *db)
{
	pthread_t threads[THREADS_MAX];
	size_t count = threads_for(work);
	size_t started = 0;

	while (started < count &&
	       pthread_create(&threads[started], NULL, run_thread, work) == 0)
		started++;
	write_some(work, db);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
}

int site_write_domains(struct site *site, struct error *err)
{
	struct work work = {.site = site, .lock = PTHREAD_MUTEX_INITIALIZER};
	PGresult *names;

	if (db_value(site->db, "SELECT pg_export_snapshot()", 0, NULL, work.snapshot,
		     sizeof(work.snapshot), err) != FT_OK)
		return err->code;
	names = db_query(site->db, names_sql, 0, NULL, err);
	if (names == NULL)
		return err->code;
	work.names = names;
	write_all(&work, site->db);
	log_progress("%s", "");
	site->pages += work.pages;
	PQclear(names);
	if (work.err.code != FT_OK)
		*err = work.err;
	return work.err.code;
}
