/* SPDX-License-Identifier: MIT */
/*
 * probe: what nodes serve. Whom to ask is SQL (probe_wanted() in sql/pages.sql), the asking is
 * crawler/probe.c; between them and what is printed lies the way of every record: spool,
 * loader.
 */
#include "crawler/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/timefmt.h"
#include "cli/asking.h"
#include "cli/command.h"
#include "cli/home.h"
#include "cli/name_word.h"
#include "cli/open.h"
#include "cli/values.h"
#include "crawler/opt_out.h"
#include "report/pages.h"
#include "report/reporter.h"
#include "store/loader.h"

#define NODES_MAX     1000
#define TIMEOUT_S_MAX 600
#define PATH_MAX_LEN  1000
#define NAMES_MAX     (64 * 1024 * 1024) /* octets of all names */
#define REFUSALS_SAID 20

static struct {
	bool flux;
	int64_t nodes; /* of a name */
	double rate_per_s;
	int64_t port;
	const char *path;
	int64_t timeout_s;
	const char *signatures; /* a file; NULL: none */
	struct reach reach;
} how = {.nodes = 5, .rate_per_s = 1, .port = 80, .path = "/", .timeout_s = 20};

static int read_count(int64_t *out, const char *text, int64_t most, struct error *err)
{
	if (read_number(out, text, err) != FT_OK)
		return err->code;
	return *out >= 1 && *out <= most ? FT_OK
					 : error_set(err, FT_USAGE, "from 1 to %" PRId64, most);
}

static int read_nodes(void *out_int64, const char *text, struct error *err)
{
	return read_count(out_int64, text, NODES_MAX, err);
}

static int read_port(void *out_int64, const char *text, struct error *err)
{
	return read_count(out_int64, text, UINT16_MAX, err);
}

static int read_timeout(void *out_int64_s, const char *text, struct error *err)
{
	int64_t *timeout_s = out_int64_s;

	if (read_duration(timeout_s, text, err) != FT_OK)
		return err->code;
	return *timeout_s >= 1 && *timeout_s <= TIMEOUT_S_MAX
		       ? FT_OK
		       : error_set(err, FT_USAGE, "from 1s to %ds", TIMEOUT_S_MAX);
}

static int read_path(void *out_string, const char *text, struct error *err)
{
	size_t len = 0;

	while (text[len] > ' ' && text[len] <= '~' && text[len] != '#')
		len++;
	if (text[0] != '/' || text[len] != '\0' || len > PATH_MAX_LEN)
		return error_set(err, FT_USAGE,
				 "a path begins with / and is of ASCII without blanks and #");
	*(const char **)out_string = text;
	return FT_OK;
}

static int read_allowed(void *out_reach, const char *text, struct error *err)
{
	return reach_allow(out_reach, text, err);
}

static const struct option_row options[] = {
	{"Whom to ask", "flux", 0, NULL, "all names whose verdict is flux or double-flux",
	 read_flag, &how.flux},
	{NULL, "nodes", 0, "N", "nodes of a name, the newest (default 5)", read_nodes,
	 &how.nodes},
	{NULL, "allow", 0, "PREFIX", "a private prefix that may be asked too, repeatable",
	 read_allowed, &how.reach},
	{"Asking", "rate", 0, "N", "requests a second over all (default 1; 0: no limit)",
	 read_rate, &how.rate_per_s},
	{NULL, "port", 0, "N", "TCP port (default 80)", read_port, &how.port},
	{NULL, "path", 0, "PATH", "what to ask for (default /)", read_path, &how.path},
	{NULL, "timeout", 0, "DURATION", "for the whole of a request (default 20s)",
	 read_timeout, &how.timeout_s},
	{"What it tells", "signatures", 0, "FILE", "more signatures, beside those built in",
	 read_text, &how.signatures},
	{0},
};

/* One probe. */
struct job {
	const struct context *context; /* borrowed */
	struct reporter reporter;
	struct signatures *signatures; /* owned */
	struct opt_out spared;
	struct buf names; /* those given, then those asked; a blank between, a NUL behind */
	struct db db;
	PGresult *wanted;         /* owned; the nodes' tags lie there */
	struct probe_node *nodes; /* owned */
	size_t count;
	size_t refused; /* names and addresses */
	char since[TIME_TEXT_SIZE];
};

static int put_name(struct buf *names, const char *name, struct error *err)
{
	if (names->len > 0)
		buf_put_u8(names, ' ');
	buf_put(names, name, strlen(name));
	return buf_is_ok(names) ? FT_OK : error_set(err, FT_FAIL, "no memory for the names");
}

static int end_names(struct buf *names, struct error *err)
{
	buf_put_u8(names, '\0');
	return buf_is_ok(names) ? FT_OK : error_set(err, FT_FAIL, "no memory for the names");
}

