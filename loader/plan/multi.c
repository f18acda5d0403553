// SPDX-License-Identifier: MIT
/*
 * Many probes by one link: kprobe.multi (5.18), uprobe.multi (6.6), and sessions of both
 * (6.10, 6.13). Knows names and offsets; the target found them.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/plan/planner.h"
#include "loader/target/binary.h"
#include "loader/target/functions.h"

#define KPROBE_SESSION 56u /* types of attachment that older headers lack */
#define UPROBE_SESSION 57u

/* The names as an array of pointers: the blob, and how many they are. */
static uint32_t names_blob(struct planner *p, const char *names, uint32_t *n)
{
	uint32_t blob;

	*n = 1;
	for (const char *at = names; (at = strchr(at, ' ')); at++)
		(*n)++;
	blob = plan_blob(p->plan, BLOB_WORDS, NULL, *n * 8);
	for (uint32_t i = 0; i < *n; i++) {
		const size_t len = strcspn(names, " ");
		uint32_t name = plan_blob(p->plan, BLOB_STRING, NULL, (uint32_t)len + 1);

		plan_set_blob(p->plan, name, names, len);
		plan_fix(p->plan, blob, i * 8, 8, FIX_BLOB, name);
		names += len + (names[len] == ' ');
	}
	return blob;
}

static bool is_session(const struct obj_func *f)
{
	return f->def->attach_type == KPROBE_SESSION || f->def->attach_type == UPROBE_SESSION;
}

static struct plan_step *link_step(struct planner *p, uint32_t func, uint32_t attr, uint32_t since)
{
	const struct obj_func *f = &p->object->funcs[func];
	const char *where = f->def->flags & SEC_RETURN ? "on the return of"
			    : is_session(f)	       ? "at and on the return of"
						       : "at";
	uint32_t link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);
	struct plan_step *step =
		plan_bpf(p->plan, &p->plan->steps, BPF_LINK_CREATE, attr,
			 plan_text(p->plan, "probes %s %s", where, f->target), since, link);

	step_cause(p->plan, step, E2BIG,
		   plan_text(p->plan,
			     "this kernel has no links on many probes (before %u.%u), or they are "
			     "too many",
			     since >> 16, since >> 8 & 255),
		   NULL);
	return step;
}

int plan_kprobe_multi(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	const bool session = is_session(f);
	const char *names = f->target;
	struct plan_step *step;
	uint32_t attr, n;
	int ret = 0;

	if (!f->target[0])
		return 0; /* a bare section: whoever loaded the program attaches it */
	if (strchr(f->target, ' '))
		return plan_refuse(p, func, -EINVAL, "\"%s\" names no function of the kernel",
				   f->target);
	if (target_is_pattern(f->target))
		ret = target_functions(p->target, f->target, &names, p->err);
	if (ret)
		return plan_refuse(p, func, ret, "no function \"%s\"", f->target);
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	attr_slot(p->plan, attr, "prog_fd", prog);
	attr_int(p->plan, attr, "attach_type", f->def->attach_type);
	if (f->def->flags & SEC_RETURN)
		attr_int(p->plan, attr, "kprobe_multi.flags", 1 /* BPF_F_KPROBE_MULTI_RETURN */);
	attr_blob(p->plan, attr, "kprobe_multi.syms", names_blob(p, names, &n));
	attr_int(p->plan, attr, "kprobe_multi.cnt", n);
	step = link_step(p, func, attr, session ? KERNEL(6, 10) : KERNEL(5, 18));
	step_cause(p->plan, step, ESRCH,
		   plan_text(p->plan, "the kernel has no function \"%s\" that can be traced",
			     f->target),
		   "grep NAME /sys/kernel/tracing/available_filter_functions shows what there is");
	step_cause(p->plan, step, ENOENT,
		   plan_text(p->plan, "the kernel has no function \"%s\" that can be traced",
			     f->target),
		   NULL);
	step_cause(p->plan, step, EOPNOTSUPP,
		   "this kernel is built without probes by function tracing",
		   "CONFIG_FPROBE; a kprobe does without: SEC(\"kprobe/FUNCTION\")");
	step_cause(p->plan, step, EINVAL,
		   plan_text(p->plan,
			     "the kernel does not attach the program to \"%s\": it is older than "
			     "%s, or one of the functions is not for tracing",
			     f->target, session ? "6.10" : "5.18"),
		   NULL);
	return 0;
}

int plan_uprobe_multi(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	const bool session = is_session(f);
	struct binary_places places;
	struct plan_step *step;
	uint32_t attr, blob;
	int ret;

	if (!f->target[0])
		return 0;
	ret = target_uprobes(p->target, f->target, &places, p->err);
	if (ret)
		return plan_refuse(p, func, ret, "no place \"%s\"", f->target);
	blob = plan_blob(p->plan, BLOB_WORDS, places.offsets, places.n * 8);
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	attr_slot(p->plan, attr, "prog_fd", prog);
	attr_int(p->plan, attr, "attach_type", f->def->attach_type);
	attr_blob(p->plan, attr, "uprobe_multi.path", plan_string(p->plan, places.path));
	attr_blob(p->plan, attr, "uprobe_multi.offsets", blob);
	attr_int(p->plan, attr, "uprobe_multi.cnt", places.n);
	if (f->def->flags & SEC_RETURN)
		attr_int(p->plan, attr, "uprobe_multi.flags", 1 /* BPF_F_UPROBE_MULTI_RETURN */);
	if (p->opts->pid)
		attr_int(p->plan, attr, "uprobe_multi.pid", (uint64_t)p->opts->pid);
	binary_places_close(&places);
	step = link_step(p, func, attr, session ? KERNEL(6, 13) : KERNEL(6, 6));
	step_cause(p->plan, step, EINVAL,
		   plan_text(p->plan,
			     "the kernel refuses a probe of \"%s\": it is older than %s, or at one "
			     "of the offsets no instruction begins",
			     f->target, session ? "6.13" : "6.6"),
		   NULL);
	step_cause(p->plan, step, ESRCH, "there is no process of this number",
		   "--pid wants a process that runs");
	return 0;
}
