/* SPDX-License-Identifier: MIT */
/* The SQL of sql/, built into the program: the schema by number, then the code in its order. */
#ifndef STORE_SQL_FILES_H
#define STORE_SQL_FILES_H

#include <stddef.h>

struct sql_file {
	int version;        /* number of a schema file; -1: functions and views */
	const char *name;   /* static */
	const char *sha256; /* static; of the text, in hexadecimal */
	const char *text;   /* static */
};

extern const struct sql_file sql_files[];
extern const size_t sql_file_count;

#endif
