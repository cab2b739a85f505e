/* SPDX-License-Identifier: MIT */
#include "store/postgres_program.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define VERSION_MIN 15
#define ARGS_MAX    16
#define DEBIAN_ROOT "/usr/lib/postgresql/"

/* Programs see no variable of the user's: PGDATA or PGPORT would lead them elsewhere. */
static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", NULL};

/* The first line that `pg_config option` prints; "" where there is no pg_config. */
static void ask_pg_config(char out[PATH_SIZE], const char *option)
{
	int pipe_fd[2];
	size_t len = 0;
	ssize_t got;
	pid_t child;

	out[0] = '\0';
	if (pipe2(pipe_fd, O_CLOEXEC) != 0)
		return;
	child = fork();
	if (child == 0) {
		dup2(pipe_fd[1], STDOUT_FILENO);
		execlp("pg_config", "pg_config", option, (char *)NULL);
		_exit(EXIT_FAILURE);
	}
	close(pipe_fd[1]);
	while (child > 0 && len < PATH_SIZE - 1 &&
	       (got = read(pipe_fd[0], out + len, PATH_SIZE - 1 - len)) > 0)
		len += (size_t)got;
	close(pipe_fd[0]);
	if (child > 0)
		waitpid(child, NULL, 0);
	out[len] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

static int newest_debian(void)
{
	glob_t found = {0};
	int newest = 0;

	if (glob(DEBIAN_ROOT "*/bin/initdb", 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			int version =
				(int)strtol(found.gl_pathv[i] + strlen(DEBIAN_ROOT), NULL, 10);

			if (version > newest)
				newest = version;
		}
	}
	globfree(&found);
	return newest;
}

static int elsewhere_version(void)
{
	char text[PATH_SIZE];
	int version;

	ask_pg_config(text, "--version");
	return sscanf(text, "PostgreSQL %d", &version) == 1 ? version : 0;
}

int postgres_find(char bin[PATH_SIZE], int version, struct error *err)
{
	int wanted = version > 0 ? version : newest_debian();

	snprintf(bin, PATH_SIZE, DEBIAN_ROOT "%d/bin/initdb", wanted);
	if (wanted >= VERSION_MIN && access(bin, X_OK) == 0) {
		snprintf(bin, PATH_SIZE, DEBIAN_ROOT "%d/bin", wanted);
		return FT_OK;
	}
	wanted = elsewhere_version();
	if (wanted >= VERSION_MIN && (version == 0 || version == wanted)) {
		ask_pg_config(bin, "--bindir");
		return FT_OK;
	}
	if (version > 0)
		return error_set(err, FT_FAIL,
				 "the private database was made by PostgreSQL %d, which is not "
				 "installed; install postgresql-%d",
				 version, version);
	return error_set(err, FT_FAIL,
			 "no PostgreSQL %d or newer is installed; install the package "
			 "postgresql, or name a database with --db",
			 VERSION_MIN);
}

static void run_child(const char *path, const char *const argv[], int log_fd)
{
	int null_fd = open("/dev/null", O_RDONLY);
	const char *args[ARGS_MAX + 1] = {path}; /* they look for each other beside argv[0] */

	for (size_t i = 1; i < ARGS_MAX && argv[i] != NULL; i++)
		args[i] = argv[i];

	umask(077);
	if (null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 || dup2(log_fd, STDOUT_FILENO) < 0 ||
	    dup2(log_fd, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	/* A server that kept our pipes and locks open would hold up whoever waits for them. */
	close_range(3, ~0U, 0);
	execve(path, (char *const *)(uintptr_t)args, environment);
	_exit(EXIT_FAILURE);
}

int postgres_run(const char *bin, const char *const argv[], const char *folder,
		 struct error *err)
{
	char path[PATH_SIZE];
	char log[PATH_SIZE];
	int status = 0;
	pid_t child;
	int log_fd;

	if (path_join(path, bin, argv[0], err) != FT_OK ||
	    path_join(log, folder, "log", err) != FT_OK)
		return err->code;
	log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0)
		return error_set(err, FT_FAIL, "cannot write %s: %s", log, strerror(errno));
	child = fork();
	if (child == 0 && chdir(folder) == 0)
		run_child(path, argv, log_fd);
	if (child == 0)
		_exit(EXIT_FAILURE);
	close(log_fd);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return error_set(err, FT_FAIL, "cannot run %s: %s", path, strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return error_set(err, FT_FAIL, "%s failed; see %s", argv[0], log);
	return FT_OK;
}
