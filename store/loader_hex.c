/* SPDX-License-Identifier: MIT */
#include "store/loader_hex.h"

#include <stdio.h>

void loader_hex(char out[LOADER_HEX_SIZE], const char *prefix, const uint8_t *bytes, size_t len)
{
	int at = snprintf(out, LOADER_HEX_SIZE, "%s", prefix);

	for (size_t i = 0; i < len; i++)
		at += snprintf(out + at, LOADER_HEX_SIZE - (size_t)at, "%02x", bytes[i]);
}
