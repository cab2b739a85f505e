/* SPDX-License-Identifier: MIT */
/*
 * The first label of the question's name says how it is answered:
 *
 *   truncated       TC and nothing else over UDP, the whole answer over TCP
 *   no-tcp          the same; the lab asks it where TCP is refused
 *   silent          no answer
 *   servfail, refused
 *   formerr         FORMERR, the header alone, as from a server that knows no EDNS
 *   wrong-id        the answer to another id
 *   wrong-question  the answer to another name
 *   other-case      the name's letters in the other case
 *   short           the last record is cut
 *   trailing        32 octets after the last record
 *   count           the header promises one record more
 *   cname-loop      an alias of other, which is an alias of cname-loop
 *   odd-cname       an alias of a name with odd octets (NUL, dot, quote, 0xff), which has an A
 *   pointer-loop    an owner that is a compression pointer to itself
 *   many            200 addresses of one network
 *   big             4,000 addresses: near 64 KB over TCP
 *
 * Any other label is answered honestly with one A record. All of this goes for type A; other
 * types of a behaviour that is about answers get an empty one. An answer that exceeds what the
 * asker takes over UDP (512 octets, or its EDNS size) is truncated as it should be.
 */
#include "tests/lab/hostile_answer.h"

#include <string.h>
#include <strings.h>

#define HEADER_LEN 12
#define TTL_S      3

#define FLAG_QR_AA       0x8400
#define FLAG_TC          0x0200
#define FLAG_RD          0x0100
#define RCODE_FORMERR    1
#define RCODE_SERVFAIL   2
#define RCODE_REFUSED    5
#define TYPE_A           1
#define TYPE_CNAME       5
#define TYPE_OPT         41
#define NAME_OF_QUESTION 0xc00c /* compression pointer to it (RFC 1035, 4.1.4) */

struct behaviour {
	const char *label;
	void (*act)(const struct query *query, struct reply *reply);
};

static void put_16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static unsigned get_16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void append(struct reply *reply, const void *bytes, size_t len)
{
	if (len > REPLY_MAX - reply->len)
		return;
	memcpy(reply->msg + reply->len, bytes, len);
	reply->len += len;
}

static void append_16(struct reply *reply, unsigned value)
{
	uint8_t bytes[2];

	put_16(bytes, value);
	append(reply, bytes, 2);
}

static void count_answer(struct reply *reply)
{
	put_16(reply->msg + 6, get_16(reply->msg + 6) + 1);
}

/* A record of class IN; its owner is the compression pointer or, where that is 0, was put. */
static void append_record(struct reply *reply, unsigned owner, unsigned type, unsigned len)
{
	if (owner != 0)
		append_16(reply, owner);
	append_16(reply, type);
	append_16(reply, 1);
	append_16(reply, 0);
	append_16(reply, TTL_S);
	append_16(reply, len);
	count_answer(reply);
}

/* Address number i of network 118.207.0.0/16, the last of the lab's prefix table. */
static void append_address(struct reply *reply, unsigned owner, unsigned i)
{
	uint8_t address[4] = {118, 207, (uint8_t)(i / 250), (uint8_t)(1 + i % 250)};

	append_record(reply, owner, TYPE_A, 4);
	append(reply, address, 4);
}

static void start_reply(const struct query *query, struct reply *reply, unsigned flags)
{
	memset(reply->msg, 0, HEADER_LEN);
	memcpy(reply->msg, query->msg, 2);
	put_16(reply->msg + 2, FLAG_QR_AA | flags | (get_16(query->msg + 2) & FLAG_RD));
	put_16(reply->msg + 4, 1);
	reply->len = HEADER_LEN;
	append(reply, query->msg + HEADER_LEN, query->question_end - HEADER_LEN);
}

static void act_honest(const struct query *query, struct reply *reply)
{
	start_reply(query, reply, 0);
	if (query->type == TYPE_A)
		append_address(reply, NAME_OF_QUESTION, 0);
}

static void act_truncated(const struct query *query, struct reply *reply)
{
	if (query->is_tcp)
		act_honest(query, reply);
	else
		start_reply(query, reply, FLAG_TC);
}

static void act_silent(const struct query *query, struct reply *reply)
{
	(void)query;
	reply->len = 0;
}

static void act_servfail(const struct query *query, struct reply *reply)
{
	start_reply(query, reply, RCODE_SERVFAIL);
}

static void act_refused(const struct query *query, struct reply *reply)
{
	start_reply(query, reply, RCODE_REFUSED);
}

static void act_formerr(const struct query *query, struct reply *reply)
{
	start_reply(query, reply, RCODE_FORMERR);
	put_16(reply->msg + 4, 0);
	reply->len = HEADER_LEN;
}

static void act_wrong_id(const struct query *query, struct reply *reply)
{
	act_honest(query, reply);
	reply->msg[0] ^= 0xff;
}

static void act_wrong_question(const struct query *query, struct reply *reply)
{
	act_honest(query, reply);
	reply->msg[HEADER_LEN + 1] = reply->msg[HEADER_LEN + 1] == 'x' ? 'y' : 'x';
}

