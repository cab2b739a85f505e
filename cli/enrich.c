/* SPDX-License-Identifier: MIT */
/*
 * enrich: what the DNS tells of addresses, then what RDAP tells of names that flux and of their
 * nodes' networks. The asking itself is crawler/enrich.c and crawler/rdap.c.
 */
#include "crawler/enrich.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/asking.h"
#include "cli/enrich.h"
#include "cli/home.h"
#include "cli/open.h"
#include "crawler/rdap.h"
#include "crawler/rdap_bootstrap.h"
#include "report/reporter.h"

static struct {
	struct server_list resolvers;
	double rate_qps;
	int64_t limit;       /* of names, for each of the two */
	const char *vantage; /* NULL: the host's name */
	bool no_dns;
	bool no_rdap;
	const char *bootstrap_url;
	struct reach reach;
} enrich = {.rate_qps = 10, .limit = 1000, .bootstrap_url = RDAP_BOOTSTRAP_URL};

/* What is no URL at all is refused when it is fetched. */
static int read_url(void *out_string, const char *text, struct error *err)
{
	bool is_url = strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;

	for (const char *at = text; *at != '\0'; at++)
		is_url &= *at > ' ' && *at <= '~';
	if (!is_url)
		return error_set(err, FT_USAGE, "give an http or https URL");
	*(const char **)out_string = text;
	return FT_OK;
}

static int read_allowed(void *out_reach, const char *text, struct error *err)
{
	return reach_allow(out_reach, text, err);
}

static const struct option_row options[] = {
	{"Asking", "resolver", 0, "ADDR[:PORT]",
	 "server to ask, repeatable (default: the system's)", read_server, &enrich.resolvers},
	{NULL, "rate", 0, "N", "questions a second in all (default 10; 0: no limit)", read_rate,
	 &enrich.rate_qps},
	{NULL, "limit", 0, "N", "names to ask at most over each (default 1000)", read_number,
	 &enrich.limit},
	{NULL, "no-dns", 0, NULL, "ask RDAP alone", read_flag, &enrich.no_dns},
	{NULL, "no-rdap", 0, NULL, "ask the DNS alone", read_flag, &enrich.no_rdap},
	{"RDAP", "rdap-bootstrap", 0, "URL",
	 "folder of dns.json, ipv4.json, ipv6.json (IANA's)", read_url, &enrich.bootstrap_url},
	{NULL, "allow", 0, "PREFIX", "a private prefix that may be asked too, repeatable",
	 read_allowed, &enrich.reach},
	{0},
};

static void show_progress(void *ctx, const struct crawl_progress *progress)
{
	(void)ctx;
	log_progress("%llu answers on addresses, %llu failed; %zu in flight",
		     (unsigned long long)progress->lookups,
		     (unsigned long long)progress->failed, progress->in_flight);
}

static void tell_end(const struct enrich_totals *totals)
{
	if (totals->names == 0)
		log_info("nothing to ask: origins and names of addresses are known as far as "
			 "can be");
	else
		log_info("asked for %llu origins and names of addresses in %llu lookups; %llu "
			 "failed",
			 (unsigned long long)totals->names, (unsigned long long)totals->lookups,
			 (unsigned long long)totals->failed);
}

/* *stopped: by a signal. */
static int ask_dns(const struct context *context, struct db *db, bool *stopped,
		   struct error *err)
{
	struct server_list *servers = &enrich.resolvers;
	char vantage[VANTAGE_MAX + 1];
	struct enrich_totals totals;
	struct enrich_options how = {.home = context->home,
				     .vantage = vantage,
				     .db = db,
				     .servers = servers->servers,
				     .rate_qps = enrich.rate_qps,
				     .limit = enrich.limit,
				     .report = show_progress};
	int code;

	if (servers_choose(servers, err) != FT_OK || seed_draw(&how.seed, err) != FT_OK)
		return err->code;
	how.server_count = servers->count;
	vantage_choose(vantage, enrich.vantage);
	code = enrich_run(&how, &totals, err);
	log_progress("%s", "");
	*stopped = totals.is_stopped;
	if (code == FT_OK || totals.names > 0)
		tell_end(&totals);
	return code;
}

