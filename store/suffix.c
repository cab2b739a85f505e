/* SPDX-License-Identifier: MIT */
#include "store/suffix.h"

#include <libpsl.h>

const char *suffix_registrable(const char *name)
{
	return psl_registrable_domain(psl_builtin(), name);
}
