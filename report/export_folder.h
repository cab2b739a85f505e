/* SPDX-License-Identifier: MIT */
/*
 * Exports that are folders: a file a network, or what a format wants as files. Each file
 * appears under its name when it is whole, and the one that lists the others comes last.
 */
#ifndef REPORT_EXPORT_FOLDER_H
#define REPORT_EXPORT_FOLDER_H

#include "report/export.h"

/* Writes the files of an EXPORT_FILES format into dir, made where missing. */
int export_write_files(struct db *db, const struct export *export, const char *dir,
		       struct error *err) MUST_CHECK;
/*
 * Writes an EXPORT_TABLE as a file a network: AS64500.csv, unknown.csv where no origin is
 * known, and manifest.json, which lists them. Files of such names that it does not list go.
 */
int export_split(struct db *db, const struct export *export, const char *dir,
		 struct error *err) MUST_CHECK;

#endif
