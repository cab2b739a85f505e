/* SPDX-License-Identifier: MIT */
/*
 * torture: a collector's life in which the n-th call that changes the disk fails, or is its
 * last, for every n. What was acknowledged is there once afterwards; nothing is there twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "spool_home.h"

#define SECOND_US INT64_C(1000000)
#define COMMITS   30
#define CALLS_MIN 60 /* a life shorter than that would not prove much */

static struct census census;

/* What a life appended, and which of it was acknowledged; shared with children. */
struct book {
	uint32_t appended;
	uint32_t settled; /* below this, acked is known */
	bool acked[1000];
};

static struct book *book;

static void acknowledge(void)
{
	while (book->settled < book->appended)
		book->acked[book->settled++] = true;
}

/* Some segments, with syncs and seals, over whatever faults are set. */
static bool live(const char *home)
{
	struct spool *spool = home_open_spool(home, 2000);
	struct error err = {0};

	book->settled = book->appended;
	if (spool == NULL)
		return false;
	for (int i = 0; i < COMMITS; i++) {
		append_number(spool, book->appended++);
		append_number(spool, book->appended++);
		if (spool_commit(spool, &err) == FT_OK)
			acknowledge();
		time_passes(SECOND_US / 2);
	}
	if (spool_close(spool, &err) != FT_OK)
		return false;
	acknowledge();
	return true;
}

static void check_book(const char *home)
{
	take_census(home, &census);
	for (uint32_t i = 0; i < book->appended; i++) {
		assert_true(census.times[i] <= 1);
		assert_true(!book->acked[i] || census.times[i] == 1);
	}
	assert_int_equal(home_count(home, "spool", ".part"), 0);
	assert_int_equal(home_count(home, "spool", ".new"), 0);
}

/* How many calls there are in a life without faults. */
static unsigned count_calls(void)
{
	char home[PATH_SIZE];
	unsigned calls;

	home_make(home);
	memset(book, 0, sizeof(*book));
	assert_true(live(home));
	calls = faults_calls();
	assert_true(calls >= CALLS_MIN);
	home_remove(home);
	return calls;
}

/* Lets count calls fail from the n-th on, for every n. */
static void torture(unsigned count, int error)
{
	unsigned calls = count_calls();

	for (unsigned n = 1; n <= calls; n++) {
		char home[PATH_SIZE];

		home_make(home);
		memset(book, 0, sizeof(*book));
		faults.first = n;
		faults.count = count;
		faults.error = error;
		(void)live(home);
		faults_clear();
		assert_true(live(home)); /* recovers, and goes on */
		check_book(home);
		home_remove(home);
	}
}

static void any_one_call_may_fail(void **state)
{
	(void)state;
	torture(1, EIO);
}

static void any_three_calls_in_a_row_may_fail(void **state)
{
	(void)state;
	torture(3, ENOSPC);
}

static void everything_may_fail_from_any_point_on(void **state)
{
	(void)state;
	torture(1000000, EIO);
}

/* Runs a life, or a recovery alone, that ends at its n-th call; false where it came through. */
static bool crashes(const char *home, unsigned n, bool recovery)
{
	struct error err = {0};
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		faults_clear();
		faults.first = n;
		faults.count = 1;
		faults.crash = true;
		if (recovery)
			_exit(spool_recover(home, &err) == FT_OK ? 0 : 1);
		_exit(live(home) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == FAULT_CRASHED);
	return WEXITSTATUS(status) == FAULT_CRASHED;
}

static void every_call_may_be_the_last_of_collector_and_recovery(void **state)
{
	unsigned calls = count_calls();

	(void)state;
	for (unsigned n = 1; n <= calls; n++) {
		char home[PATH_SIZE];
		unsigned m = 1;

		home_make(home);
		memset(book, 0, sizeof(*book));
		assert_true(crashes(home, n, false));
		while (crashes(home, m, true))
			m++;
		assert_true(live(home));
		check_book(home);
		home_remove(home);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_one_call_may_fail),
		cmocka_unit_test(any_three_calls_in_a_row_may_fail),
		cmocka_unit_test(everything_may_fail_from_any_point_on),
		cmocka_unit_test(every_call_may_be_the_last_of_collector_and_recovery),
	};

	log_set_quiet(true);
	book = mmap(NULL, sizeof(*book), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		    0);
	if (book == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
