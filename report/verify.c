/* SPDX-License-Identifier: MIT */
#include "report/verify.h"

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "report/dossier.h"
#include "report/message_json.h"
#include "report/verify_segment.h"

/* Is the segment of a lookup among those that the dossier cites? */
static bool is_cited(const json_t *dossier, const json_t *lookup)
{
	const json_t *segment;
	size_t i;

	json_array_foreach(json_object_get(dossier, "segments"), i, segment)
	{
		if (json_equal(json_object_get(segment, "sha256"),
			       json_object_get(lookup, "sha256")) &&
		    json_equal(json_object_get(segment, "segment"),
			       json_object_get(lookup, "segment")))
			return true;
	}
	return false;
}

/* Counts the lookups of a list; one whose segment is not cited would not be looked at. */
static void count_list(struct verify *verify, const json_t *dossier, const char *list)
{
	const json_t *lookup;
	size_t i;

	json_array_foreach(json_object_get(dossier, list), i, lookup)
	{
		verify->lookups.all++;
		verify->messages.all += json_is_object(json_object_get(lookup, "message"));
		if (!is_cited(dossier, lookup))
			verify_differs(verify, "%s %zu: its segment is not among those cited",
				       list, i);
	}
}

static void check_segments(struct verify *verify, const json_t *dossier)
{
	struct segment_header header;
	const json_t *segment;
	size_t i;

	json_array_foreach(json_object_get(dossier, "segments"), i, segment)
	{
		verify->segments.all++;
		verify->segments.good += verify_segment(verify, segment, dossier, &header);
	}
}

/* A chain as it is followed. */
struct chain_walk {
	struct verify *verify;  /* borrowed */
	const json_t *chain;    /* borrowed */
	const json_t *previous; /* borrowed; the link before; NULL: none */
	json_int_t omitted;     /* links left out, that were not come to yet */
};

static bool collector_holds(struct chain_walk *walk, const char *name,
			    const struct segment_header *header)
{
	json_t *collector = uuid_json(header->collector);
	bool holds = verify_member(walk->verify, name, walk->chain, collector, "collector");

	json_decref(collector);
	return holds;
}

/* Does link follow the one before it, by its number and by the hash in its file? */
static bool is_next(struct chain_walk *walk, const char *name, const json_t *link,
		    const struct segment_header *header)
{
	json_int_t sequence = json_integer_value(json_object_get(link, "sequence"));
	json_int_t before = json_integer_value(json_object_get(walk->previous, "sequence"));
	json_t *hash;
	bool holds;

	if (walk->previous == NULL)
		return true;
	if (walk->omitted > 0 && sequence == before + walk->omitted + 1) {
		walk->omitted = 0;
		return true;
	}
	if (sequence != before + 1)
		return verify_differs(walk->verify,
				      "chain: segment %s is number %" JSON_INTEGER_FORMAT
				      ", and follows number %" JSON_INTEGER_FORMAT,
				      name, sequence, before);
	hash = hex_json(header->previous, SHA256_LEN);
	holds = json_equal(hash, json_object_get(walk->previous, "sha256"));
	json_decref(hash);
	return holds ? true
		     : verify_differs(walk->verify,
				      "chain: segment %s names another hash than that of the "
				      "segment before it",
				      name);
}

/* One link, or the head, which need not follow the last of them. */
static void check_link(struct chain_walk *walk, const json_t *link, bool is_head)
{
	char name[WORD_SHOWN_SIZE];
	struct segment_header header;
	bool holds = verify_segment(walk->verify, link, NULL, &header);

	walk->verify->links.all++;
	escape_word(name, dossier_text(link, "segment"));
	holds = holds && collector_holds(walk, name, &header) &&
		(is_head || is_next(walk, name, link, &header));
	walk->verify->links.good += holds;
	walk->previous = link;
}

static void check_chains(struct verify *verify, const json_t *dossier)
{
	const json_t *chain, *link;
	size_t i, j;

	json_array_foreach(json_object_get(dossier, "chain"), i, chain)
	{
		struct chain_walk walk = {
			.verify = verify,
			.chain = chain,
			.omitted = json_integer_value(json_object_get(chain, "omitted"))};

		json_array_foreach(json_object_get(chain, "links"), j, link)
			check_link(&walk, link, false);
		if (walk.omitted > 0)
			verify_differs(verify, "chain: no place where links were left out");
		check_link(&walk, json_object_get(chain, "head"), true);
	}
}

int verify_dossier(struct verify *verify, FILE *in, struct error *err)
{
	json_t *dossier = dossier_read(in, err);

	if (dossier == NULL)
		return err->code;
	count_list(verify, dossier, "observations");
	count_list(verify, dossier, "chosen");
	check_segments(verify, dossier);
	check_chains(verify, dossier);
	json_decref(dossier);
	return FT_OK;
}