/* Walks the labels, so that their lengths are left alone. */
static void act_other_case(const struct query *query, struct reply *reply)
{
	act_honest(query, reply);
	for (size_t at = HEADER_LEN; reply->msg[at] != 0; at += 1U + reply->msg[at])
		for (size_t i = at + 1; i <= at + reply->msg[at]; i++)
			if ((reply->msg[i] | 0x20) >= 'a' && (reply->msg[i] | 0x20) <= 'z')
				reply->msg[i] ^= 0x20;
}

static void act_short(const struct query *query, struct reply *reply)
{
	act_honest(query, reply);
	reply->len -= 3;
}

static void act_trailing(const struct query *query, struct reply *reply)
{
	static const uint8_t rest[32] = {0xde, 0xad, 0xbe, 0xef};

	act_honest(query, reply);
	append(reply, rest, sizeof(rest));
}

static void act_count(const struct query *query, struct reply *reply)
{
	act_honest(query, reply);
	count_answer(reply);
}

/* cname-loop.Z is an alias of other.Z, and other.Z of cname-loop.Z; both are in the answer. */
static void act_cname_loop(const struct query *query, struct reply *reply)
{
	static const char there[] = "\5other", back[] = "\12cname-loop";
	bool is_back = query->msg[HEADER_LEN] == there[0];
	const char *label = is_back ? back : there;
	unsigned rest = NAME_OF_QUESTION + 1U + query->msg[HEADER_LEN];
	unsigned other;

	start_reply(query, reply, 0);
	append_record(reply, NAME_OF_QUESTION, TYPE_CNAME, (unsigned)strlen(label) + 2);
	other = 0xc000U | (unsigned)reply->len;
	append(reply, label, strlen(label));
	append_16(reply, rest);
	append_record(reply, other, TYPE_CNAME, 2);
	append_16(reply, NAME_OF_QUESTION);
}

static void act_odd_cname(const struct query *query, struct reply *reply)
{
	static const uint8_t label[] = {9, 'a', '!', 0, '.', '"', 0xff, ' ', '\n', 'b'};
	unsigned rest = NAME_OF_QUESTION + 1U + query->msg[HEADER_LEN];
	unsigned target;

	start_reply(query, reply, 0);
	append_record(reply, NAME_OF_QUESTION, TYPE_CNAME, sizeof(label) + 2);
	target = 0xc000U | (unsigned)reply->len;
	append(reply, label, sizeof(label));
	append_16(reply, rest);
	if (query->type == TYPE_A)
		append_address(reply, target, 0);
}

static void act_pointer_loop(const struct query *query, struct reply *reply)
{
	start_reply(query, reply, 0);
	append_address(reply, 0xc000U | (unsigned)reply->len, 0);
}

static void append_addresses(const struct query *query, struct reply *reply, unsigned count)
{
	start_reply(query, reply, 0);
	for (unsigned i = 0; i < count && query->type == TYPE_A; i++)
		append_address(reply, NAME_OF_QUESTION, i);
}

static void act_many(const struct query *query, struct reply *reply)
{
	append_addresses(query, reply, 200);
}

static void act_big(const struct query *query, struct reply *reply)
{
	append_addresses(query, reply, 4000);
}

static const struct behaviour behaviours[] = {
	{"truncated", act_truncated},
	{"no-tcp", act_truncated},
	{"silent", act_silent},
	{"servfail", act_servfail},
	{"refused", act_refused},
	{"formerr", act_formerr},
	{"wrong-id", act_wrong_id},
	{"wrong-question", act_wrong_question},
	{"other-case", act_other_case},
	{"short", act_short},
	{"trailing", act_trailing},
	{"count", act_count},
	{"cname-loop", act_cname_loop},
	{"other", act_cname_loop},
	{"odd-cname", act_odd_cname},
	{"pointer-loop", act_pointer_loop},
	{"many", act_many},
	{"big", act_big},
};

/* Finds the question's end and the EDNS size (RFC 6891, 6.1.2). False: not worth an answer. */
static bool query_read(struct query *query)
{
	size_t at = HEADER_LEN;

	if (query->len < HEADER_LEN || get_16(query->msg + 4) != 1)
		return false;
	while (at < query->len && query->msg[at] != 0) {
		if (query->msg[at] > 63)
			return false;
		at += 1U + query->msg[at];
	}
	if (at + 5 > query->len)
		return false;
	query->type = (uint16_t)get_16(query->msg + at + 1);
	query->question_end = at + 5;
	query->udp_max = 512;
	at = query->question_end;
	if (at + 11 <= query->len && query->msg[at] == 0 &&
	    get_16(query->msg + at + 1) == TYPE_OPT && get_16(query->msg + at + 3) > 512)
		query->udp_max = (uint16_t)get_16(query->msg + at + 3);
	return true;
}

void hostile_answer(struct query *query, struct reply *reply)
{
	const uint8_t *label = query->msg + HEADER_LEN;
	void (*act)(const struct query *, struct reply *) = act_honest;

	reply->len = 0;
	if (!query_read(query))
		return;
	for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
		if (strlen(behaviours[i].label) == label[0] &&
		    strncasecmp(behaviours[i].label, (const char *)label + 1, label[0]) == 0)
			act = behaviours[i].act;
	act(query, reply);
	if (!query->is_tcp && reply->len > query->udp_max)
		start_reply(query, reply, FLAG_TC);
}
