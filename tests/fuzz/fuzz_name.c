/* SPDX-License-Identifier: MIT */
/* Any text is either no name or one that survives being written and read again. */
#include "tests/fuzz/fuzz.h"

#include "resolver/name.h"

#include <string.h>

#define TEXT_MAX 4096

static void name_check(struct name *name)
{
	char text[NAME_TEXT_SIZE];
	struct error err;
	struct name again;
	size_t len = name_len(name->wire);

	MUST(len <= NAME_WIRE_MAX);
	MUST(name_to_text(text, name->wire) == strlen(text));
	MUST(name_from_text(&again, text, &err) == FT_OK);
	MUST(name_len(again.wire) == len && memcmp(again.wire, name->wire, len) == 0);
	name_lower(again.wire);
	MUST(name_compare(again.wire, name->wire) == 0);
	MUST(name_is_under(name->wire, again.wire));
	if (len > 1)
		MUST(name_is_under(name->wire, name->wire + 1 + name->wire[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1];
	struct error err;
	struct name name;

	if (size > TEXT_MAX)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (name_from_text(&name, text, &err) == FT_OK)
		name_check(&name);
	else
		MUST(err.code == FT_USAGE && strlen(err.text) < sizeof(err.text) - 1);
	return 0;
}
