/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "base/terminal.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_SIZE 1024 /* an error's sentence, and what is said around it */

/* The collector and the loader thread both log; the lock keeps their lines whole. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_quiet;
static bool progress_shown;

void log_set_quiet(bool quiet)
{
	is_quiet = quiet;
}

static void clear_progress(void)
{
	if (progress_shown)
		fputs("\r\033[K", stderr);
	progress_shown = false;
}

/* The terminal's last guard: the path of a file, say, may hold anything. */
static void mask_controls(char *text)
{
	for (; *text != '\0'; text++)
		if ((*text > 0 && *text < 0x20) || *text == 0x7f)
			*text = '?';
}

PRINTF(1, 0)
static void log_line(const char *fmt, va_list args)
{
	char line[LINE_SIZE];

	vsnprintf(line, sizeof(line), fmt, args);
	mask_controls(line);
	pthread_mutex_lock(&lock);
	clear_progress();
	fprintf(stderr, "fluxtrack: %s\n", line);
	pthread_mutex_unlock(&lock);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	if (is_quiet)
		return;
	va_start(args, fmt);
	log_line(fmt, args);
	va_end(args);
}

void log_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line(fmt, args);
	va_end(args);
}

void log_progress(const char *fmt, ...)
{
	char text[256];
	size_t width = (size_t)terminal_width(STDERR_FILENO);
	va_list args;

	if (is_quiet || !isatty(STDERR_FILENO))
		return;
	va_start(args, fmt);
	/* A line that wraps could not be cleared any more. */
	vsnprintf(text, width > 0 && width < sizeof(text) ? width : sizeof(text), fmt, args);
	va_end(args);
	pthread_mutex_lock(&lock);
	clear_progress();
	if (text[0] != '\0') {
		fputs(text, stderr);
		progress_shown = true;
	}
	fflush(stderr);
	pthread_mutex_unlock(&lock);
}
