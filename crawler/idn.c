/* SPDX-License-Identifier: MIT */
#include "crawler/idn.h"

#include <idn2.h>
#include <stdio.h>

static const char *reason_of(int rc)
{
	switch (rc) {
	case IDN2_ENCODING_ERROR:
	case IDN2_ICONV_FAIL:
		return "is not UTF-8";
	case IDN2_TOO_BIG_DOMAIN:
	case IDN2_TOO_BIG_LABEL:
		return "is too long for a name";
	case IDN2_MALLOC:
		return "does not fit into memory";
	default:
		return "holds a character that no name may have";
	}
}

const char *idn_to_ascii(char *out, size_t size, const char *text)
{
	char *ascii = NULL;
	int rc = idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
	int len;

	if (rc != IDN2_OK)
		return reason_of(rc);
	len = snprintf(out, size, "%s", ascii);
	idn2_free(ascii);
	return len < 0 || (size_t)len >= size ? reason_of(IDN2_TOO_BIG_DOMAIN) : NULL;
}
