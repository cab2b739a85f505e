/* SPDX-License-Identifier: MIT */
/* base/log: what reaches a terminal, and a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/terminal.h"

static char said[4096];
static int old_stderr;

/* From here on stderr is the file fd. */
static void divert(int fd)
{
	old_stderr = dup(STDERR_FILENO);
	assert_true(dup2(fd, STDERR_FILENO) >= 0);
}

static void give_back(void)
{
	assert_true(dup2(old_stderr, STDERR_FILENO) >= 0);
	close(old_stderr);
}

/* Up to the end of a line: a terminal may give it in pieces. */
static void take_said(int fd)
{
	size_t len = 0;

	while (len == 0 || said[len - 1] != '\n') {
		ssize_t got = read(fd, said + len, sizeof(said) - 1 - len);

		assert_true(got > 0);
		len += (size_t)got;
	}
	said[len] = '\0';
}

static int make_file(void)
{
	char path[] = "/tmp/fluxtrack-log.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

/* The two ends of a terminal of that many columns. */
static int make_terminal(unsigned short columns, int *other)
{
	const struct winsize size = {.ws_row = 24, .ws_col = columns};
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	assert_true(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0);
	*other = open(ptsname(fd), O_RDWR | O_NOCTTY);
	assert_true(*other >= 0);
	assert_int_equal(ioctl(*other, TIOCSWINSZ, &size), 0);
	return fd;
}

static void a_line_holds_no_control_character(void **state)
{
	int fd = make_file();

	(void)state;
	divert(fd);
	log_warn("cannot open %s: \303\251 \\", "a\033[31m\nb\177");
	give_back();
	lseek(fd, 0, SEEK_SET);
	take_said(fd);
	close(fd);
	assert_string_equal(said, "fluxtrack: cannot open a?[31m?b?: \303\251 \\\n");
}

static void a_file_gets_no_progress_and_has_no_width(void **state)
{
	int fd = make_file();

	(void)state;
	divert(fd);
	log_progress("%d lookups", 7);
	give_back();
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	assert_int_equal(terminal_width(fd), 0);
	close(fd);
}

static void progress_is_cut_to_the_terminal_and_gives_way_to_a_line(void **state)
{
	int other;
	int fd = make_terminal(12, &other);

	(void)state;
	assert_int_equal(terminal_width(other), 12);
	divert(other);
	log_progress("%s", "0123456789abcdef");
	log_warn("%s", "x");
	give_back();
	take_said(fd);
	close(other);
	close(fd);
	/* One column stays free: a full line would make some terminals wrap. */
	assert_string_equal(said, "0123456789a\r\033[Kfluxtrack: x\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_holds_no_control_character),
		cmocka_unit_test(a_file_gets_no_progress_and_has_no_width),
		cmocka_unit_test(progress_is_cut_to_the_terminal_and_gives_way_to_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
