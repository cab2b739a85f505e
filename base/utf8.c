/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t utf8_read(const char *text, uint32_t *point)
{
	/* The least that needs as many octets: less than that is overlong. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *in = (const unsigned char *)text;
	size_t len = in[0] >= 0xf0 ? 4 : in[0] >= 0xe0 ? 3 : 2;

	*point = in[0];
	if (in[0] < 0x80)
		return 1;
	if (in[0] < 0xc0 || in[0] >= 0xf8)
		return 0;
	*point &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (in[i] & 0x3f);
	}
	if (*point < least[len] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return len;
}

bool utf8_is_unseen(uint32_t point)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} unseen[] = {
		{0x00, 0x1f},       {0x7f, 0xa0},       {0xad, 0xad},        {0x34f, 0x34f},
		{0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5},    {0x180b, 0x180f},
		{0x2000, 0x200f},   {0x2028, 0x202f},   {0x205f, 0x206f},    {0x2800, 0x2800},
		{0x3000, 0x3000},   {0x3164, 0x3164},   {0xe000, 0xf8ff},    {0xfdd0, 0xfdef},
		{0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},    {0xfff0, 0xfffb},
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
	};

	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (point >= unseen[i].first && point <= unseen[i].last)
			return true;
	return (point & 0xfffe) == 0xfffe; /* never characters, in any plane */
}
