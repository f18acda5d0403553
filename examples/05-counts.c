// SPDX-License-Identifier: MIT
/*
 * A map that a program fills and a process reads: bpf/counts.bpf.c counts the programs that each user
 * executes, and this shows the counts every second. There is no ring: what is summed up in the kernel
 * need not be carried out of it one by one.
 *
 * usage: 05-counts [OBJECT [SECONDS]]      Needs root.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <hewn.h>

static int failed(struct hewn_err *err)
{
	hewn_err_print(err, stderr, 0);
	hewn_err_close(err);
	return 1;
}

static void show(int map)
{
	uint32_t uid, *last = NULL, key;
	uint64_t count;

	while (!hewn_map_next_key(map, last, &uid)) {
		if (!hewn_map_lookup(map, &uid, &count))
			printf("uid %u: %llu  ", uid, (unsigned long long)count);
		key = uid;
		last = &key;
	}
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "build/bpf/counts.bpf.o";
	int seconds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 10;
	const struct hewn_plan_opts opts = { .attach = true };
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_err err = { 0 };
	int status = 0;

	if (hewn_object_open(&object, path, &err) || hewn_plan_open(&plan, object, NULL, &opts, &err) ||
	    hewn_run_open(&run, plan, NULL, &err)) {
		status = failed(&err);
	} else {
		for (int i = 0; i < seconds; i++) {
			sleep(1);
			show(hewn_run_map_fd(run, "counts"));
		}
	}
	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return status;
}
