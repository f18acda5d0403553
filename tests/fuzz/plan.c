// SPDX-License-Identifier: MIT
/*
 * libFuzzer: any bytes as an object: planned for an old kernel or a new one, written as text, as JSON and as C. Nothing
 * may crash, and none of it take long.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/object/object.h"
#include "loader/target/target.h"

/* A machine of which little is known: so there are no uprobes, and no file is looked at. */
static struct hewn_target *machine(const char *release)
{
	struct hewn_target *target = calloc(1, sizeof(*target));

	target->recorded = true;
	target_remember(target, "uname -r", release);
	target_remember(target, "uname -m", "x86_64");
	target_remember(target, "getconf PAGESIZE", "4096");
	target_remember(target, POSSIBLE_CPUS, "0-1");
	target_remember(target, PMUS "kprobe/type", "6");
	target_remember(target, PMUS "kprobe/format/retprobe", "config:0");
	return target;
}

static void need(bool holds)
{
	if (!holds)
		abort();
}

static void write_all(const struct hewn_object *o, const char *release, const struct hewn_plan_opts *opts)
{
	const struct hewn_freeze_opts freeze = { .header = "fuzz.h" };
	struct hewn_target *target = machine(release);
	struct hewn_err err = { 0 };
	struct hewn_plan *plan = NULL;
	FILE *nowhere = fopen("/dev/null", "w");
	int ret = hewn_plan_open(&plan, o, target, opts, &err);

	need(nowhere && (ret ? err.code == ret && err.what[0] : !err.code));
	hewn_err_close(&err);
	memset(&err, 0, sizeof(err));
	if (!ret) {
		hewn_plan_print(plan, nowhere, 0);
		hewn_plan_json(plan, nowhere);
		ret = hewn_freeze(o, target, opts, &freeze, nowhere, nowhere, &err);
		need(ret ? err.code == ret && err.what[0] : !err.code);
	}
	hewn_err_close(&err);
	hewn_plan_close(plan);
	hewn_target_close(target);
	fclose(nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct hewn_plan_opts opts = { .attach = true, .rings = true, .optional = true, .pin = "/sys/fs/bpf/x" };
	struct hewn_object *o;

	if (hewn_object_open_mem(&o, bytes, size, "fuzz.o", NULL))
		return 0;
	write_all(o, size & 1 ? "5.4.0" : "7.0.0", &opts);
	hewn_object_close(o);
	return 0;
}
