/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

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

PRINTF(1, 0)
static void log_line(const char *fmt, va_list args)
{
	pthread_mutex_lock(&lock);
	clear_progress();
	fputs("fluxtrack: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
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
	va_list args;

	if (is_quiet || !isatty(STDERR_FILENO))
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
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
