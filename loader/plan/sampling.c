// SPDX-License-Identifier: MIT
/* Sampling: a program of section perf_event runs so many times a second on each CPU, on the CPU clock (4.9). */
#include <errno.h>
#include <linux/perf_event.h>

#include "loader/plan/planner.h"

#define DEFAULT_FREQ 99u /* not a multiple of anything that a kernel does periodically */

int plan_sampling(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct perf_event_attr perf = {
		.type = PERF_TYPE_SOFTWARE, /* there on every machine, virtual ones too */
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_freq = p->opts->freq ? p->opts->freq : DEFAULT_FREQ,
		.freq = 1,
	};
	const uint32_t n_cpus = target_possible_cpus(p->target);
	const int pid = p->opts->pid ? p->opts->pid : -1;
	uint32_t attr = plan_blob(p->plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER0);

	for (uint32_t cpu = 0; cpu < n_cpus; cpu++) {
		uint32_t event = plan_probe_slot(p, func, (int)cpu);
		struct plan_step *step = plan_perf_open(p, &p->plan->steps, attr, pid, (int)cpu,
							plan_text(p->plan, "a clock on CPU %u", cpu), KERNEL(4, 9), event);

		step_alt(p->plan, step, ALT_SKIP, "this CPU is offline", ENODEV, 0);
		step_cause(p->plan, step, EINVAL, "the kernel refuses this sampling frequency",
			   "see /proc/sys/kernel/perf_event_max_sample_rate");
		plan_perf_link(p, &p->plan->steps, func, prog, event);
	}
	return 0;
}
