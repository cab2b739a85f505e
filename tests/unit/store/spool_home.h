/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the spool share: a home in a temporary folder, a clock that they move,
 * lookups that carry a number, and a census of the numbers that a home's segments hold. And
 * faults: the calls by which the spool changes the disk can be made to fail (ld --wrap).
 */
#ifndef TESTS_SPOOL_HOME_H
#define TESTS_SPOOL_HOME_H

#include "store/segment_file.h"
#include "store/spool.h"

#define NUMBERS_MAX 100000

extern int64_t test_wall_us;
extern int64_t test_boot_us;
extern const struct clock test_clock;

void home_make(char home[PATH_SIZE]);
void home_remove(const char *home);
/* How many files in home/folder end in suffix. */
size_t home_count(const char *home, const char *folder, const char *suffix);
/* The path of the only such file. */
void home_only_file(char out[PATH_SIZE], const char *home, const char *folder,
		    const char *suffix);

struct spool *home_open_spool(const char *home, size_t segment_bytes);
/* Both clocks. */
void time_passes(int64_t us);
/* Appends a lookup whose message holds number. */
void append_number(struct spool *spool, uint32_t number);

struct census {
	uint8_t times[NUMBERS_MAX]; /* how often each number was found */
	uint64_t lookups;
	uint64_t segments;
	uint64_t jumps;
	int64_t jumped_us; /* of the last jump */
};

/*
 * Reads every segment of the spool and the archive; each must be whole and name the SHA-256 of
 * the one before it.
 */
void take_census(const char *home, struct census *out);

uint8_t *file_read_all(const char *path, size_t *len);
void file_write_all(const char *path, const uint8_t *data, size_t len);

enum fault_kind {
	FAULT_WRITE,
	FAULT_FDATASYNC,
	FAULT_FSYNC,
	FAULT_RENAME,
	FAULT_FALLOCATE,
	FAULT_FTRUNCATE,
	FAULT_UNLINK,
	FAULT_KINDS
};

#define FAULT_CRASHED 77 /* exit code of a process that ended by faults.crash */

struct faults {
	unsigned calls[FAULT_KINDS]; /* made since faults_clear() */
	unsigned first; /* of all calls or of the kind, the first to fail; 0: none */
	unsigned count; /* how many fail from there on */
	int kind;       /* the kind that fails; FAULT_KINDS: every one */
	int error;      /* errno it fails with */
	bool crash;     /* instead of failing, the process ends there */
};

extern struct faults faults;
void faults_clear(void);
unsigned faults_calls(void);

#endif
