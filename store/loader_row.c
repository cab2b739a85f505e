/* SPDX-License-Identifier: MIT */
#include "store/loader_row.h"

#include <string.h>

#include "store/copy.h"

#define COLUMNS 18

const char loader_row_copy[] =
	"copy observation (observed_at, segment_id, record, domain_id, resolver_id, "
	"vantage_id, "
	"qtype, rcode, flags, anomalies, outcome, over_tcp, ttl, rtt, soa_serial, soa_retry, "
	"addresses, names) from stdin (format binary)";

/* A figure of 32 bits from the wire in a signed column: the largest that fits stands for more.
 */
static void put_capped(struct buf *out, uint32_t value)
{
	copy_int4(out, value > INT32_MAX ? INT32_MAX : (int32_t)value);
}

static void put_outcome(struct buf *out, enum outcome outcome)
{
	const char *word = outcome_name(outcome);

	copy_text(out, word, strlen(word));
}

static void put_names(struct buf *out, const struct answer *answer)
{
	size_t length_at;

	if (answer->name_count == 0) {
		copy_null(out);
		return;
	}
	copy_text_array_start(out, answer->name_count, &length_at);
	for (size_t i = 0; i < answer->name_count; i++) {
		struct name name = answer->names[i];
		char text[NAME_TEXT_SIZE];

		name_lower(name.wire);
		copy_text(out, text, name_to_text(text, name.wire));
	}
	copy_text_array_end(out, length_at);
}

static void put_addresses(struct buf *out, const struct answer *answer)
{
	if (answer->address_count == 0)
		copy_null(out);
	else
		copy_inet_array(out, answer->addresses, answer->address_count);
}

static void put_header_fields(struct buf *out, const struct lookup *lookup,
			      const struct answer *answer)
{
	if (lookup->msg == NULL) {
		copy_null(out);
		copy_null(out);
		return;
	}
	copy_int2(out, (int16_t)answer->rcode); /* 12 bits */
	copy_int4(out, answer->flags);
}

static void put_soa(struct buf *out, const struct answer *answer)
{
	if (!answer->has_soa) {
		copy_null(out);
		copy_null(out);
		return;
	}
	copy_int8(out, answer->soa_serial);
	copy_int8(out, answer->soa_retry_s);
}

void loader_row_put(struct buf *out, const struct loader_row *row, const struct lookup *lookup,
		    struct answer *scratch)
{
	answer_read(lookup, scratch);
	copy_row(out, COLUMNS);
	copy_time(out, lookup->asked_wall_us);
	copy_int4(out, row->segment_id);
	copy_int4(out, row->record);
	copy_int4(out, row->domain_id);
	copy_int4(out, row->server_id);
	copy_int2(out, row->vantage_id);
	copy_int4(out, lookup->qtype);
	put_header_fields(out, lookup, scratch);
	copy_int4(out, (int32_t)scratch->anomalies);
	put_outcome(out, scratch->outcome);
	copy_bool(out, lookup->over_tcp);
	if (scratch->has_ttl)
		put_capped(out, scratch->ttl_min_s);
	else
		copy_null(out);
	put_capped(out, lookup->rtt_us);
	put_soa(out, scratch);
	put_addresses(out, scratch);
	put_names(out, scratch);
}
