/* SPDX-License-Identifier: MIT */
#include "crawler/dga.h"
#include "crawler/dga_kraken.h"

#include "base/escape.h"

#include <stdio.h>
#include <string.h>

static const struct dga_family families[] = {
	{"kraken", KRAKEN_STREAMS, kraken_keys, kraken_check, kraken_prepare, kraken_generate,
	 kraken_origin},
};

#define FAMILY_COUNT (sizeof(families) / sizeof(families[0]))

const struct dga_family *dga_find(const char *name, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	char known[128] = "";
	size_t used = 0;

	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (strcmp(families[i].name, name) == 0)
			return &families[i];
	for (size_t i = 0; i < FAMILY_COUNT && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
					 i > 0 ? ", " : "", families[i].name);
	escape_word(shown, name);
	error_set(err, FT_USAGE, "no generator of a family '%s'; there is %s", shown, known);
	return NULL;
}
