/* SPDX-License-Identifier: MIT */
/*
 * An archive of three segments of one collector in a temporary folder, a dossier of the first
 * two of them, and what verify says of it.
 */
#ifndef TESTS_DOSSIER_CASE_H
#define TESTS_DOSSIER_CASE_H

#include <jansson.h>
#include <limits.h>

#include "report/verify.h"
#include "store/segment.h"

#define FIRST  "20080408T120000Z-000000001.seg"
#define SECOND "20080408T120100Z-000000002.seg"
#define THIRD  "20080408T120200Z-000000003.seg"

struct stored {
	const char *name;
	struct buf bytes;
	size_t record_at[8]; /* where its records begin; 0 behind the last */
	uint8_t sha256[SHA256_LEN];
};

extern struct stored first;
extern struct stored second; /* holds a lookup that is told and, as record 3, a page */
extern struct stored third;  /* holds no lookup */
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
/* A link of a chain, or what is cited of a segment; before: NULL of the first. The caller's. */
json_t *segment_of(const struct stored *stored, int sequence, const struct stored *before);
/* The member of the first object in the dossier's list of that name. */
json_t *first_of(json_t *dossier, const char *list);

extern char said[64 * 1024]; /* what verify said, a line a thing */
extern struct verify verify; /* what came of the last one */

/* Verifies text; FT_OK whether it holds or not. */
int verify_text(const char *text, struct error *err);
/* Takes the dossier; the number of differences. */
size_t differences(json_t *dossier);
/* Takes the dossier, which must be refused with that text in the error. */
void is_refused(json_t *dossier, const char *expected);

#endif
