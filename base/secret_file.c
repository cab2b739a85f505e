/* SPDX-License-Identifier: MIT */
#include "base/secret_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"

/* shown: the path, for messages. */
static int check_file(int fd, const char *shown, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return error_set(err, FT_FAIL, "cannot read %s: %s", shown, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return error_set(err, FT_FAIL, "%s is a folder: name a file in it", shown);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return error_set(err, FT_FAIL, "%s belongs to somebody else; run chown on it",
				 shown);
	if ((st.st_mode & S_IRWXO) == 0)
		return FT_OK;
	return error_set(err, FT_FAIL, "%s is open to everybody; run chmod 600 on it", shown);
}

/* Makes a string of the first line of what was read. A NUL would end the secret within it. */
static int cut_secret(char *bytes, size_t len, size_t max, struct error *err)
{
	const char *feed = memchr(bytes, '\n', len);

	if (feed != NULL)
		len = (size_t)(feed - bytes);
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	if (len == 0)
		return error_set(err, FT_FAIL, "its first line is empty");
	if (len > max)
		return error_set(err, FT_FAIL, "a secret has %zu octets at most", max);
	if (memchr(bytes, '\0', len) != NULL)
		return error_set(err, FT_FAIL, "a NUL in its first line");
	bytes[len] = '\0';
	return FT_OK;
}

static FILE *open_secret(const char *path, const char *shown, struct error *err)
{
	FILE *file = fopen(path, "re");

	if (file == NULL) {
		error_set(err, FT_FAIL, "cannot open %s: %s", shown, strerror(errno));
		return NULL;
	}
	if (check_file(fileno(file), shown, err) == FT_OK)
		return file;
	fclose(file);
	return NULL;
}

int secret_file_check(const char *path, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	FILE *file;

	escape_path(shown, path);
	file = open_secret(path, shown, err);
	if (file == NULL)
		return err->code;
	fclose(file);
	return FT_OK;
}

int secret_file_read(char *out, size_t size, const char *path, struct error *err)
{
	char shown[WORD_SHOWN_SIZE];
	int result = FT_OK;
	FILE *file;
	size_t len;

	escape_path(shown, path);
	file = open_secret(path, shown, err);
	if (file == NULL)
		return err->code;
	len = fread(out, 1, size, file);
	if (ferror(file))
		result = error_set(err, FT_FAIL, "cannot read %s: %s", shown, strerror(errno));
	fclose(file);
	if (result == FT_OK && cut_secret(out, len, size - 2, err) != FT_OK) /* its line end */
		result = error_prefix(err, "%s", shown);
	return result;
}
