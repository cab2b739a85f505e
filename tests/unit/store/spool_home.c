/* SPDX-License-Identifier: MIT */
#include "spool_home.h"
#include "store/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 1000

int64_t test_wall_us;
int64_t test_boot_us;
struct faults faults;

static int64_t wall_us(void *ctx)
{
	(void)ctx;
	return test_wall_us;
}

static int64_t boot_us(void *ctx)
{
	(void)ctx;
	return test_boot_us;
}

const struct clock test_clock = {.wall_us = wall_us, .boot_us = boot_us};

void home_make(char home[PATH_SIZE])
{
	/* in memory where there is such a place: these tests make thousands of homes */
	snprintf(home, PATH_SIZE, "%s/fluxtrack-spool.XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(home));
	test_wall_us = INT64_C(1207656000000000); /* 2008-04-08T12:00:00Z */
	test_boot_us = 1000000;
	faults_clear();
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void home_remove(const char *home)
{
	assert_int_equal(nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void home_glob(glob_t *found, const char *home, const char *folder, const char *suffix)
{
	char pattern[2 * PATH_SIZE];
	int result;

	snprintf(pattern, sizeof(pattern), "%s/%s/*%s", home, folder, suffix);
	result = glob(pattern, 0, NULL, found);
	assert_true(result == 0 || result == GLOB_NOMATCH);
}

size_t home_count(const char *home, const char *folder, const char *suffix)
{
	glob_t found;
	size_t count;

	home_glob(&found, home, folder, suffix);
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

void home_only_file(char out[PATH_SIZE], const char *home, const char *folder,
		    const char *suffix)
{
	glob_t found;

	home_glob(&found, home, folder, suffix);
	assert_int_equal(found.gl_pathc, 1);
	snprintf(out, PATH_SIZE, "%s", found.gl_pathv[0]);
	globfree(&found);
}

struct spool *home_open_spool(const char *home, size_t segment_bytes)
{
	struct spool_options options = {
		.home = home,
		.vantage = "test",
		.clock = &test_clock,
		.segment_bytes = segment_bytes,
		.reserve_bytes = 64 * 1024,
	};
	struct error err = {0};

	return spool_open(&options, &err);
}

void time_passes(int64_t us)
{
	test_wall_us += us;
	test_boot_us += us;
}

void append_number(struct spool *spool, uint32_t number)
{
	uint8_t msg[120] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
			    (uint8_t)(number >> 8), (uint8_t)number};
	struct lookup lookup = {
		.qname = (const uint8_t *)"\4name\7example",
		.qtype = QTYPE_A,
		.server = {.ip = {.family = 4, .bytes = {127, 0, 0, 1}}, .port = 53},
		.asked_wall_us = test_wall_us,
		.asked_boot_us = test_boot_us,
		.msg = msg,
		.msg_len = sizeof(msg),
	};

	spool_append_lookup(spool, &lookup);
}

/* What the census keeps of a segment, to check the chain. */
struct link {
	uint64_t sequence;
	uint8_t previous[SHA256_LEN];
	uint8_t sha256[SHA256_LEN];
};

static void count_record(struct census *census, const struct segment_record *record)
{
	const uint8_t *msg = record->lookup.msg;
	uint32_t number;

	if (record->type == RECORD_JUMP) {
		census->jumps++;
		census->jumped_us = record->jump.jumped_us;
	}
	if (record->type != RECORD_LOOKUP)
		return;
	number = (uint32_t)msg[0] << 24 | (uint32_t)msg[1] << 16 | (uint32_t)msg[2] << 8 |
		 msg[3];
	assert_true(number < NUMBERS_MAX);
	census->times[number]++;
	census->lookups++;
}

static void count_segment(struct census *census, const char *path, struct link *link)
{
	struct error err = {0};
	struct segment_file *file = segment_file_open(path, &err);
	struct segment_record record;
	uint32_t number;
	int result;

	assert_non_null(file);
	while ((result = segment_file_next(file, &record, &number, &err)) == 1)
		count_record(census, &record);
	if (result != 0)
		fail_msg("%s", err.text);
	link->sequence = segment_file_header(file)->sequence;
	memcpy(link->previous, segment_file_header(file)->previous, SHA256_LEN);
	segment_file_sha256(file, link->sha256);
	segment_file_close(file);
}

static int compare_links(const void *a, const void *b)
{
	const struct link *one = a;
	const struct link *other = b;

	return (one->sequence > other->sequence) - (one->sequence < other->sequence);
}

static void check_chain(struct link *links, size_t count)
{
	static const uint8_t none[SHA256_LEN];

	qsort(links, count, sizeof(*links), compare_links);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(links[i].sequence, i + 1);
		assert_memory_equal(links[i].previous, i > 0 ? links[i - 1].sha256 : none,
				    SHA256_LEN);
	}
}

void take_census(const char *home, struct census *out)
{
	static const char *const folders[] = {"spool", "archive/*"};
	static struct link links[SEGMENTS_MAX];
	glob_t found;

	memset(out, 0, sizeof(*out));
	for (size_t f = 0; f < 2; f++) {
		home_glob(&found, home, folders[f], ".seg");
		for (size_t i = 0; i < found.gl_pathc; i++) {
			assert_true(out->segments < SEGMENTS_MAX);
			count_segment(out, found.gl_pathv[i], &links[out->segments++]);
		}
		globfree(&found);
	}
	check_chain(links, out->segments);
}

uint8_t *file_read_all(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(4 * 1024 * 1024);

	assert_non_null(file);
	assert_non_null(data);
	*len = fread(data, 1, 4 * 1024 * 1024, file);
	fclose(file);
	return data;
}

void file_write_all(const char *path, const uint8_t *data, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

void faults_clear(void)
{
	faults = (struct faults){.kind = FAULT_KINDS, .error = EIO};
}

unsigned faults_calls(void)
{
	unsigned sum = 0;

	for (int i = 0; i < FAULT_KINDS; i++)
		sum += faults.calls[i];
	return sum;
}

/* Counts the call; true where it shall fail. */
static bool must_fail(enum fault_kind kind)
{
	unsigned call;

	faults.calls[kind]++;
	call = faults.kind == FAULT_KINDS ? faults_calls() : faults.calls[kind];
	return faults.first > 0 && call >= faults.first && call - faults.first < faults.count &&
	       (faults.kind == FAULT_KINDS || faults.kind == (int)kind);
}

static int refuse(void)
{
	if (faults.crash)
		_exit(FAULT_CRASHED);
	errno = faults.error;
	return -1;
}

ssize_t __real_write(int fd, const void *bytes, size_t len);
int __real_fallocate(int fd, int mode, off_t at, off_t len);
int __real_ftruncate(int fd, off_t len);
int __real_unlink(const char *path);
int __real_rename(const char *from, const char *to);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_fallocate(int fd, int mode, off_t at, off_t len);
int __wrap_ftruncate(int fd, off_t len);
int __wrap_unlink(const char *path);

/* A failing write gets half of its octets onto the disk first, as on a full one. */
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
	if (!must_fail(FAULT_WRITE))
		return __real_write(fd, bytes, len);
	if (len / 2 > 0 && __real_write(fd, bytes, len / 2) < 0)
		return -1;
	return refuse();
}

/* No test survives a power cut, so that nothing need reach the disk: saves most of the time. */
int __wrap_fdatasync(int fd)
{
	(void)fd;
	return must_fail(FAULT_FDATASYNC) ? refuse() : 0;
}

int __wrap_fsync(int fd)
{
	(void)fd;
	return must_fail(FAULT_FSYNC) ? refuse() : 0;
}

int __wrap_rename(const char *from, const char *to)
{
	return must_fail(FAULT_RENAME) ? refuse() : __real_rename(from, to);
}

int __wrap_fallocate(int fd, int mode, off_t at, off_t len)
{
	return must_fail(FAULT_FALLOCATE) ? refuse() : __real_fallocate(fd, mode, at, len);
}

int __wrap_ftruncate(int fd, off_t len)
{
	return must_fail(FAULT_FTRUNCATE) ? refuse() : __real_ftruncate(fd, len);
}

int __wrap_unlink(const char *path)
{
	return must_fail(FAULT_UNLINK) ? refuse() : __real_unlink(path);
}
