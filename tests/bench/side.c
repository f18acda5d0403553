// SPDX-License-Identifier: MIT
/*
 * One side of the comparison; tests/bench/run starts both and alternates. Does not know which
 * library it measures: side.h.
 *
 *	SIDE attach OBJECT            loads and attaches, and ends: for strace
 *	SIDE once OBJECT              nanoseconds to open and load, and the kilobytes of peak memory after it
 *	SIDE repeat OBJECT            nanoseconds to open and load, again for each line of stdin
 *	SIDE perf|ringbuf OBJECT MAP PROGRAM
 *	                              for each line of stdin: runs PROGRAM, which fills MAP, and then
 *	                              nanoseconds to consume it, and the records
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/side.h"

uint64_t side_records, side_sum;

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long long)t.tv_sec * 1000000000 + (unsigned long long)t.tv_nsec;
}

static int next(void)
{
	char line[16];

	fflush(stdout);
	return fgets(line, sizeof(line), stdin) != NULL;
}

/* VmHWM: ru_maxrss would be that of the process that called execve(2), where that is larger. */
static int peak(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	int kb = -1;

	while (f && kb < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, "VmHWM:", 6))
			kb = atoi(line + 6);
	if (f)
		fclose(f);
	return kb;
}

static int load(const char *path, bool again)
{
	do {
		const unsigned long long start = now();
		unsigned long long end;

		if (side_load(path, false))
			return 1;
		end = now();
		if (again)
			printf("%llu\n", end - start);
		else
			printf("%llu %d\n", end - start, peak());
		side_unload();
	} while (again && next());
	return 0;
}

static int drain(char **argv)
{
	cpu_set_t here;

	/* The program writes to the ring of the CPU that it runs on. */
	CPU_ZERO(&here);
	CPU_SET((size_t)sched_getcpu(), &here);
	if (sched_setaffinity(0, sizeof(here), &here) || side_load(argv[2], false) ||
	    side_ring(argv[3], !strcmp(argv[1], "perf")))
		return 1;
	do {
		unsigned long long start;

		side_records = 0;
		if (side_run(argv[4]))
			return 1;
		start = now();
		if (side_consume())
			return 1;
		printf("%llu %llu\n", now() - start, (unsigned long long)side_records);
	} while (next());
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "attach"))
		return side_load(argv[2], true) != 0;
	if (argc == 3 && !strcmp(argv[1], "once"))
		return load(argv[2], false);
	if (argc == 3 && !strcmp(argv[1], "repeat"))
		return load(argv[2], true);
	if (argc == 5 && (!strcmp(argv[1], "perf") || !strcmp(argv[1], "ringbuf")))
		return drain(argv);
	fputs("the modes are in tests/bench/side.c\n", stderr);
	return 2;
}
