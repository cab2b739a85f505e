/* SPDX-License-Identifier: MIT */
/*
 * How a function says that it failed: a code that tells the class, and one sentence that tells
 * what failed, on what, and what to do. The place that fails writes the sentence; the place
 * that decides (a command, the loader thread) logs it once. DNS failures are data and never
 * come here.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define MUST_CHECK   __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

enum {
	FT_OK = 0,
	FT_FAIL = -1,  /* exit code 1 */
	FT_USAGE = -2, /* exit code 2: the user's words are wrong */
	FT_AGAIN = -3, /* exit code 75: nothing is lost, try again later */
};

struct error {
	int code;       /* FT_OK until something failed */
	char text[500]; /* one lower-case line, no period; hostile bytes already escaped */
};

/* Writes the sentence and returns code, so that a caller can say: return error_set(...). */
int error_set(struct error *err, int code, const char *fmt, ...) PRINTF(3, 4);

/* Puts "fmt: " before the sentence err already has; returns err's code. */
int error_prefix(struct error *err, const char *fmt, ...) PRINTF(2, 3);

/* The exit code for an error code: 0, 1, 2 or 75. */
int error_exit_code(int code);

#endif
