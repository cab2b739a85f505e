/* SPDX-License-Identifier: MIT */
/* An archive of two segments of one collector in a temporary folder, and the dossier of it. */
#ifndef TESTS_DOSSIER_CASE_H
#define TESTS_DOSSIER_CASE_H

#include <jansson.h>
#include <limits.h>

#include "store/segment.h"

#define FIRST  "20080408T120000Z-000000001.seg"
#define SECOND "20080408T120100Z-000000002.seg"

struct stored {
	const char *name;
	struct buf bytes;
	size_t record_at[8]; /* where its records begin; 0 behind the last */
	uint8_t sha256[SHA256_LEN];
};

extern struct stored first;
extern struct stored second; /* holds a lookup that is told */
extern char archive[];

/* For cmocka_run_group_tests. */
int make_archive(void **state);
int remove_archive(void **state);

/* The place of a segment in the archive; "" gives its folder. */
void path_of(char out[PATH_MAX], const char *name);
void put_file(const char *name, const uint8_t *bytes, size_t len);
/* Puts it back as it was. */
void put_stored(const struct stored *stored);

/* What is true of the archive; the caller's. */
json_t *make_dossier(void);

#endif
