// SPDX-License-Identifier: MIT
/* The side of libbpf. Does not know libhewn.a. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/side.h"

static struct bpf_object *object;
static struct perf_buffer *perf_ring;
static struct ring_buffer *ring;

static int said(int ret, const char *what)
{
	if (ret < 0)
		fprintf(stderr, "%s: %s\n", what, strerror(-ret));
	return ret < 0 ? -1 : 0;
}

int side_load(const char *path, bool attach)
{
	struct bpf_program *prog;

	libbpf_set_print(NULL);
	object = bpf_object__open_file(path, NULL);
	if (!object)
		return said(-1, "bpf_object__open_file");
	if (said(bpf_object__load(object), "bpf_object__load"))
		return -1;
	if (attach)
		bpf_object__for_each_program(
			prog,
			object) if (!bpf_program__attach(prog)) return said(-1,
									    "bpf_program__attach");
	return 0;
}

void side_unload(void)
{
	bpf_object__close(object);
}

static void got_perf(void *ctx, int cpu, void *data, __u32 size)
{
	(void)ctx;
	(void)cpu;
	(void)size;
	side_record(data);
}

static int got(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)size;
	side_record(data);
	return 0;
}

int side_ring(const char *map, bool perf)
{
	const int fd = bpf_object__find_map_fd_by_name(object, map);

	if (perf)
		perf_ring = perf_buffer__new(fd, SIDE_RING_PAGES, got_perf, NULL, NULL, NULL);
	else
		ring = ring_buffer__new(fd, got, NULL, NULL);
	return said(perf_ring || ring ? 0 : -1, "ring");
}

int side_consume(void)
{
	return said(perf_ring ? perf_buffer__consume(perf_ring) : ring_buffer__consume(ring),
		    "consume");
}

int side_run(const char *name)
{
	const struct bpf_program *prog = bpf_object__find_program_by_name(object, name);
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	return said(bpf_prog_test_run_opts(bpf_program__fd(prog), &opts), "test run");
}
