/* SPDX-License-Identifier: MIT */
/*
 * The kinds of pages that the site has. They are made of the tables that report/site.c filled:
 * site_name (view status) and site_node (export_nodes(): what names that flux publish).
 */
#ifndef REPORT_SITE_PARTS_H
#define REPORT_SITE_PARTS_H

#include "report/site_page.h"

/* The index in each order, and the names by verdict and by family. */
int site_write_index(struct site *site, struct error *err) MUST_CHECK;
/* A page a name: its dossier. */
int site_write_domains(struct site *site, struct error *err) MUST_CHECK;
/* A page a network with nodes, and the list of these. */
int site_write_networks(struct site *site, struct error *err) MUST_CHECK;
/* A page a cluster, also one that nobody is in any more, and the list of these. */
int site_write_clusters(struct site *site, struct error *err) MUST_CHECK;

#endif
