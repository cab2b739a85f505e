/* SPDX-License-Identifier: MIT */
#include "crawler/dga.h"
#include "crawler/dga_kraken.h"

#include <stddef.h>
#include <string.h>

static const struct dga_family families[] = {
	{"kraken", KRAKEN_STREAMS, kraken_check, kraken_generate},
};

const struct dga_family *dga_find(const char *name)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strcmp(families[i].name, name) == 0)
			return &families[i];
	return NULL;
}
