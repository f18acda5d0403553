// SPDX-License-Identifier: MIT
/*
 * Programs that PROG_LOAD has tied to a type of the kernel's BTF (fentry, fexit, fmod_ret, tp_btf, lsm, freplace),
 * and iterators. Where they go was said when they were loaded, so that attaching needs no name.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/plan/planner.h"

/*
 * BPF_RAW_TRACEPOINT_OPEN without a name: as old as these programs are (5.5; lsm 5.7), where LINK_CREATE
 * takes them from 5.19 on only.
 */
int plan_tracing(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	uint32_t attr = plan_attr(p->plan, BPF_RAW_TRACEPOINT_OPEN);
	uint32_t link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);
	struct plan_step *step;

	attr_slot(p->plan, attr, "prog_fd", prog);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_RAW_TRACEPOINT_OPEN, attr,
			plan_text(p->plan, "the program runs at %s from here on", f->target),
			f->def->prog_type == BPF_PROG_TYPE_LSM ? KERNEL(5, 7) : KERNEL(5, 5), link);
	step_cause(p->plan, step, EBUSY, plan_text(p->plan, "the kernel cannot put a trampoline at %s: another tracer holds its first instruction, or the function is replaced already", f->target), NULL);
	step_cause(p->plan, step, 524 /* ENOTSUPP */, "this kernel has no trampolines for its processor", "a kprobe does without: SEC(\"kprobe/FUNCTION\")");
	step_cause(p->plan, step, E2BIG, plan_text(p->plan, "%s has as many programs as the kernel allows (38)", f->target), NULL);
	return 0;
}

/* A link, and a file of it: reading that file runs the program once for each thing of the kernel's list. */
int plan_iter(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	uint32_t attr = plan_attr(p->plan, BPF_LINK_CREATE);
	uint32_t link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);
	uint32_t iter = plan_slot(p->plan, SLOT_FD, OF_ITER, func, -1, "iter(%s)", f->name);
	struct plan_step *step;

	attr_slot(p->plan, attr, "prog_fd", prog);
	attr_int(p->plan, attr, "attach_type", f->def->attach_type);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_LINK_CREATE, attr, plan_text(p->plan, "ties the program to the kernel's list of %s", f->target),
			KERNEL(5, 8), link);
	if (!strncmp(f->target, "bpf_map_", 8) || !strcmp(f->target, "bpf_sk_storage_map")) {
		static const char *const what = "this iterator walks a map, and nothing says which";

		step_cause(p->plan, step, EBADF, what, NULL);
		step_cause(p->plan, step, EINVAL, what, NULL);
	}
	attr = plan_attr(p->plan, BPF_ITER_CREATE);
	attr_slot(p->plan, attr, "link_fd", link);
	plan_bpf(p->plan, &p->plan->steps, BPF_ITER_CREATE, attr, "a file whose reading runs the program", KERNEL(5, 8), iter);
	return 0;
}
