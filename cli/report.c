/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cli/values.h"
#include "report/site.h"
#include "store/migrate.h"

static const char *folder;

static const struct option_row options[] = {
	{"Options", "output", 'o', "DIR", "the folder to write; needed", read_text, &folder},
	{0},
};

static int report_run(const struct context *context, struct error *err)
{
	char conninfo[CONNINFO_SIZE];
	struct db db;
	const struct site_job job = {.db = &db, .conninfo = conninfo, .dir = folder};
	size_t pages;
	int result;

	if (folder == NULL)
		return error_set(err, FT_USAGE, "name the folder to write with -o DIR");
	if (database_find(context, conninfo, err) != FT_OK ||
	    migrate_connect(&db, conninfo, err) != FT_OK)
		return err->code;
	result = site_write(&job, &pages, err);
	db_close(&db);
	if (result == FT_OK)
		log_info("wrote a site of %zu pages to %s", pages, folder);
	return result;
}

static const char details[] =
	"Writes the folder DIR: an index of all names in the order of each column,\n"
	"lists by verdict and family, what changed, and a page a name, a network and a\n"
	"cluster. It opens from a disk as from any web server: no script, nothing is\n"
	"fetched. DIR is replaced as a whole, when the new one is complete.\n"
	"\n"
	"  fluxtrack report -o /var/www/flux\n";

const struct command command_report = {
	.name = "report",
	.usage = "-o DIR",
	.summary = "write what is known as a static web site",
	.details = details,
	.options = options,
	.run = report_run,
};
