/* SPDX-License-Identifier: MIT */
/* The home: the one folder that holds all a tracker keeps (spool, archive, pg, cache, lock). */
#ifndef CLI_HOME_H
#define CLI_HOME_H

#include "base/file.h"

/*
 * Writes the absolute path of the home: given, or by default /var/lib/fluxtrack for root and
 * the XDG data folder for others. It makes nothing.
 */
int home_choose(char out[PATH_SIZE], const char *given, struct error *err) MUST_CHECK;
/* Makes it (0750) and its lock file where missing. */
int home_make(const char *home, struct error *err) MUST_CHECK;
/* FT_FAIL with advice where there is none: commands that only read must not make one. */
int home_check(const char *home, struct error *err) MUST_CHECK;
/* Takes HOME/lock for as long as the process lives. FT_AGAIN where another has it. */
int home_lock(const char *home, struct error *err) MUST_CHECK;

#endif
