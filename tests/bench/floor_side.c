// SPDX-License-Identifier: MIT
/*
 * The side of no library at all: the object's plan for this kernel, made beforehand and written out
 * as C, is what a loader cannot do without. Knows no object: `make bench` compiles it with each.
 */
#include <stdio.h>

#include FROZEN
#include "tests/bench/side.h"

static struct floor o;

int side_load(const char *path, bool attach)
{
	(void)path, (void)attach;
	if (floor_open(&o))
		fprintf(stderr, "%s: %d\n", o.failed, o.error);
	return o.failed ? -1 : 0;
}

void side_unload(void)
{
	floor_close(&o);
}

int side_ring(const char *map, bool perf)
{
	(void)map, (void)perf;
	return -1;
}

int side_consume(void)
{
	return -1;
}

int side_run(const char *prog)
{
	(void)prog;
	return -1;
}
