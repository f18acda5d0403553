// SPDX-License-Identifier: MIT
/*
 * How long whole processes take, from their start to their end, by turns: one of each command, then
 * again. Prints the median of each in microseconds. Knows nothing of what they do.
 *
 *	whole REPETITIONS COMMAND [ARGUMENT…] [-- COMMAND [ARGUMENT…]]…
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define MAX 8

extern char **environ;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Microseconds; negative: it failed. */
static double once(char **argv, const posix_spawn_file_actions_t *quiet)
{
	const double start = now();
	int status;
	pid_t pid;

	if (posix_spawn(&pid, argv[0], quiet, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) != pid || status)
		return -1;
	return now() - start;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t quiet;
	double *times[MAX];
	char **commands[MAX];
	int n = 0, reps = argc > 2 ? atoi(argv[1]) : 0;

	for (int i = 2; i < argc && n < MAX; i++) {
		commands[n++] = &argv[i];
		while (i < argc && strcmp(argv[i], "--") != 0)
			i++;
		if (i < argc)
			argv[i] = NULL;
	}
	if (reps < 1 || !n) {
		fputs("the arguments are in tests/bench/whole.c\n", stderr);
		return 2;
	}
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	for (int c = 0; c < n; c++)
		times[c] = malloc((size_t)reps * sizeof(*times[c]));
	for (int r = 0; r < reps; r++)
		for (int c = 0; c < n; c++) {
			times[c][r] = once(commands[c], &quiet);
			if (times[c][r] < 0) {
				fprintf(stderr, "%s failed\n", commands[c][0]);
				return 1;
			}
		}
	for (int c = 0; c < n; c++) {
		qsort(times[c], (size_t)reps, sizeof(*times[c]), by_size);
		printf("%.0f%c", times[c][reps / 2], c + 1 < n ? ' ' : '\n');
	}
	return 0;
}
