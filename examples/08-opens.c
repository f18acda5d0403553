// SPDX-License-Identifier: MIT
/*
 * The whole way once more, with a pair of probes: bpf/opens.bpf.c notes what is asked for when
 * do_sys_openat2 is entered, and sends a record when it returns. See 06-execs for the ring.
 *
 * usage: 08-opens [OBJECT [RECORDS]]      Needs root, and a kernel with kprobes.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hewn.h>

/* As in bpf/opens.bpf.c; a record ends with the path. */
struct open {
	uint32_t pid, uid;
	char comm[16];
	uint32_t flags;
	int64_t result; /* a file descriptor, or -errno */
	char path[256];
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
	const struct open *open = event->data;
	size_t room;

	(void)ctx;
	if (event->lost) {
		printf("(%" PRIu64 " lost on CPU %d)\n", event->lost, event->cpu);
		return 0;
	}
	if (event->size < offsetof(struct open, path))
		return 0;
	room = event->size - offsetof(struct open, path);
	printf("%7u %5u %-16.16s %#8x ", open->pid, open->uid, open->comm, open->flags);
	if (open->result < 0)
		printf("%-24.24s", strerror((int)-open->result));
	else
		printf("%-24" PRId64, open->result);
	printf(" %.*s\n", (int)(room < sizeof(open->path) ? room : sizeof(open->path)), open->path);
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "build/bpf/opens.bpf.o";
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
	    hewn_ring_open(&ring, run, "opens", on_event, NULL, &err)) {
		status = failed(&err);
	} else {
		printf("%7s %5s %-16s %8s %-24s %s\n", "PID", "UID", "COMM", "FLAGS", "RESULT", "PATH");
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
