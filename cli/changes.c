/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "base/secret_file.h"
#include "base/timefmt.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cli/values.h"
#include "report/changes.h"
#include "report/output.h"
#include "report/webhook.h"

#define READER_MAX   63
#define SECRET_NAMED "FLUXTRACK_WEBHOOK_SECRET"

static struct {
	const char *reader;
	int64_t since_us;
	bool json;
	const char *url;
	const char *secret_path;
} wanted = {.since_us = TIME_NONE};

/* The same words as a vantage may have. */
static int read_reader(void *out_string, const char *text, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	size_t len = 0;

	while (isgraph((unsigned char)text[len]))
		len++;
	*(const char **)out_string = text;
	if (len > 0 && len <= READER_MAX && text[len] == '\0')
		return FT_OK;
	escape_word(shown, text);
	return error_set(err, FT_USAGE,
			 "'%s' is no reader: write up to %d letters, digits and signs", shown,
			 READER_MAX);
}

/* The message does not repeat it: a webhook's URL is often a secret. */
static int read_url(void *out_string, const char *text, struct error *err)
{
	*(const char **)out_string = text;
	if (strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0)
		return FT_OK;
	return error_set(err, FT_USAGE, "a URL begins with https:// or http://");
}

static const struct option_row options[] = {
	{"What to tell", "reader", 0, "NAME", "who asks; each is told once (default: default)",
	 read_reader, &wanted.reader},
	{NULL, "since", 0, "TIME", "what came to be known since then; no reader is told",
	 read_time, &wanted.since_us},
	{"How", "json", 0, NULL, "one JSON object an event, a line each", read_flag,
	 &wanted.json},
	{NULL, "webhook", 0, "URL", "post these lines there, print nothing", read_url,
	 &wanted.url},
	{NULL, "webhook-secret", 0, "FILE", "sign with its first line, or $" SECRET_NAMED,
	 read_text, &wanted.secret_path},
	{0},
};

static int check_use(struct error *err)
{
	if (wanted.reader != NULL && wanted.since_us != TIME_NONE)
		return error_set(err, FT_USAGE,
				 "--since tells no reader; leave out --since or --reader");
	if (wanted.secret_path != NULL && wanted.url == NULL)
		return error_set(err, FT_USAGE, "--webhook-secret is for --webhook alone");
	return FT_OK;
}

/* Leaves *secret NULL where there is none: then posts are not signed. */
static int find_secret(char room[WEBHOOK_SECRET_SIZE], const char **secret, struct error *err)
{
	const char *named = getenv(SECRET_NAMED);

	*secret = named != NULL && named[0] != '\0' ? named : NULL;
	if (wanted.secret_path == NULL)
		return FT_OK;
	*secret = room;
	return secret_file_read(room, WEBHOOK_SECRET_SIZE, wanted.secret_path, err);
}

static int post_line(void *webhook, const PGresult *row, struct error *err)
{
	return webhook_put(webhook, PQgetvalue(row, 0, 0), err);
}

static int post_changes(struct db *db, const struct changes_span *span, struct error *err)
{
	char room[WEBHOOK_SECRET_SIZE];
	const char *secret;
	struct webhook webhook;
	int result;

	if (find_secret(room, &secret, err) != FT_OK ||
	    webhook_open(&webhook, wanted.url, secret, err) != FT_OK)
		return err->code;
	result = changes_each(db, span, post_line, &webhook, err);
	if (result == FT_OK)
		result = webhook_flush(&webhook, err);
	webhook_close(&webhook);
	return result;
}

/* Told is what has left: a full disk or a closed pipe leaves the reader where it was. */
static int print_changes(struct db *db, const struct changes_span *span, struct error *err)
{
	if ((wanted.json ? changes_json : changes_text)(db, span, stdout, err) != FT_OK)
		return err->code;
	return output_flush_stdout(err);
}

static int tell(struct db *db, struct error *err)
{
	const char *reader = wanted.reader != NULL ? wanted.reader : "default";
	bool has_reader = wanted.since_us == TIME_NONE;
	struct changes_span span;
	char since[TIME_TEXT_SIZE];

	if (!has_reader)
		time_format(since, wanted.since_us);
	if ((has_reader ? changes_of_reader(db, reader, &span, err)
			: changes_from(db, since, &span, err)) != FT_OK)
		return err->code;
	if ((wanted.url != NULL ? post_changes : print_changes)(db, &span, err) != FT_OK)
		return err->code;
	return has_reader ? changes_told(db, reader, &span, err) : FT_OK;
}

static int changes_run(const struct context *context, struct error *err)
{
	struct db db;
	int result;

	if (check_use(err) != FT_OK || database_open(context, &db, err) != FT_OK)
		return err->code;
	result = tell(&db, err);
	db_close(&db);
	return result;
}

static const char details[] =
	"Names that began to flux, other changes of verdicts, names that died or came\n"
	"back; and of names that flux their new nodes, networks and nameservers. New is\n"
	"what the database came to know since the reader's last call, whenever it was\n"
	"observed. The first call tells the names that flux. Where nothing is new,\n"
	"nothing is printed, so that cron mails only news. What could not be printed or\n"
	"posted is told again the next time. Waits while names are scored.\n"
	"\n"
	"A webhook gets the lines of --json as application/x-ndjson, up to 5000 a post.\n"
	"With a secret, X-Fluxtrack-Signature is sha256= and the HMAC-SHA256 of the value\n"
	"of X-Fluxtrack-Timestamp, a dot and the body; without one, posts are not signed.\n"
	"\n"
	"  fluxtrack changes\n"
	"  fluxtrack changes --reader soc --webhook https://soc.example/flux \\\n"
	"      --webhook-secret /etc/fluxtrack/secret\n";

const struct command command_changes = {
	.name = "changes",
	.usage = "[--reader NAME|--since TIME] [--json] [--webhook URL]",
	.summary = "what is new since the last call; nothing where nothing is",
	.details = details,
	.options = options,
	.run = changes_run,
};