static int read_names(struct job *job, struct error *err)
{
	char name[NAME_TEXT_SIZE];

	if (how.flux == (job->context->count > 0))
		return error_set(err, FT_USAGE, "write names, or --flux for all that flux");
	for (int i = 0; i < job->context->count; i++)
		if (name_word_read(name, job->context->words[i], err) != FT_OK ||
		    put_name(&job->names, name, err) != FT_OK)
			return err->code;
	return end_names(&job->names, err);
}

static void say_refusal(struct job *job, int row)
{
	const char *name = PQgetvalue(job->wanted, row, 0);

	job->refused++;
	if (job->refused > REFUSALS_SAID)
		return;
	if (PQgetisnull(job->wanted, row, 1))
		log_info("%s is not asked: %s", name, PQgetvalue(job->wanted, row, 3));
	else
		log_info("%s of %s is not asked: %s", PQgetvalue(job->wanted, row, 1), name,
			 PQgetvalue(job->wanted, row, 3));
}

static int take_row(struct job *job, int row, struct error *err)
{
	struct probe_node *node = &job->nodes[job->count];
	struct server_address parsed;

	if (!PQgetisnull(job->wanted, row, 3)) {
		say_refusal(job, row);
		return FT_OK;
	}
	if (name_from_text(&node->name, PQgetvalue(job->wanted, row, 0), err) != FT_OK ||
	    server_address_parse(&parsed, PQgetvalue(job->wanted, row, 1), err) != FT_OK)
		return err->code;
	node->address = parsed.ip;
	node->tags = PQgetvalue(job->wanted, row, 2);
	job->count++;
	return put_name(&job->names, PQgetvalue(job->wanted, row, 0), err);
}

static int find_nodes(struct job *job, struct error *err)
{
	char nodes[24];
	const char *params[] = {(const char *)job->names.data, how.flux ? "true" : "false",
				nodes, (const char *)job->spared.names.data,
				(const char *)job->spared.prefixes.data};
	int rows;

	snprintf(nodes, sizeof(nodes), "%" PRId64, how.nodes);
	job->wanted = db_query(&job->db,
			       "SELECT name, host(address), tags, refusal FROM probe_wanted("
			       "string_to_array($1, ' '), $2, $3, string_to_array($4, ' '), "
			       "string_to_array($5, ' ')::cidr[])",
			       5, params, err);
	if (job->wanted == NULL)
		return err->code;
	rows = PQntuples(job->wanted);
	buf_reset(&job->names);
	job->nodes = calloc((size_t)rows + 1, sizeof(*job->nodes));
	if (job->nodes == NULL)
		return error_set(err, FT_FAIL, "no memory for nodes to ask");
	for (int row = 0; row < rows; row++)
		if (take_row(job, row, err) != FT_OK)
			return err->code;
	if (job->refused > 0)
		log_info("names and addresses that are not asked: %zu", job->refused);
	return end_names(&job->names, err);
}

static void tell_totals(const struct job *job, const struct probe_totals *totals)
{
	log_info("asked %" PRIu64 " of %zu nodes for a page: %" PRIu64 " answered, %" PRIu64
		 " bear a signature",
		 totals->asked - totals->vetoed, job->count, totals->answered, totals->bearing);
	if (totals->vetoed > 0)
		log_info("not asked, for the address is private or reserved: %" PRIu64
			 " (--allow PREFIX lets a lab's be)",
			 totals->vetoed);
	if (signatures_undecided(job->signatures) > 0)
		log_warn("pieces of pages that a signature's pattern was too costly for: "
			 "%" PRIu64,
			 signatures_undecided(job->signatures));
}

static int ask(const struct job *job, struct spool *spool, struct error *err)
{
	char user_agent[REPORTER_WORD_SIZE + 64];
	struct probe_totals totals;
	const struct probe_options asking = {.spool = spool,
					     .nodes = job->nodes,
					     .count = job->count,
					     .signatures = job->signatures,
					     .reach = &how.reach,
					     .user_agent = user_agent,
					     .path = how.path,
					     .port = (uint16_t)how.port,
					     .rate_per_s = how.rate_per_s,
					     .timeout_s = how.timeout_s};
	int result;

	snprintf(user_agent, sizeof(user_agent),
		 "fluxtrack/" FLUXTRACK_VERSION " (abuse research; %s)", job->reporter.contact);
	result = probe_run(&asking, &totals, err);
	tell_totals(job, &totals);
	return result;
}

/* Of a failed probe and a failed closing the probe is told: it was first. */
static int record(const struct job *job, struct error *err)
{
	char vantage[VANTAGE_MAX + 1];
	const struct spool_options spooling = {.home = job->context->home,
					       .vantage = vantage,
					       .clock = &clock_system,
					       .reserve_bytes = PROBE_RESERVE};
	struct error closing = {0};
	struct spool *spool;
	int result;

	vantage_choose(vantage, NULL);
	spool = spool_open(&spooling, err);
	if (spool == NULL)
		return err->code;
	result = ask(job, spool, err);
	if (spool_close(spool, &closing) != FT_OK && result == FT_OK) {
		*err = closing;
		result = err->code;
	}
	return result;
}

