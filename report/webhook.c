/* SPDX-License-Identifier: MIT */
#include "report/webhook.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/escape.h"
#include "store/sha256.h"

#define ANSWER_MAX    65536 /* octets read of an answer; the rest is cut off */
#define ANSWER_SHOWN  80    /* octets of it that a message repeats */
#define HEADER_SIZE   128
#define TIMESTAMP_LEN 20

/* What a try came to. */
struct answer {
	char error[CURL_ERROR_SIZE];
	char start[ANSWER_SHOWN];
	size_t start_len;
	size_t len;
	long status; /* 0: no answer came */
	curl_off_t retry_after_s;
	CURLcode code;
};

/* curl's type; ends the transfer where an answer is too long, whose status is known then. */
static size_t take_answer(char *bytes, size_t size, size_t count, void *ctx)
{
	struct answer *answer = ctx;
	size_t len = size * count;
	size_t room = ANSWER_SHOWN - answer->start_len;
	size_t kept = len < room ? len : room;

	memcpy(answer->start + answer->start_len, bytes, kept);
	answer->start_len += kept;
	answer->len += len;
	return answer->len <= ANSWER_MAX ? len : 0;
}

static bool add_header(struct curl_slist **headers, const char *header)
{
	struct curl_slist *longer = curl_slist_append(*headers, header);

	if (longer != NULL)
		*headers = longer;
	return longer != NULL;
}

static bool add_signature(const struct webhook *webhook, struct curl_slist **headers)
{
	const struct sha256_piece key = {webhook->secret, strlen(webhook->secret)};
	char header[HEADER_SIZE];
	char timestamp[TIMESTAMP_LEN + 2];
	uint8_t mac[SHA256_LEN];
	int len = snprintf(timestamp, sizeof(timestamp), "%" PRId64 ".",
			   clock_wall_us(&clock_system) / 1000000);
	const struct sha256_piece pieces[] = {{timestamp, (size_t)len},
					      {webhook->body.data, webhook->body.len}};

	if (!sha256_hmac(&key, pieces, 2, mac))
		return false;
	snprintf(header, sizeof(header), "X-Fluxtrack-Timestamp: %.*s", len - 1, timestamp);
	if (!add_header(headers, header))
		return false;
	len = snprintf(header, sizeof(header), "X-Fluxtrack-Signature: sha256=");
	for (size_t i = 0; i < SHA256_LEN; i++)
		len += snprintf(header + len, sizeof(header) - (size_t)len, "%02x", mac[i]);
	return add_header(headers, header);
}

/* To be freed by the caller, on a failure too. */
static int make_headers(const struct webhook *webhook, struct curl_slist **headers,
			struct error *err)
{
	/* "Expect:" without a value: no 100-continue, which a plain server waits out. */
	static const char *const fixed[] = {"Content-Type: application/x-ndjson", "Expect:"};
	bool ok = true;

	*headers = NULL;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		ok = ok && add_header(headers, fixed[i]);
	if (ok && webhook->secret != NULL)
		ok = add_signature(webhook, headers);
	return ok ? FT_OK : error_set(err, FT_FAIL, "webhook: out of memory");
}

static void perform(const struct webhook *webhook, const struct curl_slist *headers,
		    struct answer *answer)
{
	CURL *curl = webhook->curl;

	*answer = (struct answer){0};
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, webhook->body.data);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)webhook->body.len);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, webhook->connect_timeout_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, webhook->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, answer->error);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	answer->code = curl_easy_perform(curl);
	if (answer->code == CURLE_OK || answer->code == CURLE_WRITE_ERROR)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &answer->retry_after_s);
}

/* Would the same post fail the same way an hour later? */
static bool is_final(const struct answer *answer)
{
	switch (answer->code) {
	case CURLE_OK:
	case CURLE_WRITE_ERROR:
		return answer->status < 500 && answer->status != 408 && answer->status != 429;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return true;
	default:
		return false;
	}
}

