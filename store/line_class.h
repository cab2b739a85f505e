/* SPDX-License-Identifier: MIT */
/*
 * What an address's name (of a PTR answer) tells of the line it is on: one whose address is
 * dealt out to customers, or a place of its own. Told by the words that access providers and
 * hosters put into such names, and by the address's octets within; no more than a hint.
 */
#ifndef STORE_LINE_CLASS_H
#define STORE_LINE_CLASS_H

#include "base/error.h"
#include "resolver/address.h"

enum line_kind {
	LINE_UNKNOWN, /* the name does not tell, or says both */
	LINE_DYNAMIC,
	LINE_SERVER, /* a server's name, or a line that says it is fixed */
};

/* The compiled patterns; for one thread. */
struct line_class;

struct line_class *line_class_new(struct error *err) MUST_CHECK;
void line_class_free(struct line_class *lines);
/* name: presentation form, lower case. address: NULL where it is not known. */
enum line_kind line_class_tell(struct line_class *lines, const char *name,
			       const struct address *address);
/* The address whose PTR name this is, "4.3.2.1.in-addr.arpa"; false for other names. */
bool line_class_address(struct address *out, const char *name);

#endif
