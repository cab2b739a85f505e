/* SPDX-License-Identifier: MIT */
/*
 * What one line of another tool's file tells: a lookup of one name, whose message is made up
 * from the line's words. The readers of the formats find the words; the functions here take
 * them, and hold them to the same rules whatever the format. Every word is hostile input.
 */
#ifndef CRAWLER_IMPORT_LINE_H
#define CRAWLER_IMPORT_LINE_H

#include "resolver/message_build.h"
#include "store/segment.h"

enum import_result {
	IMPORT_TOLD,    /* a lookup */
	IMPORT_NOTHING, /* a comment, a header */
	IMPORT_OTHER,   /* a lookup of a type or class that we do not follow */
	IMPORT_BAD,     /* why says what is wrong */
};

struct import_line {
	struct name qname;
	struct lookup lookup; /* its qname and message lie in here */
	bool has_ttl;         /* the TTLs were told */
	int64_t again_us;     /* the same was told of this time too; 0: of no other */
	const char *why;      /* static; of a bad line */
	struct message_build build;
};

/* A format that can be imported. */
struct import_format {
	const char *name;  /* static; for --format and for the source's record */
	size_t state_size; /* octets of what read keeps from line to line, zeroed at first */
	/* Reads a line, which it may change; line[len] is a NUL. */
	enum import_result (*read)(void *state, char *line, size_t len,
				   struct import_line *out);
};

extern const struct import_format import_massdns, import_zeek, import_cof;

void import_line_init(struct import_line *line);
void import_line_fini(struct import_line *line);
/* Before each line: a server that is not known, no time-out, TTLs told. */
void import_line_reset(struct import_line *line);

/* Of a line's words a NULL is one that is missing. */
enum import_result import_bad(struct import_line *line, const char *why);
/* The name that was asked for and the type, by its mnemonic. */
enum import_result import_take_question(struct import_line *line, const char *name,
					const char *type);
/* A time as nanoseconds since 1970. */
bool import_take_nanoseconds(int64_t *out_us, const char *text);
/* Seconds, perhaps with a fraction; fewer than a time may have. */
bool import_take_seconds(int64_t *out_us, const char *text);
/* A time as such seconds since 1970, or by RFC 3339. */
bool import_take_time(int64_t *out_us, const char *text);
/* A whole number of 32 bits. */
bool import_take_number(uint32_t *out, const char *text);
/* By its mnemonic; false for one that a header has no room for. */
bool import_take_rcode(uint16_t *out_flags, const char *text);
/* 0 for a type that no message of ours would be read for. */
uint16_t import_type(const char *text);

/* Begins the message that answers the question, with these flags and rcode. */
void import_start_answer(struct import_line *line, uint16_t flags);
/* Ends it: IMPORT_TOLD, or a bad line where it is longer than a message can be. */
enum import_result import_end_answer(struct import_line *line);

#endif
