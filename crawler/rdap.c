/* SPDX-License-Identifier: MIT */
#include "crawler/rdap.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "crawler/rdap_ask.h"
#include "crawler/rdap_bootstrap.h"
#include "crawler/rdap_plan.h"
#include "store/loader.h"
#include "store/suffix.h"

#define WANTED_MAX   "20000" /* more than a run asks about: some have no server */
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_."

struct rdap {
	const struct rdap_options *options; /* borrowed */
	struct rdap_totals *totals;         /* borrowed */
	struct rdap_bootstrap bootstrap;    /* owned */
	struct rdap_plan *plan;             /* owned */
};

/* Two zones of dynamic DNS may lie below one registered name: that is asked about once. */
static int add_item(struct rdap *rdap, struct rdap_item *item, struct error *err)
{
	if (item == NULL)
		return err->code;
	if (rdap_plan_holds(rdap->plan, item->url)) {
		rdap_item_free(item);
		return FT_OK;
	}
	if (rdap_plan_add(rdap->plan, item, err) != FT_OK)
		return err->code;
	rdap->totals->asked++;
	return FT_OK;
}

/* A path under a base URL, which need not end with a slash though it should (RFC 9224, 3). */
static struct rdap_item *item_under(const char *base, const char *kind, const char *about,
				    struct error *err)
{
	char url[FETCH_URL_MAX + 1];
	size_t len = strlen(base);
	const char *slash = base[len - 1] == '/' ? "" : "/";

	if ((size_t)snprintf(url, sizeof(url), "%s%s%s/%s", base, slash, kind, about) >=
	    sizeof(url)) {
		error_set(err, FT_FAIL, "a bootstrap file names a service by %zu octets", len);
		return NULL;
	}
	return rdap_item_new(url, err);
}

/* A zone of dynamic DNS may lie below the name that its provider registered. */
static int add_name(struct rdap *rdap, const char *name, struct error *err)
{
	const char *registrable = suffix_registrable(name);
	const char *asked = registrable != NULL ? registrable : name;
	const char *base = rdap_bootstrap_of_name(&rdap->bootstrap, asked);
	struct rdap_item *item;

	if (base == NULL || asked[strspn(asked, NAME_LETTERS)] != '\0') {
		rdap->totals->unserved++;
		return FT_OK;
	}
	item = item_under(base, "domain", asked, err);
	if (item != NULL && name_from_text(&item->name, asked, err) != FT_OK) {
		rdap_item_free(item);
		return err->code;
	}
	return add_item(rdap, item, err);
}

static int add_address(struct rdap *rdap, const char *text, struct error *err)
{
	struct server_address server; /* its port is of no matter */
	struct rdap_item *item;
	const char *base;

	if (server_address_parse(&server, text, err) != FT_OK)
		return err->code;
	base = rdap_bootstrap_of_address(&rdap->bootstrap, &server.ip);
	if (base == NULL) {
		rdap->totals->unserved++;
		return FT_OK;
	}
	item = item_under(base, "ip", text, err);
	if (item != NULL)
		item->address = server.ip;
	return add_item(rdap, item, err);
}

static int plan_all(struct rdap *rdap, const PGresult *wanted, struct error *err)
{
	int rows = PQntuples(wanted);
	int code = FT_OK;

	for (int i = 0; code == FT_OK && i < rows; i++) {
		if ((int64_t)rdap->totals->asked >= rdap->options->limit)
			break;
		if (!PQgetisnull(wanted, i, 0))
			code = add_name(rdap, PQgetvalue(wanted, i, 0), err);
		else
			code = add_address(rdap, PQgetvalue(wanted, i, 1), err);
	}
	return code;
}

/* What was not asked after all stays wanted. */
static void count_left(struct rdap *rdap)
{
	rdap->totals->postponed = rdap_plan_left(rdap->plan);
	rdap->totals->asked -= rdap->totals->postponed;
}

/* Of a failed asking and a failed closing the asking is told: it was first. */
static int record(struct rdap *rdap, struct error *err)
{
	const struct spool_options how = {.home = rdap->options->home,
					  .vantage = rdap->options->vantage,
					  .clock = &clock_system};
	struct rdap_ask asking = {.plan = rdap->plan,
				  .home = rdap->options->home,
				  .user_agent = rdap->options->user_agent,
				  .reach = rdap->options->reach};
	struct error closing = {0};
	int code;

	asking.spool = spool_open(&how, err);
	if (asking.spool == NULL)
		return err->code;
	code = rdap_ask(&asking, rdap->totals, err);
	if (spool_close(asking.spool, &closing) != FT_OK && code == FT_OK) {
		*err = closing;
		code = closing.code;
	}
	return code;
}

/* What was recorded is loaded even where asking failed. */
static int ask_all(struct rdap *rdap, struct error *err)
{
	struct loader_totals loaded = {0};
	struct error later = {0};
	int code;

	if (rdap_plan_waiting(rdap->plan) == 0)
		return FT_OK;
	code = record(rdap, err);
	count_left(rdap);
	if (loader_load_spool(rdap->options->db, rdap->options->home, &loaded, &later) ==
		    FT_OK ||
	    code != FT_OK)
		return code;
	*err = later;
	return err->code;
}

static int plan_and_ask(struct rdap *rdap, const PGresult *wanted, struct error *err)
{
	const struct rdap_source source = {.home = rdap->options->home,
					   .url = rdap->options->bootstrap_url,
					   .user_agent = rdap->options->user_agent};

	rdap->plan = rdap_plan_new(err);
	if (rdap->plan == NULL ||
	    rdap_bootstrap_open(&rdap->bootstrap, &source, err) != FT_OK ||
	    plan_all(rdap, wanted, err) != FT_OK)
		return err->code;
	return ask_all(rdap, err);
}

static int run_wanted(const struct rdap_options *options, const PGresult *wanted,
		      struct rdap_totals *totals, struct error *err)
{
	struct rdap rdap = {.options = options, .totals = totals};
	int code = plan_and_ask(&rdap, wanted, err);

	rdap_bootstrap_close(&rdap.bootstrap);
	if (rdap.plan != NULL)
		rdap_plan_free(rdap.plan);
	return code;
}

int rdap_run(const struct rdap_options *options, struct rdap_totals *totals, struct error *err)
{
	PGresult *wanted;
	int code = FT_OK;

	*totals = (struct rdap_totals){0};
	wanted = db_query(options->db,
			  "select name, host(address) from registration_wanted(" WANTED_MAX ")",
			  0, NULL, err);
	if (wanted == NULL)
		return err->code;
	if (PQntuples(wanted) > 0)
		code = run_wanted(options, wanted, totals, err);
	PQclear(wanted);
	return code;
}
