/* SPDX-License-Identifier: MIT */
#include "store/loader_row.h"

#include <string.h>

#include "base/escape.h"
#include "store/copy.h"
#include "store/suffix.h"

#define COLUMNS 22

const char loader_row_copy[] =
	"copy observation (observed_at, segment_id, record, domain_id, resolver_id, "
	"vantage_id, "
	"qtype, rcode, flags, anomalies, outcome, over_tcp, ttl, rtt, soa_serial, soa_retry, "
	"addresses, names, source_id, source_line, "
	"chain_zone, is_dynamic) from stdin (format binary)";

/* 32 bits from the wire in a signed column: the largest that fits stands for more. */
static void put_capped(struct buf *out, uint32_t value)
{
	copy_int4(out, value > INT32_MAX ? INT32_MAX : (int32_t)value);
}

static void put_outcome(struct buf *out, enum outcome outcome)
{
	const char *word = outcome_name(outcome);

	copy_text(out, word, strlen(word));
}

static void put_texts(struct buf *out, const struct answer *answer)
{
	char text[ESCAPE_MAX(TEXT_MAX)];
	size_t length_at;

	copy_text_array_start(out, answer->text_count, &length_at);
	for (size_t i = 0; i < answer->text_count; i++)
		copy_text(out, text,
			  escape_text(text, sizeof(text), answer->texts[i].octets,
				      answer->texts[i].len));
	copy_text_array_end(out, length_at);
}

static size_t lower_text(char out[NAME_TEXT_SIZE], const uint8_t *wire)
{
	struct name name;

	memcpy(name.wire, wire, name_len(wire));
	name_lower(name.wire);
	return name_to_text(out, name.wire);
}

/* No record holds both: the texts of TXT stand where the names of others do. */
static void put_names(struct buf *out, const struct answer *answer)
{
	size_t length_at;

	if (answer->text_count > 0) {
		put_texts(out, answer);
		return;
	}
	if (answer->name_count == 0) {
		copy_null(out);
		return;
	}
	copy_text_array_start(out, answer->name_count, &length_at);
	for (size_t i = 0; i < answer->name_count; i++) {
		char text[NAME_TEXT_SIZE];

		copy_text(out, text, lower_text(text, answer->names[i].wire));
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

static void put_source(struct buf *out, const struct loader_row *row)
{
	if (row->source_id == 0) {
		copy_null(out);
		copy_null(out);
		return;
	}
	copy_int4(out, row->source_id);
	copy_int8(out, row->source_line);
}

/* Where a CNAME chain leads: whose name it is, not which of that owner's machines. */
static void put_chain_zone(struct buf *out, const struct lookup *lookup,
			   const struct answer *answer)
{
	const char *zone = NULL;
	char text[NAME_TEXT_SIZE];

	if ((lookup->qtype == QTYPE_A || lookup->qtype == QTYPE_AAAA) &&
	    answer->name_count > 0) {
		lower_text(text, answer->names[answer->name_count - 1].wire);
		zone = suffix_registrable(text);
	}
	if (zone != NULL)
		copy_text(out, zone, strlen(zone));
	else
		copy_null(out);
}

/* Of several names the first that tells speaks for the address. */
static void put_is_dynamic(struct buf *out, const struct loader_row *row,
			   const struct lookup *lookup, const struct answer *answer)
{
	enum line_kind kind = LINE_UNKNOWN;
	char text[NAME_TEXT_SIZE];
	struct address address;
	bool is_known;

	if (lookup->qtype != QTYPE_PTR) {
		copy_null(out);
		return;
	}
	lower_text(text, lookup->qname);
	is_known = line_class_address(&address, text);
	for (size_t i = 0; i < answer->name_count && kind == LINE_UNKNOWN; i++) {
		lower_text(text, answer->names[i].wire);
		kind = line_class_tell(row->lines, text, is_known ? &address : NULL);
	}
	if (kind == LINE_UNKNOWN)
		copy_null(out);
	else
		copy_bool(out, kind == LINE_DYNAMIC);
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
	if (scratch->has_ttl && row->has_ttl)
		put_capped(out, scratch->ttl_min_s);
	else
		copy_null(out);
	put_capped(out, lookup->rtt_us);
	put_soa(out, scratch);
	put_addresses(out, scratch);
	put_names(out, scratch);
	put_source(out, row);
	put_chain_zone(out, lookup, scratch);
	put_is_dynamic(out, row, lookup, scratch);
}
