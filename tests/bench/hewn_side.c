// SPDX-License-Identifier: MIT
/* The side of libhewn.a. Does not know libbpf. */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "loader/hewn.h"
#include "tests/bench/side.h"

static struct hewn_object *object;
static struct hewn_plan *plan;
static struct hewn_run *run;
static struct hewn_ring *ring;

static int said(int ret, struct hewn_err *err)
{
	if (ret)
		hewn_err_print(err, stderr, 0);
	hewn_err_close(err);
	return ret ? -1 : 0;
}

int side_load(const char *path, bool attach)
{
	const struct hewn_plan_opts opts = {.attach = attach};
	struct hewn_err err = {0};

	return said(hewn_object_open(&object, path, &err) ||
			    hewn_plan_open(&plan, object, NULL, &opts, &err) ||
			    hewn_run_open(&run, plan, NULL, &err),
		    &err);
}

void side_unload(void)
{
	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
}

static int got(void *ctx, const struct hewn_event *event)
{
	(void)ctx;
	if (!event->lost)
		side_record(event->data);
	return 0;
}

int side_ring(const char *map, bool perf)
{
	const struct hewn_ring_opts opts = {.pages = perf ? SIDE_RING_PAGES : 0};
	struct hewn_err err = {0};

	return said(hewn_ring_open_fd(&ring, hewn_run_map_fd(run, map), &opts, got, NULL, &err),
		    &err);
}

int side_consume(void)
{
	return hewn_ring_consume(ring) < 0 ? -1 : 0;
}

int side_run(const char *prog)
{
	union bpf_attr attr = {0};
	int ret;

	attr.test.prog_fd = (uint32_t)hewn_run_prog_fd(run, prog);
	ret = hewn_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr.test));
	if (ret < 0)
		fprintf(stderr, "BPF_PROG_TEST_RUN: %s\n", strerror(-ret));
	return ret < 0 ? -1 : 0;
}
