/* SPDX-License-Identifier: MIT */
/*
 * HOME/opt-out.txt: who does not want to be asked for pages. An entry a line, as in a list of
 * fluxtrack's: a name, which stands for all below it, an address or a prefix; # and ; begin
 * comments. No such file: nobody.
 */
#ifndef CRAWLER_OPT_OUT_H
#define CRAWLER_OPT_OUT_H

#include "base/buf.h"

struct opt_out {
	struct buf names;    /* a blank between them; ends with a NUL */
	struct buf prefixes; /* likewise, each with its length */
};

/*
 * A line that is no entry ends the reading, with its number: somebody's wish not understood is
 * no leave to ask. Free with opt_out_fini(), after an error too.
 */
int opt_out_read(struct opt_out *out, const char *home, struct error *err) MUST_CHECK;
void opt_out_fini(struct opt_out *out);

#endif
