/* SPDX-License-Identifier: MIT */
#include "report/evidence_sections.h"

#define NODES_MOST 500
#define HEX_LINE   32 /* digits: 16 octets */

/* Says what a table leaves out. total: of what there are. */
static void put_rest(FILE *out, size_t shown, double total)
{
	if (total > (double)shown)
		fprintf(out, "<p>Shown are %zu of %.0f; the JSON dossier says which.</p>\n",
			shown, total);
}

void evidence_nameservers(FILE *out, const json_t *dossier)
{
	static const struct json_table table = {"Nameservers, the one named last first",
						0,
						{{'h', "Nameserver", "name"},
						 {'t', "First named", "first_named"},
						 {'t', "Last named", "last_named"},
						 {'r', "Times", "observations"},
						 {'r', "Addresses", "nodes_total"}}};
	const json_t *servers = json_object_get(dossier, "nameservers");

	json_table(out, &table, servers);
	put_rest(out, json_array_size(servers), json_figure(dossier, "nameservers_total"));
}

/* Where RDAP was asked. */
static void put_networks(FILE *out, const json_t *networks)
{
	static const struct json_table table = {"Networks of the newest 50 of them, by RDAP",
						0,
						{{'l', "From", "low"},
						 {'l', "To", "high"},
						 {'l', "Handle", "handle"},
						 {'l', "Name", "name"},
						 {'l', "Country", "country"},
						 {'r', "Addresses", "nodes"},
						 {'l', "Takes complaints at", "abuse_email"},
						 {'l', "Telephone", "abuse_phone"},
						 {'t', "Told on", "asked_at"}}};

	if (json_array_size(networks) > 0)
		json_table(out, &table, networks);
}

void evidence_nodes(FILE *out, const json_t *dossier)
{
	static const struct json_table table = {"Addresses, the one seen last first",
						NODES_MOST,
						{{'h', "Address", "address"},
						 {'r', "ASN", "asn"},
						 {'l', "Prefix", "prefix"},
						 {'l', "Country", "country"},
						 {'l', "PTR name", "reverse_name"},
						 {'t', "First seen", "first_seen"},
						 {'t', "Last seen", "last_seen"},
						 {'r', "Times", "observations"},
						 {'r', "TTL from", "ttl_min"},
						 {'r', "to", "ttl_max"},
						 {'l', "Reportable", "reportable"}}};
	const json_t *nodes = json_object_get(dossier, "nodes");
	size_t count = json_array_size(nodes);

	json_table(out, &table, nodes);
	put_rest(out, count < NODES_MOST ? count : NODES_MOST, (double)count);
	fputs("<p>An address that is not reportable is on a list of others than infected "
	      "machines, or reserved.</p>\n",
	      out);
	put_networks(out, json_object_get(dossier, "networks"));
}

void evidence_pages(FILE *out, const json_t *dossier)
{
	static const struct json_table table = {"The same pages taken together",
						0,
						{{'l', "Signatures", "signatures"},
						 {'r', "Addresses", "nodes"},
						 {'r', "Networks", "networks"},
						 {'t', "First served", "first_at"},
						 {'t', "Last served", "last_at"},
						 {'l', "Outcome", "outcome"},
						 {'r', "Status", "status"},
						 {'r', "Octets", "octets"},
						 {'l', "SHA-256", "body_sha256"},
						 {'l', "Server", "server_header"},
						 {'l', "Segment", "segment"},
						 {'r', "Record", "record"}}};
	const json_t *pages = json_object_get(dossier, "pages");
	const json_t *agreement = json_object_get(dossier, "page_agreement");

	if (json_array_size(pages) == 0) {
		fputs("<p>None: no node was asked for one.</p>\n", out);
		return;
	}
	if (json_figure(agreement, "nodes") > 1)
		fprintf(out,
			"<p>%.0f of the %.0f nodes that served one served the same, in %.0f "
			"networks: one server behind proxies, or a content network.</p>\n",
			json_figure(agreement, "nodes"), json_figure(agreement, "answered"),
			json_figure(agreement, "networks"));
	json_table(out, &table, pages);
	put_rest(out, json_array_size(pages), json_figure(dossier, "pages_total"));
}

void evidence_observations(FILE *out, const json_t *dossier)
{
	static const struct json_table table = {"The newest observations",
						0,
						{{'t', "Asked at", "observed_at"},
						 {'l', "Type", "type"},
						 {'l', "Outcome", "outcome"},
						 {'r', "TTL", "ttl"},
						 {'l', "Addresses", "addresses"},
						 {'l', "Names", "names"},
						 {'l', "Odd", "anomalies"},
						 {'l', "Server", "server"},
						 {'l', "Vantage", "vantage"},
						 {'l', "Segment", "segment"},
						 {'r', "Record", "record"},
						 {'l', "Told by", "source"}}};
	const json_t *observations = json_object_get(dossier, "observations");

	json_table(out, &table, observations);
	put_rest(out, json_array_size(observations),
		 json_figure(dossier, "observations_total"));
}

/* The message's octets, 16 a line. */
static void put_hex(FILE *out, const char *hex)
{
	fputs("<pre>", out);
	for (size_t i = 0; hex[i] != '\0' && hex[i + 1] != '\0'; i += 2) {
		const char octet[] = {hex[i], hex[i + 1], '\0'};

		if (i > 0)
			fputc(i % HEX_LINE == 0 ? '\n' : ' ', out);
		html_text(out, octet);
	}
	fputs("</pre>\n", out);
}

