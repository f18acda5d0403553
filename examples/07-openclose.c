// SPDX-License-Identifier: MIT
/*
 * The other kind of ring: bpf/openclose.ringbuf.bpf.c writes opens and closes of all CPUs into one BPF
 * ring buffer, in the order in which they came to pass. The code here is the same as for perf rings.
 *
 * usage: 07-openclose [OBJECT [RECORDS]]      Needs root, a kernel of 5.8 or later, with kprobes.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hewn.h>

/* As in bpf/openclose.ringbuf.bpf.c. */
struct record {
	uint32_t what; /* 0 open, 1 close */
	uint32_t pid, uid;
	char comm[16];
	int32_t fd;
	int64_t result;
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
	const struct record *r = event->data;

	(void)ctx;
	if (r->what)
		printf("%7u %-16.16s close(%d) = %" PRId64 "\n", r->pid, r->comm, r->fd, r->result);
	else
		printf("%7u %-16.16s open(\"%.256s\") = %" PRId64 "\n", r->pid, r->comm, r->path, r->result);
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "build/bpf/openclose.ringbuf.bpf.o";
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
	    hewn_ring_open(&ring, run, "events", on_event, NULL, &err)) {
		status = failed(&err);
	} else {
		fprintf(stderr, "Ctrl-C ends\n");
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
