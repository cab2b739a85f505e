/* SPDX-License-Identifier: MIT */
#include "crawler/feed_download.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "store/sha256.h"

#define CONNECT_MS    10000
#define TIMEOUT_MS    600000
#define SLOW_OCTETS_S 100
#define MOVED_SHOWN   300 /* octets of a URL that a message repeats */

/* Opens the file aside, and what sums it up. */
static int open_part(struct feed_download *download, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	int len = snprintf(download->part, sizeof(download->part), "%s.part", download->path);

	escape_path(shown, download->path);
	if (len >= (int)sizeof(download->part))
		return error_set(err, FT_FAIL, "path too long: %s", shown);
	download->sha = sha256_new();
	if (download->sha == NULL)
		return error_set(err, FT_FAIL, "no memory to fetch %s", shown);
	download->fd = open(download->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (download->fd < 0)
		return error_set(err, FT_FAIL, "cannot make %s.part: %s", shown,
				 strerror(errno));
	return FT_OK;
}

static bool take_octets(void *ctx, const void *octets, size_t len)
{
	struct feed_download *download = ctx;

	if (file_write(download->fd, octets, len, download->part, &download->error) != FT_OK)
		return false;
	sha256_add(download->sha, octets, len);
	download->octets += len;
	return true;
}

static int judge_redirect(const struct http_answer *answer, struct error *err)
{
	char url[MOVED_SHOWN];
	char shown[ESCAPE_MAX(MOVED_SHOWN)];

	if (!http_header(url, sizeof(url), answer, "Location"))
		return error_set(err, FT_FAIL, "the server answered %u", answer->status);
	escape_text(shown, sizeof(shown), url, strlen(url));
	return error_set(err, FT_FAIL, "it moved to %.350s: give that", shown);
}

/* Would the same request fail the same way an hour later? */
static int judge_status(const struct http_answer *answer, struct error *err)
{
	unsigned status = answer->status;

	if (status == 200 || status == 304)
		return FT_OK;
	if (status >= 300 && status < 400)
		return judge_redirect(answer, err);
	if (status == 401 || status == 403)
		return error_set(err, FT_FAIL,
				 "the server answered %u: it wants a (better) header in "
				 "feeds.ini",
				 status);
	return error_set(err,
			 status >= 500 || status == 408 || status == 429 ? FT_AGAIN : FT_FAIL,
			 "the server answered %u", status);
}

static int judge(const struct feed_download *download, const struct http_answer *answer,
		 struct error *err)
{
	switch (answer->outcome) {
	case FETCH_ANSWERED:
		return judge_status(answer, err);
	case FETCH_CUT:
		return error_set(err, FT_FAIL,
				 "longer than %" PRIu64 " octets: allow it more by max = in "
				 "feeds.ini",
				 download->octets_max);
	case FETCH_TIMEOUT:
	case FETCH_REFUSED:
	case FETCH_PARTIAL:
		return error_set(err, FT_AGAIN, "%.400s", answer->why);
	default:
		return error_set(err, FT_FAIL, "%.400s", answer->why);
	}
}

static int close_part(struct feed_download *download, struct error *err)
{
	uint8_t sum[SHA256_LEN];
	bool is_synced = fsync(download->fd) == 0;

	close(download->fd);
	download->fd = -1;
	if (!is_synced)
		return error_set(err, FT_FAIL, "cannot sync %s: %s", download->part,
				 strerror(errno));
	sha256_end(download->sha, sum);
	loader_hex(download->sha256, "", sum, sizeof(sum));
	return FT_OK;
}

static void end_download(void *ctx, const struct http_answer *answer)
{
	struct feed_download *download = ctx;
	struct error *err = &download->error;

	download->retry_after_s = answer->retry_after_s;
	download->status = answer->status;
	if (err->code == FT_OK && judge(download, answer, err) == FT_OK &&
	    close_part(download, err) == FT_OK && answer->status == 200 &&
	    download->octets == 0)
		error_set(err, FT_FAIL, "an empty answer");
	if (!http_header(download->etag, sizeof(download->etag), answer, "ETag"))
		download->etag[0] = '\0';
	if (!http_header(download->modified, sizeof(download->modified), answer,
			 "Last-Modified"))
		download->modified[0] = '\0';
	download->is_done = true;
}

int feed_download_start(struct feed_download *download, const char *url, struct error *err)
{
	struct http_request request = {.url = url,
				       .headers = download->headers,
				       .body_max = download->octets_max,
				       .timeout_ms = TIMEOUT_MS,
				       .connect_timeout_ms = CONNECT_MS,
				       .slow_octets_s = SLOW_OCTETS_S,
				       .take = take_octets,
				       .done = end_download,
				       .ctx = download};

	download->error = (struct error){0};
	download->is_done = false;
	download->octets = 0;
	download->fd = -1;
	if (open_part(download, err) == FT_OK &&
	    http_start(download->http, &request, err) == FT_OK)
		return FT_OK;
	feed_download_drop(download);
	return err->code;
}

int feed_download_keep(struct feed_download *download, struct error *err)
{
	if (rename(download->part, download->path) == 0) {
		download->part[0] = '\0';
		return FT_OK;
	}
	return error_set(err, FT_FAIL, "cannot rename %s: %s", download->part, strerror(errno));
}

void feed_download_drop(struct feed_download *download)
{
	if (download->sha == NULL)
		return;
	if (download->fd >= 0)
		close(download->fd);
	download->fd = -1;
	sha256_free(download->sha);
	download->sha = NULL;
	if (download->part[0] != '\0')
		unlink(download->part);
	download->part[0] = '\0';
}
