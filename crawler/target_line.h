/* SPDX-License-Identifier: MIT */
/*
 * One line of a list of targets: a name, then key=value tags, then perhaps a # comment. The
 * name may come as analysts pass it on: defanged, as a URL, with a port, "*." before it, in
 * upper case, in any script.
 */
#ifndef CRAWLER_TARGET_LINE_H
#define CRAWLER_TARGET_LINE_H

#include "store/segment.h"

#define TARGET_LINE_MAX 4096

struct target_line {
	struct name name;
	char tags[TAGS_MAX + 1]; /* one blank between them; "" where there are none */
};

/*
 * Reads a name as analysts pass it on, the first word of a line; word is written to. FT_USAGE
 * with the word and the reason where it is none.
 */
int target_name_read(struct name *out, char *word, struct error *err) MUST_CHECK;
/* Is it an address that made it refuse this word, in any form: 192.0.2.1:80, 0x5bf076a8? */
bool target_name_is_address(char *word);

/*
 * Reads the line (len octets, without its line end). 1: a target. 0: nothing but blanks and
 * comment. FT_USAGE: no target, with the word and the reason.
 */
int target_line_parse(struct target_line *out, const char *line, size_t len,
		      struct error *err) MUST_CHECK;

/* Reads the words behind the name up to a comment, writing to them. FT_USAGE where one is no
 * tag. */
int target_tags_read(char out[TAGS_MAX + 1], char *words, struct error *err) MUST_CHECK;

#endif
