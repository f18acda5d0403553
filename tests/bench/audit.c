// SPDX-License-Identifier: MIT
/*
 * What it costs that a load is planned first and logged: of the time to open and load an object, the part that is neither
 * reading the object, nor linking it (CO-RE included), nor the kernel's. usage: audit OBJECT…
 *
 * Planning is hewn_plan_open() less what linking alone takes; logging is hewn_run_open() less the time in the calls.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "loader/kernel/run.h"
#include "loader/link/link.h"

#define REPS 101

enum { OBJECT, LINK, PLAN, RUN, KERNEL_SIDE, TOTAL, PLANNING, LOGGING, N_TIMES };

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The programs that a plan loads, linked and thrown away. */
static int link_all(const struct hewn_object *object, struct hewn_err *err)
{
	struct hewn_target *target = NULL;
	struct link link;
	int ret = hewn_target_open(&target, NULL, err);

	if (!ret)
		ret = link_open(&link, object, target, err);
	for (uint32_t i = 0; i < object->n_funcs && !ret; i++) {
		struct image image;

		if (!object->funcs[i].is_prog || object->funcs[i].optional)
			continue;
		ret = image_open(&image, &link, i, err);
		image_close(&image);
	}
	link_close(&link);
	hewn_target_close(target);
	return ret;
}

static int once(const char *path, uint64_t ns[N_TIMES], struct hewn_err *err)
{
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	uint64_t at = now_ns();
	int ret = hewn_object_open(&object, path, err);

	ns[OBJECT] = now_ns() - at;
	at = now_ns();
	if (!ret)
		ret = link_all(object, err);
	ns[LINK] = now_ns() - at;
	at = now_ns();
	if (!ret)
		ret = hewn_plan_open(&plan, object, NULL, NULL, err);
	ns[PLAN] = now_ns() - at;
	at = now_ns();
	if (!ret)
		ret = hewn_run_open(&run, plan, NULL, err);
	ns[RUN] = now_ns() - at;
	ns[KERNEL_SIDE] = 0;
	for (uint32_t i = 0; !ret && i < run->n_log; i++)
		ns[KERNEL_SIDE] += run->log[i].ns;
	ns[TOTAL] = ns[OBJECT] + ns[PLAN] + ns[RUN];
	ns[PLANNING] = ns[PLAN] > ns[LINK] ? ns[PLAN] - ns[LINK] : 0;
	ns[LOGGING] = ns[RUN] > ns[KERNEL_SIDE] ? ns[RUN] - ns[KERNEL_SIDE] : 0;
	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return ret;
}

static int measure(const char *path)
{
	static uint64_t all[N_TIMES][REPS];
	struct hewn_err err = { 0 };
	uint64_t ns[N_TIMES];

	for (int i = 0; i < REPS; i++) {
		if (once(path, ns, &err)) {
			hewn_err_print(&err, stderr, 0);
			hewn_err_close(&err);
			return 1;
		}
		for (int k = 0; k < N_TIMES; k++)
			all[k][i] = ns[k];
	}
	for (int k = 0; k < N_TIMES; k++) {
		qsort(all[k], REPS, sizeof(all[k][0]), by_size);
		ns[k] = all[k][REPS / 2];
	}
	printf("%s: open and load %" PRIu64 " us, of it planning %.1f us and logging %.1f us: %.1f %%\n", path,
	       ns[TOTAL] / 1000, (double)ns[PLANNING] / 1000, (double)ns[LOGGING] / 1000,
	       100 * (double)(ns[PLANNING] + ns[LOGGING]) / (double)ns[TOTAL]);
	return 0;
}

int main(int argc, char **argv)
{
	int status = argc < 2;

	for (int i = 1; i < argc; i++)
		status |= measure(argv[i]);
	return status;
}