static void put_records(FILE *out, const char *heading, const json_t *records)
{
	const json_t *record;
	size_t i;

	json_array_foreach(records, i, record)
	{
		html_print(out, "%s  %s ", heading, json_text(record, "name"));
		json_html(out, json_object_get(record, "ttl"));
		html_print(out, " %s %s\n", json_text(record, "type"),
			   json_text(record, "data"));
	}
}

static void put_decoded(FILE *out, const json_t *decoded)
{
	const json_t *question = json_object_get(decoded, "question");

	fprintf(out, "<pre>id %.0f, flags 0x%04x, rcode %.0f\n", json_figure(decoded, "id"),
		(unsigned)json_figure(decoded, "flags"), json_figure(decoded, "rcode"));
	if (json_is_object(question))
		html_print(out, "question    %s %s\n", json_text(question, "name"),
			   json_text(question, "type"));
	put_records(out, "answer    ", json_object_get(decoded, "answer"));
	put_records(out, "authority ", json_object_get(decoded, "authority"));
	put_records(out, "additional", json_object_get(decoded, "additional"));
	if (json_is_false(json_object_get(decoded, "whole")))
		fputs("the message ends before it is complete\n", out);
	fputs("</pre>\n", out);
}

static void put_message(FILE *out, const json_t *lookup)
{
	const json_t *message = json_object_get(lookup, "message");
	const char *hex = json_text(message, "hex");

	if (json_text(lookup, "made_up_from") != NULL)
		html_print(out,
			   "<p>No collector of ours saw this message: it was made up from "
			   "%s.</p>\n",
			   json_text(lookup, "made_up_from"));
	if (hex == NULL) {
		html_print(out, "<p>The raw message is not here: %s.</p>\n",
			   json_text(lookup, "message_missing"));
		return;
	}
	put_decoded(out, json_object_get(message, "decoded"));
	put_hex(out, hex);
}

static void put_lookup(FILE *out, const json_t *lookup)
{
	html_print(out, "<details><summary>%s %s: %s, ", json_text(lookup, "observed_at"),
		   json_text(lookup, "type"), json_text(lookup, "outcome"));
	fprintf(out, "%zu addresses</summary>\n",
		json_array_size(json_object_get(lookup, "addresses")));
	html_facts_begin(out);
	json_fact(out, "TTL in seconds", lookup, "ttl");
	json_fact(out, "Addresses", lookup, "addresses");
	json_fact(out, "Names", lookup, "names");
	json_fact(out, "Server", lookup, "server");
	json_fact(out, "Port", lookup, "port");
	json_fact(out, "Vantage", lookup, "vantage");
	json_fact(out, "Odd in the message", lookup, "anomalies");
	json_fact(out, "Segment", lookup, "segment");
	json_fact(out, "SHA-256 of the segment", lookup, "sha256");
	json_fact(out, "Record", lookup, "record");
	html_facts_end(out);
	put_message(out, lookup);
	fputs("</details>\n", out);
}

void evidence_chosen(FILE *out, const json_t *dossier)
{
	const json_t *chosen = json_object_get(dossier, "chosen");
	const json_t *lookup;
	size_t i;

	if (json_array_size(chosen) == 0) {
		fputs("<p>None: no lookup brought an address.</p>\n", out);
		return;
	}
	html_print(out, "<p>Chosen: %s.</p>\n", json_text(dossier, "chosen_by"));
	json_array_foreach(chosen, i, lookup) put_lookup(out, lookup);
}

static void put_chain(FILE *out, const json_t *chain)
{
	static const struct json_table table = {"From the oldest segment cited to the newest",
						0,
						{{'r', "Sequence", "sequence"},
						 {'l', "Segment", "segment"},
						 {'l', "SHA-256", "sha256"}}};
	const json_t *head = json_object_get(chain, "head");

	html_print(out, "<details><summary>Chain of collector %s</summary>\n",
		   json_text(chain, "collector"));
	json_table(out, &table, json_object_get(chain, "links"));
	if (json_figure(chain, "omitted") > 0)
		fprintf(out, "<p>%.0f in the middle are left out.</p>\n",
			json_figure(chain, "omitted"));
	if (json_is_object(head)) {
		html_facts_begin(out);
		json_fact(out, "Newest segment of the collector", head, "segment");
		json_fact(out, "Its SHA-256", head, "sha256");
		html_facts_end(out);
	}
	fputs("</details>\n", out);
}

void evidence_segments(FILE *out, const json_t *dossier)
{
	static const struct json_table segments = {
		"Segments cited",
		0,
		{{'h', "Segment", "segment"},
		 {'t', "Begun at", "created_at"},
		 {'l', "Vantage", "vantage"},
		 {'r', "Records", "records"},
		 {'l', "SHA-256", "sha256"},
		 {'l', "SHA-256 of the one before", "previous_sha256"}}};
	static const struct json_table sources = {
		"Files of other tools that observations are told by",
		0,
		{{'h', "Source", "source"},
		 {'l', "Format", "format"},
		 {'t', "Imported at", "imported_at"},
		 {'l', "SHA-256", "sha256"}}};
	const json_t *chain;
	size_t i;

	fputs("<p>Each segment holds the SHA-256 of the one before it in its collector: who "
	      "was "
	      "given a later one can check all before it.</p>\n",
	      out);
	json_table(out, &segments, json_object_get(dossier, "segments"));
	if (json_array_size(json_object_get(dossier, "sources")) > 0)
		json_table(out, &sources, json_object_get(dossier, "sources"));
	json_array_foreach(json_object_get(dossier, "chain"), i, chain) put_chain(out, chain);
}
