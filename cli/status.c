/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cli/show.h"
#include "cli/values.h"
#include "report/status.h"

static bool as_json;

static const struct option_row options[] = {
	{"Options", "json", 0, NULL, "one JSON array, an object a name", read_flag, &as_json},
	{0},
};

int status_show(struct db *db, bool json, struct error *err)
{
	size_t names;

	if (json)
		return status_json(db, stdout, err);
	if (status_table(db, stdout, &names, err) != FT_OK)
		return err->code;
	if (names == 0)
		log_info("no name is followed yet; run fluxtrack track");
	return FT_OK;
}

static int status_run(const struct context *context, struct error *err)
{
	struct db db;
	int result;

	if (database_open(context, &db, err) != FT_OK)
		return err->code;
	result = status_show(&db, as_json, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"Sorted by score, worst first. ADDRESSES counts all seen; TTL is the range\n"
	"seen, in seconds; LAST CHANGE is in UTC.\n";

const struct command command_status = {
	.name = "status",
	.usage = "[--json]",
	.summary = "a row a name: verdict, score, addresses, networks, TTL, change",
	.details = details,
	.options = options,
	.run = status_run,
};
