/* SPDX-License-Identifier: MIT */
#include "store/suffix.h"

#include <libpsl.h>
#include <string.h>

const char *suffix_registrable(const char *name)
{
	return psl_registrable_domain(psl_builtin(), name);
}

bool suffix_is_listed(const char *name)
{
	const char *dot = strrchr(name, '.');

	return psl_is_public_suffix2(psl_builtin(), dot != NULL ? dot + 1 : name,
				     PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1;
}
