// SPDX-License-Identifier: MIT
/* Tracepoints, through perf events (4.7) and raw (4.17). Knows their names; their numbers are the run's. */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/plan/planner.h"

int plan_tracepoint(struct planner *p, uint32_t func, uint32_t prog)
{
	const char *target = p->object->funcs[func].target;
	uint32_t id;

	if (!target[0])
		return 0; /* a bare section: whoever loaded the program attaches it */
	if (!strchr(target, '/')) {
		err_hint(p->err, "SEC(\"tracepoint/CATEGORY/NAME\"), for example tracepoint/syscalls/sys_enter_openat");
		return plan_refuse(p, func, -EINVAL, "\"%s\" names no tracepoint: want CATEGORY/NAME", target);
	}
	id = plan_slot(p->plan, SLOT_NUMBER, OF_FILE, func, -1, "id(%s)", target);
	plan_tracefs_number(p, &p->plan->steps, plan_text(p->plan, "events/%s/id", target),
			    plan_text(p->plan, "where tracefs keeps the number of tracepoint %s", target), id,
			    plan_text(p->plan, "the kernel has no tracepoint %s, or tracefs is not mounted", target),
			    "ls /sys/kernel/tracing/events; if that is empty: mount -t tracefs tracefs /sys/kernel/tracing");
	plan_tracepoint_id(p, &p->plan->steps, func, prog, id, plan_text(p->plan, "an event at tracepoint %s", target));
	return 0;
}

int plan_raw_tracepoint(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	uint32_t attr, link;
	struct plan_step *step;

	if (!f->target[0])
		return 0;
	attr = plan_attr(p->plan, BPF_RAW_TRACEPOINT_OPEN);
	link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);
	attr_blob(p->plan, attr, "name", plan_string(p->plan, f->target));
	attr_slot(p->plan, attr, "prog_fd", prog);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_RAW_TRACEPOINT_OPEN, attr,
			plan_text(p->plan, "the program runs at raw tracepoint %s from here on", f->target), KERNEL(4, 17), link);
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "the kernel has no tracepoint \"%s\"", f->target),
		   "without the category: sched_switch, not sched/sched_switch");
	return 0;
}
