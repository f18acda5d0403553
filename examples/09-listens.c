// SPDX-License-Identifier: MIT
/*
 * A program that reads the kernel's structs (bpf/listens.bpf.c). Where their members are is found out when
 * the plan is made, from the kernel's own BTF: /sys/kernel/btf/vmlinux, or the file that is named here, so
 * that a plan can be made for another machine. See 06-execs for the ring, and docs/core.md for the rest.
 *
 * usage: 09-listens [OBJECT [RECORDS [BTF]]]      Needs root; a kernel with BTF (5.2 and newer).
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hewn.h>

/* As in bpf/listens.bpf.c. */
struct listen {
	uint32_t pid, uid;
	char comm[16];
	uint32_t netns;
	uint16_t port; /* host byte order */
	uint8_t reuseport, ipv6only;
	uint32_t backlog;
	uint8_t ipv4[4], ipv6[16];
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
	static const uint8_t zero[16];
	const struct listen *listen = event->data;
	char address[INET6_ADDRSTRLEN] = "";
	bool is_ipv6;

	(void)ctx;
	if (event->lost) {
		printf("(%" PRIu64 " lost on CPU %d)\n", event->lost, event->cpu);
		return 0;
	}
	if (event->size < sizeof(*listen))
		return 0;
	is_ipv6 = listen->ipv6only || memcmp(listen->ipv6, zero, sizeof(zero)) != 0;
	inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, is_ipv6 ? (const void *)listen->ipv6 : listen->ipv4, address,
		  sizeof(address));
	printf("%7u %-16.16s %10u %s%s%s port %u, backlog %u%s\n", listen->pid, listen->comm, listen->netns,
	       is_ipv6 ? "[" : "", address, is_ipv6 ? "]" : "", listen->port, listen->backlog,
	       listen->reuseport ? ", shared" : "");
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "build/bpf/listens.bpf.o";
	const long wanted = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	const char *btf = argc > 3 ? argv[3] : NULL;
	const struct hewn_plan_opts plan_opts = { .attach = true, .rings = true };
	const struct hewn_run_opts run_opts = { .stop = &stop };
	struct sigaction action = { .sa_handler = on_signal };
	struct hewn_object *object = NULL;
	struct hewn_target *target = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_ring *ring = NULL;
	struct hewn_ring_stats stats = { 0 };
	struct hewn_err err = { 0 };
	int status = 0;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (hewn_object_open(&object, path, &err) || hewn_target_open(&target, NULL, &err) ||
	    (btf && hewn_target_btf(target, btf, &err)) ||
	    hewn_plan_open(&plan, object, target, &plan_opts, &err) ||
	    hewn_run_open(&run, plan, &run_opts, &err) ||
	    hewn_ring_open(&ring, run, "listens", on_event, NULL, &err)) {
		status = failed(&err);
	} else {
		printf("%7s %-16s %10s %s\n", "PID", "COMM", "NETNS", "LISTENS AT");
		fflush(stdout);
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
	hewn_target_close(target);
	hewn_object_close(object);
	return status;
}
