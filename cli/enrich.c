/* SPDX-License-Identifier: MIT */
/* enrich: what the DNS tells of addresses; the asking itself is crawler/enrich.c. */
#include "crawler/enrich.h"

#include "base/log.h"
#include "cli/asking.h"
#include "cli/enrich.h"
#include "cli/home.h"
#include "cli/open.h"

static struct {
	struct server_list resolvers;
	double rate_qps;
	int64_t limit;       /* of names */
	const char *vantage; /* NULL: the host's name */
} enrich = {.rate_qps = 10, .limit = 1000};

static const struct option_row options[] = {
	{"Asking", "resolver", 0, "ADDR[:PORT]",
	 "server to ask, repeatable (default: the system's)", read_server, &enrich.resolvers},
	{NULL, "rate", 0, "N", "questions a second in all (default 10; 0: no limit)", read_rate,
	 &enrich.rate_qps},
	{NULL, "limit", 0, "N", "names to ask at most (default 1000)", read_number,
	 &enrich.limit},
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

static int enrich_now(const struct context *context, struct db *db, struct error *err)
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
	if (code == FT_OK || totals.names > 0)
		tell_end(&totals);
	return code;
}

void enrich_before_score(const struct context *context, struct db *db,
			 const struct server_list *servers, const char *vantage)
{
	struct error err = {0};

	enrich.resolvers = *servers;
	enrich.vantage = vantage;
	if (enrich_now(context, db, &err) != FT_OK)
		log_warn("%s; scoring goes on with what is known of addresses", err.text);
}

static int enrich_command(const struct context *context, struct error *err)
{
	struct db db;
	int result;

	if (enrich.limit == 0)
		return error_set(err, FT_USAGE, "--limit is 1 at least");
	if (home_make(context->home, err) != FT_OK || home_lock(context->home, err) != FT_OK ||
	    database_open(context, &db, err) != FT_OK)
		return err->code;
	result = enrich_now(context, &db, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"For addresses seen in the last week under names that are followed, asks whose\n"
	"they are where no prefix table tells (Team Cymru, TXT under\n"
	"origin.asn.cymru.com and origin6.asn.cymru.com), and what their names are\n"
	"(PTR). Those addresses leave this machine: to the resolver, and through it to\n"
	"Team Cymru and to the servers of in-addr.arpa. Nothing is asked twice a week.\n"
	"\n"
	"  fluxtrack enrich && fluxtrack score\n";

const struct command command_enrich = {
	.name = "enrich",
	.usage = "[--limit N]",
	.summary = "ask the DNS for origins and names of addresses seen",
	.details = details,
	.options = options,
	.run = enrich_command,
};