static void tell_rdap(const struct rdap_totals *totals)
{
	if (totals->asked + totals->unserved + totals->postponed == 0)
		log_info("nothing to ask RDAP: names that flux and their networks are known as "
			 "far as can be");
	else
		log_info("asked RDAP about %llu names and addresses; %llu answered",
			 (unsigned long long)totals->asked,
			 (unsigned long long)totals->answered);
	if (totals->unserved > 0)
		log_info("names and addresses that no RDAP server tells of: %llu",
			 (unsigned long long)totals->unserved);
	if (totals->postponed > 0)
		log_info("left for another time, as their RDAP server gives no more now: %llu",
			 (unsigned long long)totals->postponed);
}

/* Who asks: the program, and whom to write to where the home knows it. */
static void name_ourselves(char *out, size_t size, const char *home)
{
	struct reporter reporter;
	struct error unknown = {0};

	snprintf(out, size, "fluxtrack/" FLUXTRACK_VERSION);
	if (reporter_read(&reporter, home, &unknown) == FT_OK)
		snprintf(out, size, "fluxtrack/" FLUXTRACK_VERSION " (%s)", reporter.contact);
}

static int ask_rdap(const struct context *context, struct db *db, struct error *err)
{
	char user_agent[REPORTER_WORD_SIZE + 64];
	char vantage[VANTAGE_MAX + 1];
	struct rdap_totals totals;
	const struct rdap_options how = {.home = context->home,
					 .vantage = vantage,
					 .db = db,
					 .bootstrap_url = enrich.bootstrap_url,
					 .user_agent = user_agent,
					 .reach = &enrich.reach,
					 .limit = enrich.limit};
	int code;

	name_ourselves(user_agent, sizeof(user_agent), context->home);
	vantage_choose(vantage, enrich.vantage);
	code = rdap_run(&how, &totals, err);
	if (code == FT_OK || totals.asked > 0)
		tell_rdap(&totals);
	return code;
}

/* One does not wait for the other; of two failures the first decides. */
static int enrich_now(const struct context *context, struct db *db, struct error *err)
{
	struct error later = {0};
	bool stopped = false;
	int code = enrich.no_dns ? FT_OK : ask_dns(context, db, &stopped, err);

	if (stopped || enrich.no_rdap || ask_rdap(context, db, &later) == FT_OK)
		return code;
	if (code == FT_OK) {
		*err = later;
		return err->code;
	}
	log_warn("%s", later.text);
	return code;
}

void enrich_before_score(const struct context *context, struct db *db,
			 const struct enrich_first *first)
{
	struct error err = {0};

	enrich.resolvers = *first->servers;
	enrich.vantage = first->vantage;
	enrich.no_rdap = first->no_rdap;
	if (enrich_now(context, db, &err) != FT_OK)
		log_warn("%s; scoring goes on with what is known", err.text);
}

static int enrich_command(const struct context *context, struct error *err)
{
	struct db db;
	int result;

	if (enrich.limit == 0)
		return error_set(err, FT_USAGE, "--limit is 1 at least");
	if (enrich.no_dns && enrich.no_rdap)
		return error_set(err, FT_USAGE,
				 "--no-dns and --no-rdap together leave nothing to ask");
	if (home_make(context->home, err) != FT_OK || home_lock(context->home, err) != FT_OK ||
	    database_open(context, &db, err) != FT_OK)
		return err->code;
	result = enrich_now(context, &db, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"DNS: for addresses seen in the last week under names that are followed, asks\n"
	"whose they are where no prefix table tells (Team Cymru, TXT under\n"
	"origin.asn.cymru.com and origin6.asn.cymru.com), and what their names are\n"
	"(PTR). Those addresses leave this machine: to the resolver, and through it to\n"
	"Team Cymru and to the servers of in-addr.arpa. Nothing is asked twice a week.\n"
	"\n"
	"RDAP: for names that the last score judged flux, double-flux or suspect, asks\n"
	"who registered them through whom, and whose networks their nodes are in. Those\n"
	"registered names and one address of each prefix leave this machine: to the\n"
	"registry's server (IANA tells which one), where that refers to, and to nobody\n"
	"else. They are told who asks: fluxtrack, its version, and the contact that\n"
	"HOME/reporter.ini names. A server is asked once a second at most; an answer\n"
	"holds 30 days, a failure a day.\n"
	"\n"
	"  fluxtrack score && fluxtrack enrich && fluxtrack score\n";

const struct command command_enrich = {
	.name = "enrich",
	.usage = "[--limit N]",
	.summary = "ask the DNS about addresses seen, and RDAP about names that flux",
	.details = details,
	.options = options,
	.run = enrich_command,
};
