/* SPDX-License-Identifier: MIT */
/* A domain name as a word of the command line. */
#ifndef CLI_NAME_WORD_H
#define CLI_NAME_WORD_H

#include "resolver/name.h"

/* Reads it as a list of targets would (defanged, IDN, upper case) into the database's form;
 * what no list takes, and what holds a backslash, as fluxtrack prints names. */
int name_word_read(char out[NAME_TEXT_SIZE], const char *word, struct error *err) MUST_CHECK;

#endif
