/* SPDX-License-Identifier: MIT */
#include "report/evidence_html.h"

#include <stdlib.h>

#include "report/evidence_sections.h"
#include "report/plots.h"

static const char plots_sql[] = "SELECT evidence_plots($1)";

struct section {
	const char *id;
	const char *heading;
	void (*write)(FILE *out, const json_t *dossier);
};

static const struct section before_plots[] = {
	{"summary", "In short", evidence_summary},
	{"reasons", "Why", evidence_reasons},
	{"meaning", "What this proves, and what not", evidence_meaning},
};

static const struct section after_plots[] = {
	{"family", "The family", evidence_family},
	{"related", "Related names", evidence_related},
	{"nameservers", "Nameservers", evidence_nameservers},
	{"nodes", "Addresses", evidence_nodes},
	{"pages", "Pages that nodes served", evidence_pages},
	{"observations", "Observations", evidence_observations},
	{"chosen", "Lookups that carry the proof", evidence_chosen},
	{"segments", "Segments and their chain", evidence_segments},
	{"figures", "Figures and rules", evidence_figures},
};

static void put_sections(FILE *out, const json_t *dossier, const struct section *sections,
			 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		html_section_begin(out, 2, sections[i].id, sections[i].heading);
		sections[i].write(out, dossier);
		html_section_end(out);
	}
}

static void put_page(FILE *out, const json_t *dossier, const json_t *plots,
		     const struct html_link *links)
{
	html_begin(out, json_text(dossier, "domain"), links);
	html_print(out,
		   "<p class=\"written\">Evidence written %s by fluxtrack. All times are UTC."
		   "</p>\n",
		   json_text(dossier, "written_at"));
	put_sections(out, dossier, before_plots,
		     sizeof(before_plots) / sizeof(before_plots[0]));
	html_section_begin(out, 2, "plots", "How it behaves");
	plots_html(out, plots, 3);
	html_section_end(out);
	put_sections(out, dossier, after_plots, sizeof(after_plots) / sizeof(after_plots[0]));
	html_end(out, "The JSON dossier has every row; fluxtrack verify checks it against the "
		      "record.");
}

static json_t *read_object(const char *text, const char *what, struct error *err)
{
	json_error_t at;
	json_t *json = json_loads(text, 0, &at);

	if (json_is_object(json))
		return json;
	json_decref(json);
	error_set(err, FT_FAIL, "%s is no JSON object (line %d)", what, at.line);
	return NULL;
}

int evidence_page_write(const struct evidence_page *page, FILE *out, struct error *err)
{
	json_t *dossier = read_object(page->dossier, "the dossier", err);
	json_t *plots;

	if (dossier == NULL)
		return err->code;
	plots = read_object(page->plots, "the series of the plots", err);
	err->code = plots != NULL ? FT_OK : FT_FAIL;
	if (plots != NULL)
		put_page(out, dossier, plots, page->links);
	json_decref(plots);
	json_decref(dossier);
	return err->code;
}

int evidence_html(const struct evidence *evidence, FILE *out, struct error *err)
{
	char *dossier = evidence_dossier(evidence, err);
	struct evidence_page page = {.dossier = dossier};
	PGresult *plots;

	if (dossier == NULL)
		return err->code;
	plots = db_query(evidence->db, plots_sql, 1, &evidence->name, err);
	if (plots != NULL) {
		page.plots = PQgetvalue(plots, 0, 0);
		err->code = evidence_page_write(&page, out, err);
		PQclear(plots);
	}
	free(dossier);
	return err->code;
}
