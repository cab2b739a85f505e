/* SPDX-License-Identifier: MIT */
/*
 * Lines for a person on stderr: "fluxtrack: " and one lower-case line. Data never goes here.
 * Hostile bytes must have passed escape_text() before they come near a log line; a control
 * character that comes all the same is shown as "?".
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/error.h"

#include <stdbool.h>

/* With quiet on, log_info says nothing; log_warn always speaks. */
void log_set_quiet(bool quiet);

void log_info(const char *fmt, ...) PRINTF(1, 2);
void log_warn(const char *fmt, ...) PRINTF(1, 2);

/*
 * Shows one changing line (a progress line) where stderr is a terminal, cut to its width; the
 * next log line clears it. Elsewhere it writes nothing. An empty text clears the line.
 */
void log_progress(const char *fmt, ...) PRINTF(1, 2);

#endif
