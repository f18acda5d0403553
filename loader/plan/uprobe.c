// SPDX-License-Identifier: MIT
/*
 * uprobes and uretprobes: through the perf PMU (4.17), or through tracefs where the kernel has none. Knows a
 * file and an offset in it; the target found them.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <string.h>

#include "loader/plan/planner.h"
#include "loader/target/binary.h"

static void causes(struct planner *p, struct plan_step *step, const struct binary_place *place)
{
	step_cause(p->plan, step, EINVAL,
		   plan_text(p->plan, "the kernel refuses a probe at offset %#llx of %s: no instruction begins there, or it is one that cannot be probed",
			     (unsigned long long)place->offset, place->path),
		   NULL);
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "there is no file %s any more", place->path), NULL);
	step_cause(p->plan, step, ESRCH, "there is no process of this number", "--pid wants a process that runs");
}

int plan_uprobe(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	const bool on_return = f->def->how == ATTACH_URETPROBE;
	struct perf_event_attr perf = { .size = PERF_ATTR_SIZE_VER1 };
	struct binary_place place;
	uint32_t type, bit, attr, event;
	struct plan_step *step;
	const char *why;
	int ret;

	if (!f->target[0])
		return 0; /* a bare section: whoever loaded the program attaches it */
	if (on_return && strrchr(f->target, ':') && strchr(strrchr(f->target, ':'), '+'))
		return plan_refuse(p, func, -EINVAL, "a return probe has no offset, \"%s\" has one", f->target);
	ret = target_uprobe(p->target, f->target, &place, p->err);
	if (ret) {
		err_program(p->err, f->name);
		err_section(p->err, p->object->codes[f->code].name);
		return ret;
	}
	why = plan_text(p->plan, "a probe %s %s", on_return ? "on the return of" : "at", f->target);
	if (target_pmu(p->target, "uprobe", &type, &bit)) {
		step = plan_tracefs_probe(p, func, prog, "uprobe_events", on_return ? 'r' : 'p',
					  plan_text(p->plan, "%s:%#llx", place.path, (unsigned long long)place.offset), why);
		causes(p, step, &place);
		return 0;
	}
	perf.type = type;
	perf.config = on_return ? 1ull << bit : 0;
	perf.config2 = place.offset;
	attr = plan_blob(p->plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER1);
	plan_fix(p->plan, attr, offsetof(struct perf_event_attr, config1), 8, FIX_BLOB, plan_string(p->plan, place.path));
	event = plan_probe_slot(p, func, -1);
	/* a process's own event follows it to every CPU; one for all processes is on one CPU, and sees all */
	step = plan_perf_open(p, &p->plan->steps, attr, p->opts->pid ? p->opts->pid : -1, p->opts->pid ? -1 : 0, why,
			      KERNEL(4, 17), event);
	causes(p, step, &place);
	plan_perf_link(p, &p->plan->steps, func, prog, event);
	return 0;
}
