/* SPDX-License-Identifier: MIT */
/*
 * usage FILE COMMAND [ARGUMENT]...: runs the command, exits as it did, and writes into FILE, in
 * one line, what it took: seconds by the wall clock, seconds of CPU (all its threads and the
 * children it waited for, user and system) and its peak resident memory in kilobytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int fail(const char *what)
{
	perror(what);
	return 127;
}

int main(int argc, char **argv)
{
	double began_s = now_s();
	struct rusage used;
	int status = 0;
	FILE *out = NULL;
	pid_t pid;

	if (argc < 3)
		return fputs("usage: usage FILE COMMAND [ARGUMENT]...\n", stderr), 2;
	pid = fork();
	if (pid < 0)
		return fail("usage: fork");
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(fail(argv[2]));
	}
	if (wait4(pid, &status, 0, &used) != pid)
		return fail("usage: wait4");
	out = fopen(argv[1], "w");
	if (out == NULL)
		return fail(argv[1]);
	fprintf(out, "%.3f %.3f %ld\n", now_s() - began_s,
		seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
	if (fclose(out) != 0)
		return fail(argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
