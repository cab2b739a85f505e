/* SPDX-License-Identifier: MIT */
/* Stands in for libFuzzer where the compiler has none: runs each file given as an argument. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

#define INPUT_MAX (1 << 20)

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *input = malloc(INPUT_MAX);
	uint8_t *exact;
	size_t size;

	if (file == NULL || input == NULL) {
		perror(path);
		return 1;
	}
	size = fread(input, 1, INPUT_MAX, file);
	fclose(file);
	exact = realloc(input, size + (size == 0)); /* so that reading beyond it is seen */
	if (exact == NULL)
		return 1;
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%d files replayed\n", argc - 1);
	return failed;
}
