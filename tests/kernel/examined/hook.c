// SPDX-License-Identifier: MIT
/*
 * What is linked around a program (ld --wrap), so that its plan and its log can be held beside strace: in the folder
 * EXAMINED the plan of its run, that run's log, and, a line each, the calls of bpf(2) and perf_event_open(2) that the
 * program makes by itself, as it gave them to the library: {"call":"bpf","args":[…],"attr":"…","result":3}.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/hewn.h"
#include "loader/kernel/sys.h"

#include <linux/perf_event.h>

long __real_sys_trap(enum plan_call call, const long args[6]);
long __wrap_sys_trap(enum plan_call call, const long args[6]);
int __real_hewn_run_open(struct hewn_run **run, const struct hewn_plan *plan, const struct hewn_run_opts *opts, struct hewn_err *err);
int __wrap_hewn_run_open(struct hewn_run **run, const struct hewn_plan *plan, const struct hewn_run_opts *opts, struct hewn_err *err);
void __real_hewn_run_close(struct hewn_run *run);
void __wrap_hewn_run_close(struct hewn_run *run);

static bool in_run; /* its calls are in its log */

static FILE *file(const char *name, const char *mode)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("EXAMINED") ? getenv("EXAMINED") : ".", name);
	return fopen(path, mode);
}

long __wrap_sys_trap(enum plan_call call, const long args[6])
{
	const bool is_bpf = call == CALL_BPF;
	FILE *to = !in_run && (is_bpf || call == CALL_PERF_EVENT_OPEN) ? file("direct", "ae") : NULL;
	long result;

	if (to) {
		const uint8_t *attr = (const uint8_t *)(uintptr_t)args[is_bpf ? 1 : 0];
		const size_t size = is_bpf ? (size_t)args[2] : ((const struct perf_event_attr *)(const void *)attr)->size;

		fprintf(to, "{\"call\":\"%s\",\"args\":[%ld,%ld,%ld],\"attr\":\"", is_bpf ? "bpf" : "perf_event_open", args[0], args[1], args[2]);
		for (size_t i = 0; i < size; i++)
			fprintf(to, "%02x", attr[i]);
	}
	result = __real_sys_trap(call, args);
	if (to) {
		fprintf(to, "\",\"result\":%ld}\n", result);
		fclose(to);
	}
	return result;
}

int __wrap_hewn_run_open(struct hewn_run **run, const struct hewn_plan *plan, const struct hewn_run_opts *opts, struct hewn_err *err)
{
	FILE *to;
	int ret;

	in_run = true;
	ret = __real_hewn_run_open(run, plan, opts, err);
	in_run = false;
	to = file("plan", "we"); /* afterwards, so that writing it is not between the start and the steps */
	if (to) {
		hewn_plan_json(plan, to);
		fclose(to);
	}
	return ret;
}

void __wrap_hewn_run_close(struct hewn_run *run)
{
	FILE *to = run ? file("log", "we") : NULL;

	if (to) {
		hewn_run_json(run, to);
		fclose(to);
	}
	in_run = true;
	__real_hewn_run_close(run);
	in_run = false;
}