/* The URL may hold a secret, so no message repeats it. */
static int tell_failure(const struct answer *answer, struct error *err)
{
	int code = is_final(answer) ? FT_FAIL : FT_AGAIN;
	char shown[ESCAPE_MAX(CURL_ERROR_SIZE)];

	if (answer->status == 0) {
		const char *why = answer->error[0] != '\0' ? answer->error
							   : curl_easy_strerror(answer->code);

		escape_text(shown, sizeof(shown), why, strlen(why));
		return error_set(err, code, "webhook: %.300s", shown);
	}
	if (answer->status >= 300 && answer->status < 400)
		return error_set(err, code,
				 "webhook: the receiver answered %ld; no redirect is followed, "
				 "give the URL it leads to",
				 answer->status);
	escape_text(shown, sizeof(shown), answer->start, answer->start_len);
	return error_set(err, code, "webhook: the receiver answered %ld%s%s", answer->status,
			 answer->start_len > 0 ? ": " : "", shown);
}

static int try_once(const struct webhook *webhook, struct answer *answer, struct error *err)
{
	struct curl_slist *headers;

	*answer = (struct answer){.code = CURLE_OUT_OF_MEMORY};
	if (make_headers(webhook, &headers, err) == FT_OK) {
		perform(webhook, headers, answer);
		if (answer->status >= 200 && answer->status < 300)
			err->code = FT_OK;
		else
			tell_failure(answer, err);
	}
	curl_slist_free_all(headers);
	return err->code;
}

static void sleep_ms(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&left, &left) != 0)
		;
}

/* How long to wait before the next try: as the receiver asks, or the usual. */
static long wait_for(const struct answer *answer, long usual_ms)
{
	long asked_ms =
		answer->retry_after_s > 3600 ? 3600000 : (long)answer->retry_after_s * 1000;

	return asked_ms > usual_ms ? asked_ms : usual_ms;
}

static int post(const struct webhook *webhook, struct error *err)
{
	long usual_ms = webhook->wait_ms;
	struct answer answer;

	for (unsigned tries = 1; try_once(webhook, &answer, err) == FT_AGAIN; tries++) {
		long wait_ms = wait_for(&answer, usual_ms);

		if (tries >= webhook->tries || wait_ms > webhook->wait_max_ms)
			return err->code;
		sleep_ms(wait_ms);
		usual_ms *= 2;
	}
	return err->code;
}

int webhook_flush(struct webhook *webhook, struct error *err)
{
	int result = webhook->lines > 0 ? post(webhook, err) : FT_OK;

	buf_reset(&webhook->body);
	webhook->lines = 0;
	return result;
}

int webhook_put(struct webhook *webhook, const char *line, struct error *err)
{
	size_t len = strlen(line);

	if ((webhook->lines >= WEBHOOK_LINES_MAX ||
	     webhook->body.len + len + 1 > WEBHOOK_BODY_MAX) &&
	    webhook_flush(webhook, err) != FT_OK)
		return err->code;
	buf_put(&webhook->body, line, len);
	buf_put_u8(&webhook->body, '\n');
	webhook->lines++;
	return buf_is_ok(&webhook->body)
		       ? FT_OK
		       : error_set(err, FT_FAIL, "webhook: an event of %zu octets", len);
}

/* What holds for all posts. Certificates are checked by curl's default. */
static bool set_up(CURL *curl, const char *url)
{
	return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) ==
		       CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, "fluxtrack/" FLUXTRACK_VERSION) ==
		       CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer) == CURLE_OK;
}

int webhook_open(struct webhook *webhook, const char *url, const char *secret,
		 struct error *err)
{
	*webhook = (struct webhook){
		.url = url,
		.secret = secret,
		.connect_timeout_ms = 10000,
		.timeout_ms = 30000,
		.wait_ms = 1000,
		.wait_max_ms = 60000,
		.tries = 4,
		.curl = curl_easy_init(),
	};
	buf_init(&webhook->body, WEBHOOK_BODY_MAX);
	if (webhook->curl != NULL && set_up(webhook->curl, url))
		return FT_OK;
	webhook_close(webhook);
	return error_set(err, FT_FAIL, "webhook: cannot set up libcurl");
}

void webhook_close(struct webhook *webhook)
{
	curl_easy_cleanup(webhook->curl);
	buf_fini(&webhook->body);
	*webhook = (struct webhook){0};
}
