/* SPDX-License-Identifier: MIT */
#include "crawler/opt_out.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "store/line_file.h"
#include "store/list_line.h"

#define LINE_MAX_OCTETS 4096
#define ENTRIES_MAX     (4 * 1024 * 1024) /* octets of the entries of a kind */

static int take_line(struct opt_out *out, char *line, size_t len, struct error *err)
{
	struct list_line entry;
	struct error why;
	struct buf *kind;
	char *word;

	if (memchr(line, '\0', len) != NULL)
		return error_set(err, FT_FAIL, "holds a NUL: not a text file");
	word = list_line_trim(line);
	if (*word == '\0')
		return FT_OK;
	if (list_line_parse(&entry, word, false, &why) != FT_OK)
		return error_set(err, FT_FAIL, "%s", why.text);
	kind = entry.is_prefix ? &out->prefixes : &out->names;
	if (kind->len > 0)
		buf_put_u8(kind, ' ');
	buf_put(kind, entry.text, strlen(entry.text));
	return buf_is_ok(kind) ? FT_OK : error_set(err, FT_FAIL, "too many entries");
}

static int read_lines(struct opt_out *out, struct line_file *file, struct error *err)
{
	char *line;
	size_t len;
	int more;

	while ((more = line_file_next(file, &line, &len, err)) == 1)
		if (take_line(out, line, len, err) != FT_OK)
			return err->code;
	if (more == FT_OK && line_file_bad_lines(file) > 0)
		return error_set(err, FT_FAIL, "a line is too long");
	return more;
}

static int read_file(struct opt_out *out, const char *path, struct error *err)
{
	struct line_file *file = line_file_open(path, LINE_MAX_OCTETS, err);
	char shown[WORD_SHOWN_SIZE];
	int code;

	if (file == NULL)
		return err->code;
	code = read_lines(out, file, err);
	escape_path(shown, path);
	if (code != FT_OK)
		error_prefix(err, "%s, line %" PRIu64, shown, line_file_number(file));
	line_file_close(file);
	return code;
}

int opt_out_read(struct opt_out *out, const char *home, struct error *err)
{
	char path[PATH_SIZE];

	buf_init(&out->names, ENTRIES_MAX);
	buf_init(&out->prefixes, ENTRIES_MAX);
	if (path_join(path, home, "opt-out.txt", err) != FT_OK)
		return err->code;
	if ((access(path, F_OK) == 0 || errno != ENOENT) && read_file(out, path, err) != FT_OK)
		return err->code;
	buf_put_u8(&out->names, '\0');
	buf_put_u8(&out->prefixes, '\0');
	if (!buf_is_ok(&out->names) || !buf_is_ok(&out->prefixes))
		return error_set(err, FT_FAIL, "no memory for who opted out");
	return FT_OK;
}

void opt_out_fini(struct opt_out *out)
{
	buf_fini(&out->names);
	buf_fini(&out->prefixes);
}