/* What is recorded is loaded, even where the probe ended early. */
static int record_and_load(struct job *job, struct error *err)
{
	struct loader_totals totals = {0};
	struct error loading = {0};
	int result;

	time_format(job->since, clock_wall_us(&clock_system));
	result = record(job, err);
	if (loader_load_spool(&job->db, job->context->home, &totals, &loading) == FT_OK)
		return result;
	if (result == FT_OK)
		*err = loading;
	return error_prefix(err, "what was recorded waits in the spool for fluxtrack load");
}

static int tell_agreement(struct job *job, struct error *err)
{
	const char *params[] = {(const char *)job->names.data};
	PGresult *rows = db_query(
		&job->db,
		"SELECT d.name, a.nodes, a.answered, a.networks FROM page_agreement(array("
		"SELECT id FROM domain WHERE name = any(string_to_array($1, ' ')))) a "
		"JOIN domain d ON d.id = a.domain_id WHERE a.nodes > 1 ORDER BY d.name",
		1, params, err);

	if (rows == NULL)
		return err->code;
	for (int row = 0; row < PQntuples(rows); row++)
		log_info("%s: the same page from %s of %s nodes with one, in %s networks",
			 PQgetvalue(rows, row, 0), PQgetvalue(rows, row, 1),
			 PQgetvalue(rows, row, 2), PQgetvalue(rows, row, 3));
	PQclear(rows);
	log_info("the verdicts are as they were; run fluxtrack score next");
	return FT_OK;
}

/* What the spool holds is loaded first: the tags that names have come with it. */
static int probe_known(struct job *job, struct error *err)
{
	const char *home = job->context->home;
	struct loader_totals totals = {0};
	struct pages brought = {.db = &job->db, .since = job->since};

	if (spool_recover(home, err) != FT_OK ||
	    loader_load_spool(&job->db, home, &totals, err) != FT_OK ||
	    find_nodes(job, err) != FT_OK)
		return err->code;
	if (job->count == 0)
		return error_set(err, FT_FAIL, "there is no node to ask");
	brought.names = (const char *)job->names.data;
	if (record_and_load(job, err) != FT_OK || pages_table(&brought, stdout, err) != FT_OK)
		return err->code;
	return tell_agreement(job, err);
}

static int prepare(struct job *job, struct error *err)
{
	if (read_names(job, err) != FT_OK)
		return err->code;
	if (reporter_read(&job->reporter, job->context->home, err) != FT_OK)
		return error_prefix(err, "who is asked has to know who asks");
	job->signatures = signatures_new(how.signatures, err);
	if (job->signatures == NULL ||
	    opt_out_read(&job->spared, job->context->home, err) != FT_OK)
		return err->code;
	return FT_OK;
}

static int probe_command(const struct context *context, struct error *err)
{
	struct job job = {.context = context};
	int result;

	buf_init(&job.names, NAMES_MAX);
	result = prepare(&job, err);
	if (result == FT_OK &&
	    (home_make(context->home, err) != FT_OK || home_lock(context->home, err) != FT_OK ||
	     database_open(context, &job.db, err) != FT_OK))
		result = err->code;
	else if (result == FT_OK) {
		result = probe_known(&job, err);
		db_close(&job.db);
	}
	free(job.nodes);
	PQclear(job.wanted);
	signatures_free(job.signatures);
	opt_out_fini(&job.spared);
	buf_fini(&job.names);
	return result;
}

static const char details[] =
	"Asks nodes of each NAME for a page, one GET each, at the address that they were\n"
	"seen at in the last seven days, with the name as Host. No redirect is followed\n"
	"and no name resolved. But for this command no node is ever contacted.\n"
	"\n"
	"HOME/reporter.ini has to say who asks: the User-Agent names its contact. Names\n"
	"and prefixes in HOME/opt-out.txt, a line each, and what is on a list are not\n"
	"asked. Each answer is a record: status, headers, up to 256 KiB of the page and\n"
	"the signatures that it bears; the first of these becomes the name's tag lure.\n"
	"A file of signatures has an INI section each: family = WORD, and need = PATTERN\n"
	"(PCRE2) as often as there are patterns, which all have to be found.\n"
	"\n"
	"  fluxtrack probe --flux --nodes 3 && fluxtrack score\n";

const struct command command_probe = {
	.name = "probe",
	.usage = "NAME... | --flux",
	.summary = "ask nodes for a page, to record what they serve",
	.details = details,
	.options = options,
	.words_max = WORDS_ANY,
	.run = probe_command,
};
