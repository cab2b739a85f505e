/* SPDX-License-Identifier: MIT */
/*
 * Whatever a text holds, what comes out of it are names that a list takes as they are, in
 * lower case, each once; and candidates come in their order and lie within the text.
 */
#include "tests/fuzz/fuzz.h"

#include "crawler/extract.h"
#include "crawler/extract_scan.h"
#include "crawler/target_line.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void scan_check(const char *text, size_t len)
{
	struct scan scan = {.text = text, .len = len};
	struct candidate candidate;
	size_t last = 0;

	while (scan_next(&scan, len, &candidate)) {
		MUST(candidate.at >= last && candidate.len > 0);
		last = candidate.at + candidate.len;
		MUST(last <= scan.at && scan.at <= len);
		MUST(strlen(candidate.host) < sizeof(candidate.host));
	}
	MUST(scan.at >= len);
}

static void names_check(const struct target_set *names)
{
	for (size_t i = 0; i < names->count; i++) {
		char text[NAME_TEXT_SIZE];
		struct target_line line;
		struct error err;
		size_t len = name_to_text(text, names->targets[i]->name);

		MUST(target_line_parse(&line, text, len, &err) == 1);
		MUST(memcmp(line.name.wire, names->targets[i]->name,
			    name_len(line.name.wire)) == 0);
		MUST(target_set_find(names, line.name.wire) == names->targets[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	struct extract *extract = extract_new("", &err);
	char *text = malloc(size + 1);
	int fd = memfd_create("text", 0);

	MUST(extract != NULL && text != NULL && fd >= 0);
	memcpy(text, data, size);
	text[size] = '\0';
	scan_check(text, size);
	MUST(write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	MUST(extract_read(extract, fd, "text", &err) == FT_OK);
	names_check(extract_names(extract));
	close(fd);
	free(text);
	extract_free(extract);
	return 0;
}
