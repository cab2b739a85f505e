/* SPDX-License-Identifier: MIT */
/*
 * A feed of names to follow, from a file on disk to the rows of feed_target, and from there to
 * the list that track reads. Where the file comes from is its caller's business.
 *
 *	file -> unpack -> format -> entries -> judged -> COPY -> import_targets() -> totals
 *
 * What a feed says is hostile: a name of which somebody else would suffer is refused with a
 * reason. A feed is merged whole or not at all; one without a good name changes nothing. When
 * it names less than half of the names that it named, those missing are kept, unless its user
 * says that it may shrink.
 */
#ifndef CRAWLER_FEED_H
#define CRAWLER_FEED_H

#include "store/db.h"

#define FEED_NAME_SIZE  64
#define FEED_OCTETS_MAX (UINT64_C(500) * 1024 * 1024)

/* All borrowed for the call. */
struct feed_source {
	const char *name;       /* see feed_name() */
	const char *path;       /* a file; for misp also the folder of manifest.json */
	const char *format;     /* NULL: as its content tells */
	const char *tags;       /* of each of its names: "family=storm key=value", "" for none;
				   over what it says itself where the key is the same */
	const char *const *own; /* names of ours, then NULL: with all below they are refused;
				   NULL: none */
	bool may_shrink;        /* end what it no longer names, however much that is */
	uint64_t octets_max;    /* of the file, unpacked; 0: FEED_OCTETS_MAX */
};

/* Why an entry is refused. */
enum feed_refusal {
	FEED_NO_NAME, /* no name in it, or no line of its format */
	FEED_TOO_LONG,
	FEED_ADDRESS,  /* in any form: 192.0.2.1:80, 0x5bf076a8 */
	FEED_RESERVED, /* .localhost and the like (RFC 6761) */
	FEED_PUBLIC_SUFFIX,
	FEED_DYNDNS, /* the zone of a dynamic-DNS provider itself; a name below it is good */
	FEED_LISTED, /* at or below an entry of the allow, cdn or pool list */
	FEED_OWN,
	FEED_OTHER, /* an indicator of another kind, a hash say */
	FEED_REFUSALS
};

struct feed_totals {
	char format[16];  /* it was read as */
	uint64_t entries; /* good and refused */
	uint64_t names;   /* good ones, each once */
	uint64_t added;   /* of names: it did not name them before */
	uint64_t changed; /* of names: it says other tags of them now */
	uint64_t gone;    /* it named them before, and no longer */
	uint64_t kept;    /* as gone, but kept, for it shrank by more than half; warned of */
	uint64_t refused[FEED_REFUSALS];
};

/* "address", "public suffix": the word of a reason, for totals and feed.refused. */
const char *feed_refusal_word(enum feed_refusal refusal);

/* "12 address, 1 public suffix"; "" where nothing was refused. */
#define FEED_REFUSALS_SIZE 512
void feed_refusals_text(char out[FEED_REFUSALS_SIZE], const struct feed_totals *totals);

/* "plain", "hosts", ...; not "auto". */
bool feed_format_is_known(const char *format);

/*
 * The name of a feed by the last part of its path or URL: without query, in letters that a tag
 * and a file may hold, not beginning with a dot; "feed" where nothing is left. A section of
 * feeds.ini is one where it stays as it is.
 */
void feed_name(char out[FEED_NAME_SIZE], const char *path_or_url);

/*
 * Reads and merges it in one transaction of db. The first five refusals are warned of. FT_USAGE
 * for a format, tag or name that is none; FT_AGAIN where the database is away; FT_FAIL else.
 */
int feed_import(struct db *db, const struct feed_source *source, struct feed_totals *totals,
		struct error *err) MUST_CHECK;

/*
 * Writes HOME/targets.txt, aside and renamed: every name that some feed names now, sorted, with
 * all their tags and feed=NAME[,NAME...].
 */
int feed_write_list(struct db *db, const char *home, struct error *err) MUST_CHECK;

#endif
