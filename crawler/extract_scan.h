/* SPDX-License-Identifier: MIT */
/*
 * What may be a name in a text: letters parted by dots, which may be defanged, in a URL, behind
 * the @ of an e-mail address, or bare. It tells where it stands and what it reads as; whether
 * it is a name is for its caller to judge.
 */
#ifndef CRAWLER_EXTRACT_SCAN_H
#define CRAWLER_EXTRACT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#define SCAN_BEHIND    16   /* octets before a candidate that are looked at */
#define SCAN_AHEAD     2048 /* octets that its reading may take, with what stands behind it */
#define CANDIDATE_SIZE 512  /* longer ones are no names, for a letter may be four octets */

/* A place in a text. */
struct scan {
	const char *text; /* borrowed; len octets, any, and a NUL */
	size_t len;
	size_t at;
	bool in_path; /* of a URL or a file, behind what it begins with */
	bool is_cut;  /* what was read last goes on behind the text: its rest begins nothing */
};

struct candidate {
	size_t at; /* in the text */
	size_t len;
	char host[CANDIDATE_SIZE]; /* UTF-8 where its letters are; dots are dots */
	bool is_bare;              /* neither in a URL nor in an address, and without "www." */
};

/* The next one that begins before end; false, and scan->at not before end: there is none. */
bool scan_next(struct scan *scan, size_t end, struct candidate *out);

#endif
