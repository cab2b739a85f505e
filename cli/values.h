/* SPDX-License-Identifier: MIT */
/* Readers of option values (option_reader in options.h), one for each kind of value. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "base/error.h"
#include "resolver/resolver.h"

#include <stdint.h>

#define TIME_NONE INT64_MIN /* a time that was not given */

struct server_list {
	struct server_address servers[RESOLVER_SERVERS_MAX];
	size_t count;
};

/* What reader writes to out is told by its name: */
int read_flag(void *out_bool, const char *text, struct error *err) MUST_CHECK;
int read_text(void *out_string, const char *text, struct error *err) MUST_CHECK;
int read_number(void *out_int64, const char *text, struct error *err) MUST_CHECK;
int read_rate(void *out_double, const char *text, struct error *err) MUST_CHECK;
int read_time(void *out_int64_us, const char *text, struct error *err) MUST_CHECK;
int read_duration(void *out_int64_s, const char *text, struct error *err) MUST_CHECK;
/* A day as YYYY-MM-DD, kept as text. */
int read_date(void *out_string, const char *text, struct error *err) MUST_CHECK;
/* A vantage's name: printable ASCII without blanks, at most VANTAGE_MAX octets. */
int read_vantage(void *out_string, const char *text, struct error *err) MUST_CHECK;
/* Adds KEY=VALUE to a char[TAGS_MAX + 1]: the option may be repeated. */
int read_tag(void *out_tags, const char *text, struct error *err) MUST_CHECK;
/* Adds to a struct server_list: the option may be repeated. */
int read_server(void *out_list, const char *text, struct error *err) MUST_CHECK;

#endif
