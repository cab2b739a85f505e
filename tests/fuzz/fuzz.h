/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share: libFuzzer's entry, and an assertion that no build leaves out. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define MUST(claim)                                                                            \
	do {                                                                                   \
		if (!(claim))                                                                  \
			abort();                                                               \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
