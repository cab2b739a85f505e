/* SPDX-License-Identifier: MIT */
#include "report/evidence_sections.h"

/* Since when the verdict that holds is held; NULL where that is not known. */
static const char *held_since(const json_t *dossier)
{
	const json_t *verdicts = json_object_get(dossier, "verdicts");
	size_t count = json_array_size(verdicts);

	return count > 0 ? json_text(json_array_get(verdicts, count - 1), "from") : NULL;
}

static void put_verdict(FILE *out, const json_t *dossier)
{
	fputs("<dt>Verdict</dt><dd>", out);
	html_badge(out, json_text(dossier, "verdict"));
	fputs(" score ", out);
	json_html(out, json_object_get(dossier, "score"));
	fputs("</dd>\n", out);
	json_fact(out, "On the 24 hours until", dossier, "as_of");
	if (held_since(dossier) != NULL)
		html_fact(out, "Held since", held_since(dossier));
}

static void put_who(FILE *out, const json_t *dossier)
{
	const json_t *who = json_object_get(dossier, "who_can_act");

	if (json_text(who, "party") == NULL)
		return;
	html_print(out,
		   "<dt>Who can end the name</dt><dd>the %s of <strong>%s</strong>: %s</dd>\n",
		   json_text(who, "party"), json_text(who, "zone"), json_text(who, "why"));
}

/* What RDAP told of who can act, where it was asked. */
static void put_registration(FILE *out, const json_t *dossier)
{
	const json_t *who = json_object_get(dossier, "who_can_act");

	if (json_text(who, "asked_at") == NULL)
		return;
	json_fact(out, "Registrar", who, "registrar");
	json_fact(out, "Its IANA number", who, "iana_id");
	json_fact(out, "Takes complaints at", who, "abuse_email");
	json_fact(out, "Telephone", who, "abuse_phone");
	json_fact(out, "Registered", who, "registered_on");
	json_fact(out, "Told by RDAP on", who, "asked_at");
}

static void put_tags(FILE *out, const json_t *tags)
{
	const json_t *value;
	const char *key;

	if (json_object_size(tags) == 0)
		return;
	fputs("<dt>Followed as</dt><dd>", out);
	json_object_foreach((json_t *)tags, key, value) html_print(
		out, "<span class=\"tag\">%s=%s</span> ", key, json_string_value(value));
	fputs("</dd>\n", out);
}

/* What is said of the name's cluster, where it is in one. */
static void put_cluster(FILE *out, const json_t *cluster)
{
	if (!json_is_object(cluster))
		return;
	fprintf(out,
		"<dt>Cluster</dt><dd>%.0f of its %.0f addresses of 24 hours were also seen "
		"under "
		"other names of cluster %.0f</dd>\n",
		json_figure(cluster, "shared"), json_figure(cluster, "addresses"),
		json_figure(cluster, "id"));
}

void evidence_summary(FILE *out, const json_t *dossier)
{
	html_facts_begin(out);
	put_verdict(out, dossier);
	put_who(out, dossier);
	put_registration(out, dossier);
	json_fact(out, "First address seen", dossier, "first_seen");
	json_fact(out, "Last address seen", dossier, "last_seen");
	json_fact(out, "Distinct addresses", dossier, "addresses");
	json_fact(out, "Networks (ASNs)", dossier, "asns");
	json_fact(out, "Lookups", dossier, "lookups");
	json_fact(out, "Lookups that failed", dossier, "failures");
	json_fact(out, "Family", dossier, "family");
	put_cluster(out, json_object_get(dossier, "cluster"));
	put_tags(out, json_object_get(dossier, "tags"));
	html_facts_end(out);
}

void evidence_reasons(FILE *out, const json_t *dossier)
{
	static const struct json_table history = {"Verdicts so far, the oldest first",
						  0,
						  {{'t', "From", "from"},
						   {'t', "To", "to"},
						   {'l', "Verdict", "verdict"},
						   {'r', "Score", "score"},
						   {'l', "Reasons", "reasons"}}};
	const json_t *verdicts = json_object_get(dossier, "verdicts");

	json_list(out, json_object_get(dossier, "reasons"));
	if (json_array_size(verdicts) > 1)
		json_table(out, &history, verdicts);
}

void evidence_meaning(FILE *out, const json_t *dossier)
{
	html_print(out, "<p><strong>It proves:</strong> %s</p>\n",
		   json_text(dossier, "proves"));
	html_print(out, "<p><strong>It does not prove:</strong> %s</p>\n",
		   json_text(dossier, "does_not_prove"));
	json_list(out, json_object_get(dossier, "notes"));
}

void evidence_family(FILE *out, const json_t *dossier)
{
	static const struct json_table flows = {
		"Flows to look for",
		0,
		{{'l', "Protocol", "protocol"}, {'r', "Port", "port"}, {'l', "Note", "note"}}};
	const json_t *family = json_object_get(dossier, "known_family");

	if (!json_is_object(family)) {
		fputs("<p>Nothing is known of a family.</p>\n", out);
		return;
	}
	html_facts_begin(out);
	json_fact(out, "Family", family, "family");
	json_fact(out, "Also called", family, "aliases");
	json_fact(out, "An address of it is", family, "node_means");
	html_facts_end(out);
	json_table(out, &flows, json_object_get(family, "flows"));
	if (json_array_size(json_object_get(family, "signs")) > 0)
		fputs("<p>Signs on an infected host:</p>\n", out);
	json_list(out, json_object_get(family, "signs"));
	if (json_array_size(json_object_get(family, "references")) > 0)
		fputs("<p>References:</p>\n", out);
	json_list(out, json_object_get(family, "references"));
}

void evidence_related(FILE *out, const json_t *dossier)
{
	static const struct json_table table = {
		"Names that share an address or a nameserver with it, the most first",
		0,
		{{'h', "Name", "domain"},
		 {'l', "Verdict", "verdict"},
		 {'r', "Shared addresses", "shared_addresses"},
		 {'r', "Shared nameservers", "shared_nameservers"},
		 {'r', "Cluster", "cluster"}}};

	json_table(out, &table, json_object_get(dossier, "related"));
}

static void put_rules(FILE *out, const json_t *rules)
{
	const json_t *rule;
	const char *key;

	if (json_object_size(rules) == 0)
		return;
	html_facts_begin(out);
	json_object_foreach((json_t *)rules, key, rule)
	{
		const json_t *flux = json_object_get(rule, "flux");

		html_fact(out, json_text(rule, "rule"),
			  json_is_true(flux)    ? "says flux"
			  : json_is_false(flux) ? "does not say flux"
						: "cannot tell");
	}
	html_facts_end(out);
}

void evidence_figures(FILE *out, const json_t *dossier)
{
	static const struct json_table judgement = {"Questions that the verdict rests on",
						    0,
						    {{'h', "Question", "question"},
						     {'l', "Answer", "answer"},
						     {'l', "What it asks", "means"}}};
	static const struct json_table features = {"Figures of the 24 hours",
						   0,
						   {{'h', "Figure", "feature"},
						    {'r', "Value", "value"},
						    {'l', "What it is", "means"}}};

	put_rules(out, json_object_get(dossier, "rules"));
	fputs("<details><summary>All questions and figures</summary>\n", out);
	json_table(out, &judgement, json_object_get(dossier, "judgement"));
	json_table(out, &features, json_object_get(dossier, "features"));
	fputs("</details>\n", out);
}
