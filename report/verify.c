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

/* One whose segment is not cited would not be looked at. */
static void check_cited(struct verify *verify, const json_t *dossier, const char *list,
			size_t i)
{
	const json_t *record = json_array_get(json_object_get(dossier, list), i);

	if (!is_cited(dossier, record))
		verify_differs(verify, "%s %zu: its segment is not among those cited", list, i);
}

static void count_list(struct verify *verify, const json_t *dossier, const char *list)
{
	const json_t *lookup;
	size_t i;

	json_array_foreach(json_object_get(dossier, list), i, lookup)
	{
		verify->lookups.all++;
		verify->messages.all += json_is_object(json_object_get(lookup, "message"));
		check_cited(verify, dossier, list, i);
	}
}

static json_int_t sequence_of(const json_t *segment)
{
	return json_integer_value(json_object_get(segment, "sequence"));
}

/* The chain of the collector that wrote a cited segment; NULL where there is none. */
static const json_t *chain_of(const json_t *dossier, const json_t *segment)
{
	const json_t *chain;
	size_t i;

	json_array_foreach(json_object_get(dossier, "chain"), i, chain)
	{
		if (json_equal(json_object_get(chain, "collector"),
			       json_object_get(segment, "collector")))
			return chain;
	}
	return NULL;
}

/* Is a cited segment one of the links, or of those left out between two of them? */
static bool is_linked(const json_t *chain, const json_t *segment)
{
	json_int_t omitted = json_integer_value(json_object_get(chain, "omitted"));
	json_int_t sequence = sequence_of(segment);
	const json_t *link, *before = NULL;
	size_t i;

	json_array_foreach(json_object_get(chain, "links"), i, link)
	{
		if (sequence_of(link) == sequence)
			return json_equal(json_object_get(link, "sha256"),
					  json_object_get(segment, "sha256"));
		if (before != NULL && sequence_of(before) < sequence &&
		    sequence < sequence_of(link))
			return sequence_of(link) - sequence_of(before) == omitted + 1;
		before = link;
	}
	return false;
}

static void check_segments(struct verify *verify, const json_t *dossier)
{
	char name[WORD_SHOWN_SIZE];
	struct segment_header header;
	const json_t *segment;
	size_t i;

	json_array_foreach(json_object_get(dossier, "segments"), i, segment)
	{
		verify->segments.all++;
		verify->segments.good += verify_segment(verify, segment, dossier, &header);
		escape_word(name, dossier_text(segment, "segment"));
		if (!is_linked(chain_of(dossier, segment), segment))
			verify_differs(verify,
				       "segment %s: it is no link of its collector's chain",
				       name);
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

/* Does the file of a link name the hash of the link before it? */
static bool names_previous(struct chain_walk *walk, const char *name,
			   const struct segment_header *header)
{
	json_t *hash = hex_json(header->previous, SHA256_LEN);
	bool holds = json_equal(hash, json_object_get(walk->previous, "sha256"));

	json_decref(hash);
	return holds ? true
		     : verify_differs(walk->verify,
				      "chain: segment %s names another hash than that of the "
				      "segment before it",
				      name);
}

/* Does link follow the one before it, by its number and by the hash in its file? */
static bool link_follows(struct chain_walk *walk, const char *name, const json_t *link,
			 const struct segment_header *header)
{
	json_int_t sequence = sequence_of(link);
	json_int_t before = sequence_of(walk->previous);

	if (walk->previous == NULL)
		return true;
	if (walk->omitted > 0 && sequence - before == walk->omitted + 1) {
		walk->omitted = 0;
		return true;
	}
	if (sequence - before == 1)
		return names_previous(walk, name, header);
	return verify_differs(walk->verify,
			      "chain: segment %s is number %" JSON_INTEGER_FORMAT
			      ", and follows number %" JSON_INTEGER_FORMAT,
			      name, sequence, before);
}

/* The head is the last link, or a later one; what lies between is not told. */
static bool head_follows(struct chain_walk *walk, const char *name, const json_t *head,
			 const struct segment_header *header)
{
	json_int_t sequence = sequence_of(head);
	json_int_t last = sequence_of(walk->previous);

	if (walk->previous == NULL)
		return true;
	if (sequence < last)
		return verify_differs(walk->verify,
				      "chain: head %s is number %" JSON_INTEGER_FORMAT
				      ", and the last link number %" JSON_INTEGER_FORMAT,
				      name, sequence, last);
	if (sequence == last && !json_equal(json_object_get(head, "sha256"),
					    json_object_get(walk->previous, "sha256")))
		return verify_differs(walk->verify,
				      "chain: head %s has the number of the last link, and "
				      "another hash",
				      name);
	return sequence - last != 1 || names_previous(walk, name, header);
}

/* One link, or the head. */
static void check_link(struct chain_walk *walk, const json_t *link, bool is_head)
{
	char name[WORD_SHOWN_SIZE];
	struct segment_header header;
	bool holds = verify_segment(walk->verify, link, NULL, &header);

	walk->verify->links.all++;
	escape_word(name, dossier_text(link, "segment"));
	holds = holds && collector_holds(walk, name, &header) &&
		(is_head ? head_follows(walk, name, link, &header)
			 : link_follows(walk, name, link, &header));
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
	verify->pages.all = json_array_size(json_object_get(dossier, "pages"));
	for (size_t i = 0; i < verify->pages.all; i++)
		check_cited(verify, dossier, "pages", i);
	if (verify->lookups.all == 0)
		verify_differs(verify, "it cites no lookup: nothing in it can be checked");
	check_segments(verify, dossier);
	check_chains(verify, dossier);
	json_decref(dossier);
	return FT_OK;
}
