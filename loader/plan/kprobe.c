// SPDX-License-Identifier: MIT
/*
 * kprobes and kretprobes: through the perf PMU (4.17), or through tracefs where the kernel has none.
 * Knows functions of the kernel by name only; whether there is such a function is the run's to find out.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/arch/arch.h"
#include "loader/plan/planner.h"

struct kprobe {
	uint32_t func, prog;
	bool on_return;
	char name[128];  /* the kernel's function */
	uint64_t off;    /* into it, bytes */
};

static const char no_function[] =
	"grep -w NAME /proc/kallsyms shows what there is: functions are inlined, renamed, or end in .isra.0, .constprop.0";

/* "fn" or "fn+off" */
static int parse(struct planner *p, struct kprobe *k, const char *target)
{
	const char *plus = strchr(target, '+');
	size_t len = plus ? (size_t)(plus - target) : strlen(target);
	char *end = NULL;

	if (!len || len >= sizeof(k->name))
		return plan_refuse(p, k->func, -EINVAL, "\"%s\" names no function of the kernel", target);
	memcpy(k->name, target, len);
	k->name[len] = 0;
	if (!plus)
		return 0;
	k->off = strtoull(plus + 1, &end, 0);
	if (end == plus + 1 || *end) {
		err_hint(p->err, "FUNCTION+OFFSET, the offset in bytes: do_sys_openat2+0x10");
		return plan_refuse(p, k->func, -EINVAL, "\"%s\" is no offset", plus + 1);
	}
	if (k->on_return)
		return plan_refuse(p, k->func, -EINVAL, "a return probe has no offset, \"%s\" has one", target);
	return 0;
}

static void causes(struct planner *p, struct plan_step *step, const struct kprobe *k)
{
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "the kernel has no function \"%s\" that can be probed", k->name),
		   no_function);
	step_cause(p->plan, step, EINVAL,
		   plan_text(p->plan, "the kernel refuses a probe at %s+%#llx: it is on the list of what may not be probed, or inside an instruction",
			     k->name, (unsigned long long)k->off),
		   "see /sys/kernel/debug/kprobes/blacklist");
	step_cause(p->plan, step, EILSEQ, plan_text(p->plan, "%s+%#llx is not the start of an instruction", k->name, (unsigned long long)k->off),
		   NULL);
	step_cause(p->plan, step, EADDRNOTAVAIL, plan_text(p->plan, "the kernel has several functions \"%s\"", k->name),
		   "a probe needs a name that is unique");
}

static const char *why_probe(struct planner *p, const struct kprobe *k)
{
	return plan_text(p->plan, "a probe %s %s", k->on_return ? "on the return of" : "at", k->name);
}

static struct plan_step *pmu_open(struct planner *p, struct plan_steps *to, const struct kprobe *k, uint32_t type,
				  uint32_t retprobe_bit, uint32_t event)
{
	const struct perf_event_attr perf = {
		.type = type,
		.size = PERF_ATTR_SIZE_VER1, /* up to config2 */
		.config = k->on_return ? 1ull << retprobe_bit : 0,
		.config2 = k->off,
	};
	uint32_t attr = plan_blob(p->plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER1);
	struct plan_step *step;

	plan_fix(p->plan, attr, offsetof(struct perf_event_attr, config1), 8, FIX_BLOB, plan_string(p->plan, k->name));
	step = plan_perf_open(p, to, attr, -1, 0, why_probe(p, k), KERNEL(4, 17), event);
	causes(p, step, k);
	return step;
}

static int probe(struct planner *p, struct kprobe *k, const char *const *other_names)
{
	uint32_t type, retprobe_bit, event;
	struct plan_step *step;

	if (target_pmu(p->target, "kprobe", &type, &retprobe_bit)) {
		step = plan_tracefs_probe(p, k->func, k->prog, "kprobe_events", k->on_return ? 'r' : 'p',
					  plan_text(p->plan, "%s+%llu", k->name, (unsigned long long)k->off), why_probe(p, k));
		causes(p, step, k);
		return 0;
	}
	event = plan_probe_slot(p, k->func, -1);
	step = pmu_open(p, &p->plan->steps, k, type, retprobe_bit, event);
	for (; other_names && *other_names; other_names++) {
		struct plan_alt *alt = step_alt(p->plan, step, ALT_STEPS, "this kernel names it otherwise", ENOENT, 0);

		snprintf(k->name, sizeof(k->name), "%s", *other_names);
		step = pmu_open(p, &alt->steps, k, type, retprobe_bit, event);
	}
	plan_perf_link(p, &p->plan->steps, k->func, k->prog, event);
	return 0;
}

/*
 * A system call's function, by the name that this kernel should have for it, and then by the others. The
 * real probe finds out: nothing is tried for the sake of knowing.
 */
static int probe_syscall(struct planner *p, struct kprobe *k, const char *call)
{
	static const char *const prefixes[] = { "__se_sys_", "sys_" };
	const char *machine = target_fact(p->target, "uname -m"), *others[3] = { NULL };
	const struct arch *arch = machine ? arch_by_name(machine) : arch_native();
	const char *first = arch ? arch_syscall_prefix(arch, target_version(p->target)) : prefixes[0];
	uint32_t n = 0;

	snprintf(k->name, sizeof(k->name), "%s%.80s", first, call);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strcmp(prefixes[i], first) != 0)
			others[n++] = plan_text(p->plan, "%s%.80s", prefixes[i], call);
	return probe(p, k, others);
}

int plan_kprobe(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	const enum attach_how how = f->def->how;
	struct kprobe k = { .func = func, .prog = prog, .on_return = how == ATTACH_KRETPROBE || how == ATTACH_KRETSYSCALL };
	int ret;

	if (!f->target[0])
		return 0; /* a bare section: whoever loaded the program attaches it */
	if (how == ATTACH_KSYSCALL || how == ATTACH_KRETSYSCALL)
		return probe_syscall(p, &k, f->target);
	ret = parse(p, &k, f->target);
	return ret ? ret : probe(p, &k, NULL);
}
