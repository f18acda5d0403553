// SPDX-License-Identifier: MIT
/*
 * Attaching: which way a section wants, and what the ways through perf events share. Knows perf events
 * and links; each way's own steps are in the file that has its name.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stddef.h>

#include "loader/plan/planner.h"

#define PERF_EVENT_LINK 41u /* BPF_PERF_EVENT, 5.15: in the enum of attach types, which older headers lack */

int plan_attach(struct planner *p, uint32_t func)
{
	static int (*const ways[])(struct planner *, uint32_t, uint32_t) = {
		[ATTACH_KPROBE] = plan_kprobe,
		[ATTACH_KRETPROBE] = plan_kprobe,
		[ATTACH_KSYSCALL] = plan_kprobe,
		[ATTACH_KRETSYSCALL] = plan_kprobe,
		[ATTACH_TRACEPOINT] = plan_tracepoint,
		[ATTACH_RAW_TRACEPOINT] = plan_raw_tracepoint,
		[ATTACH_UPROBE] = plan_uprobe,
		[ATTACH_URETPROBE] = plan_uprobe,
		[ATTACH_PERF_EVENT] = plan_sampling,
		[ATTACH_KPROBE_MULTI] = plan_kprobe_multi,
		[ATTACH_UPROBE_MULTI] = plan_uprobe_multi,
		[ATTACH_USDT] = plan_usdt,
		[ATTACH_TRACING] = plan_tracing,
		[ATTACH_TRACING_MULTI] = plan_tracing_multi,
		[ATTACH_ITER] = plan_iter,
		[ATTACH_DEVICE] = plan_device,
		[ATTACH_CGROUP] = plan_cgroup,
		[ATTACH_NETNS] = plan_netns,
	};
	const struct obj_func *f = &p->object->funcs[func];
	enum attach_how how = f->def->how;

	if (how == ATTACH_NONE || how == ATTACH_STRUCT_OPS) /* who loads such a program says where it goes: a socket, a map */
		return 0;
	return ways[how](p, func, p->prog_slots[func]);
}

/* ── perf events ── */

uint32_t plan_probe_slot(struct planner *p, uint32_t func, int cpu)
{
	const char *name = p->object->funcs[func].name;

	if (cpu < 0)
		return plan_slot(p->plan, SLOT_FD, OF_PROBE, func, -1, "probe(%s)", name);
	return plan_slot(p->plan, SLOT_FD, OF_PROBE, func, cpu, "probe(%s, cpu %d)", name, cpu);
}

struct plan_step *plan_perf_open(struct planner *p, struct plan_steps *to, uint32_t attr, int pid, int cpu,
				 const char *why, uint32_t since, uint32_t event)
{
	struct plan_step *step = plan_step(p->plan, to, CALL_PERF_EVENT_OPEN, why, since, event);

	target_fact(p->target, PERF_PARANOID);
	step_blob(step, attr);
	step_int(step, pid);
	step_int(step, cpu);
	step_int(step, -1);
	step_int(step, PERF_FLAG_FD_CLOEXEC);
	return step;
}

void plan_perf_set(struct planner *p, struct plan_steps *to, uint32_t prog, uint32_t event)
{
	struct plan_step *step = plan_step(p->plan, to, CALL_IOCTL, "attaches the program to the event", 0, NONE);

	step_slot(step, event);
	step_int(step, PERF_EVENT_IOC_SET_BPF);
	step_slot(step, prog);
	step_cause(p->plan, step, EEXIST, "another program is attached to this event", NULL);
	step = plan_step(p->plan, to, CALL_IOCTL, "and starts it", 0, NONE);
	step_slot(step, event);
	step_int(step, PERF_EVENT_IOC_ENABLE);
	step_int(step, 0);
}

void plan_perf_link(struct planner *p, struct plan_steps *to, uint32_t func, uint32_t prog, uint32_t event)
{
	const struct plan_slot *of = event != NONE ? &p->plan->slots[event] : NULL;
	const char *name = p->object->funcs[func].name;
	const int cpu = of ? of->cpu : -1;
	uint32_t attr = plan_attr(p->plan, BPF_LINK_CREATE);
	uint32_t link = cpu < 0 ? plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", name) :
				  plan_slot(p->plan, SLOT_FD, OF_LINK, func, cpu, "link(%s, cpu %d)", name, cpu);
	struct plan_step *step;
	struct plan_alt *alt;

	attr_slot(p->plan, attr, "prog_fd", prog);
	attr_slot(p->plan, attr, "target_fd", event);
	attr_int(p->plan, attr, "attach_type", PERF_EVENT_LINK);
	step = plan_bpf(p->plan, to, BPF_LINK_CREATE, attr, "the program runs at each event from here on", KERNEL(5, 15), link);
	if (cpu >= 0) /* an event of one CPU, which may be offline */
		step_alt(p->plan, step, ALT_SKIP, "this CPU is offline", 0)->absent = true;
	alt = step_alt(p->plan, step, ALT_STEPS, "the kernel has no links on perf events (before 5.15)", EINVAL, 0);
	plan_perf_set(p, &alt->steps, prog, event);
}

void plan_tracepoint_id(struct planner *p, struct plan_steps *to, uint32_t func, uint32_t prog, uint32_t id,
			const char *why)
{
	const struct perf_event_attr perf = { .type = PERF_TYPE_TRACEPOINT, .size = PERF_ATTR_SIZE_VER0 };
	uint32_t attr = plan_blob(p->plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER0);
	uint32_t event = plan_probe_slot(p, func, -1);

	plan_fix(p->plan, attr, offsetof(struct perf_event_attr, config), 8, FIX_SLOT, id);
	plan_perf_open(p, to, attr, -1, 0, why, KERNEL(4, 7), event);
	plan_perf_link(p, to, func, prog, event);
}
