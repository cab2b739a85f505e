/* SPDX-License-Identifier: MIT */
#include "report/export_folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "report/output.h"

#define FOLDER_MODE   0755
#define STATEMENT_MAX 256

static int open_in(struct output *output, const char *dir, const char *name, struct error *err)
{
	char path[PATH_SIZE];
	int result = path_join(path, dir, name, err);

	return result == FT_OK ? output_open(output, path, err) : result;
}

/* A row is a file's name and its text; dir: where it goes, a const char *. */
static int write_file(void *dir, const PGresult *row, struct error *err)
{
	struct output output;

	if (open_in(&output, *(const char **)dir, PQgetvalue(row, 0, 0), err) != FT_OK)
		return err->code;
	if (fprintf(output.file, "%s\n", PQgetvalue(row, 0, 1)) >= 0)
		return output_commit(&output, err);
	output_abandon(&output);
	return error_set(err, FT_FAIL, "cannot write %s", output.path);
}

/* Two that write one folder would each list their own files: a descriptor that holds it until
 * it is closed, or a negative code. */
static int hold_folder(const char *dir, struct error *err)
{
	int fd;

	if (dir_make(dir, FOLDER_MODE, err) != FT_OK)
		return err->code;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, FT_FAIL, "cannot open %s: %s", dir, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return error_set(err, FT_AGAIN, "another run writes %s", dir);
}

int export_write_files(struct db *db, const struct export *export, const char *dir,
		       struct error *err)
{
	int fd = hold_folder(dir, err);
	int result;

	if (fd < 0)
		return fd;
	result = export_each(db, export, write_file, &dir, err);
	close(fd);
	return result;
}

/* All nodes at one moment, and the files that they go into. */
static int select_nodes(struct db *db, const struct export *export, struct error *err)
{
	struct buf sql;
	int result =
		export_statement(db, export, "CREATE TEMP TABLE exported AS ", "", &sql, err);

	if (result == FT_OK)
		result = db_run(db, (const char *)sql.data, err);
	buf_fini(&sql);
	if (result != FT_OK)
		return result;
	return db_run(db,
		      "CREATE INDEX ON exported (asn); ANALYZE exported; "
		      "CREATE TEMP TABLE exported_file AS "
		      "SELECT coalesce('AS' || asn, 'unknown') || '.csv' AS file, asn, "
		      "count(DISTINCT domain) AS domains, count(*) AS nodes FROM exported "
		      "GROUP BY asn",
		      err);
}

static int write_network(struct db *db, const char *dir, const char *file, const char *asn,
			 struct error *err)
{
	char sql[STATEMENT_MAX];
	struct output output;

	snprintf(sql, sizeof(sql),
		 "COPY (SELECT * FROM exported WHERE asn %s) TO STDOUT (FORMAT csv, HEADER)",
		 asn);
	if (open_in(&output, dir, file, err) != FT_OK)
		return err->code;
	if (db_copy_out(db, sql, output.file, err) == FT_OK)
		return output_commit(&output, err);
	output_abandon(&output);
	return err->code;
}

static int write_networks(struct db *db, const char *dir, const PGresult *files,
			  struct error *err)
{
	int result = FT_OK;

	for (int row = 0; row < PQntuples(files) && result == FT_OK; row++)
		result = write_network(db, dir, PQgetvalue(files, row, 0),
				       PQgetvalue(files, row, 1), err);
	return result;
}

static int write_manifest(struct db *db, const char *dir, struct error *err)
{
	return db_each(db,
		       "SELECT 'manifest.json', jsonb_pretty(jsonb_build_object("
		       "'written_at', utc_text(now()), 'files', coalesce(jsonb_agg(to_jsonb(f) "
		       "ORDER BY asn), '[]'))) FROM exported_file f",
		       write_file, &dir, err);
}

/* AS64500.csv, unknown.csv, and what a killed run left of one. */
static bool is_of_split(const char *name)
{
	if (strncmp(name, "unknown", 7) == 0)
		name += 7;
	else if (strncmp(name, "AS", 2) == 0 && isdigit((unsigned char)name[2]))
		name += 2 + strspn(name + 2, "0123456789");
	else
		return false;
	if (strncmp(name, ".csv", 4) != 0)
		return false;
	return name[4] == '\0' || (name[4] == '.' && strlen(name + 5) == 6);
}

static bool is_listed(const PGresult *files, const char *name)
{
	for (int row = 0; row < PQntuples(files); row++)
		if (strcmp(PQgetvalue(files, row, 0), name) == 0)
			return true;
	return false;
}

static int remove_left_over(const char *dir, const PGresult *files, struct error *err)
{
	DIR *folder = opendir(dir);
	int result = FT_OK;

	if (folder == NULL)
		return error_set(err, FT_FAIL, "cannot read %s: %s", dir, strerror(errno));
	for (struct dirent *file; result == FT_OK && (file = readdir(folder)) != NULL;) {
		if (is_of_split(file->d_name) && !is_listed(files, file->d_name) &&
		    unlinkat(dirfd(folder), file->d_name, 0) != 0)
			result = error_set(err, FT_FAIL, "cannot remove %s/%s: %s", dir,
					   file->d_name, strerror(errno));
	}
	closedir(folder);
	return result;
}

static int split(struct db *db, const struct export *export, const char *dir, struct error *err)
{
	PGresult *files;
	int result;

	if (select_nodes(db, export, err) != FT_OK)
		return err->code;
	files = db_query(
		db,
		"SELECT file, coalesce('= ' || asn, 'IS NULL') FROM exported_file ORDER "
		"BY asn",
		0, NULL, err);
	if (files == NULL)
		return err->code;
	result = write_networks(db, dir, files, err);
	if (result == FT_OK)
		result = write_manifest(db, dir, err);
	if (result == FT_OK)
		result = remove_left_over(dir, files, err);
	PQclear(files);
	return result;
}

int export_split(struct db *db, const struct export *export, const char *dir, struct error *err)
{
	int fd = hold_folder(dir, err);
	int result;

	if (fd < 0)
		return fd;
	result = split(db, export, dir, err);
	close(fd);
	return result;
}
