// SPDX-License-Identifier: MIT
/*
 * Records through perf rings, one ring a CPU: bpf/execs.bpf.c sends a record for each execve(2), with all
 * arguments as strings one after another, and this prints them as a command line.
 *
 * usage: 06-execs [OBJECT [RECORDS]]      Needs root.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hewn.h>

/* As in bpf/execs.bpf.c; a record ends with the last argument. */
struct exec {
	uint32_t pid, uid;
	char comm[16];
	uint32_t argc;
	char argv[];
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static int failed(struct hewn_err *err)
{
	hewn_err_print(err, stderr, 0);
	hewn_err_close(err);
	return 1;
}

static int on_event(void *ctx, const struct hewn_event *event)
{
	const struct exec *exec = event->data;
	size_t at = offsetof(struct exec, argv);

	(void)ctx;
	if (event->lost) {
		printf("(%" PRIu64 " lost on CPU %d)\n", event->lost, event->cpu);
		return 0;
	}
	if (event->size < offsetof(struct exec, argv))
		return 0;
	printf("%7u %5u %-16.16s", exec->pid, exec->uid, exec->comm);
	for (uint32_t i = 0; i < exec->argc && at < event->size; i++) {
		const char *arg = (const char *)event->data + at;
		size_t len = strnlen(arg, event->size - at);

		printf(" %.*s", (int)len, arg);
		at += len + 1;
	}
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "build/bpf/execs.bpf.o";
	const long wanted = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	const struct hewn_plan_opts plan_opts = { .attach = true, .rings = true };
	const struct hewn_run_opts run_opts = { .stop = &stop };
	struct sigaction action = { .sa_handler = on_signal };
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_ring *ring = NULL;
	struct hewn_ring_stats stats = { 0 };
	struct hewn_err err = { 0 };
	int status = 0;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (hewn_object_open(&object, path, &err) || hewn_plan_open(&plan, object, NULL, &plan_opts, &err) ||
	    hewn_run_open(&run, plan, &run_opts, &err) ||
	    hewn_ring_open(&ring, run, "execs", on_event, NULL, &err)) {
		status = failed(&err);
	} else {
		printf("%7s %5s %-16s %s\n", "PID", "UID", "COMM", "ARGUMENTS");
		while (!stop && (!wanted || (long)stats.received < wanted)) {
			hewn_ring_poll(ring, 200);
			hewn_ring_stats(ring, &stats);
			fflush(stdout);
		}
		fprintf(stderr, "%" PRIu64 " received, %" PRIu64 " lost\n", stats.received, stats.lost);
	}
	hewn_ring_close(ring); /* before the run, which owns its memory */
	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return status;
}
