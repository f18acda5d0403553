// SPDX-License-Identifier: MIT
/*
 * Programs that PROG_LOAD has tied to a type of the kernel's BTF (fentry, fexit, fmod_ret, tp_btf,
 * lsm, freplace), and iterators. Where they go was said when they were loaded, so that attaching
 * needs no name.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/object/btf.h"
#include "loader/plan/planner.h"
#include "loader/target/functions.h"
#include "loader/target/kbtf.h"

/*
 * BPF_RAW_TRACEPOINT_OPEN without a name: as old as these programs are (5.5; lsm 5.7), where
 * LINK_CREATE takes them from 5.19 on only.
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
	step_cause(p->plan, step, EBUSY,
		   plan_text(p->plan,
			     "the kernel cannot put a trampoline at %s: another tracer holds its "
			     "first instruction, or the function is replaced already",
			     f->target),
		   NULL);
	step_cause(p->plan, step, 524 /* ENOTSUPP */,
		   plan_text(p->plan,
			     "this kernel has no trampolines for its processor, or none for a "
			     "function of as many arguments as %s has (x86-64: 6 before 6.6)",
			     f->target),
		   "a kprobe does without: SEC(\"kprobe/FUNCTION\")");
	step_cause(
		p->plan, step, E2BIG,
		plan_text(p->plan, "%s has as many programs as the kernel allows (38)", f->target),
		NULL);
	return 0;
}

/* ── many ── */

/* The next name of a list with spaces, into name; false: there is none. */
static bool next_name(const char **names, char *name, size_t size)
{
	const size_t len = strcspn(*names, " ");

	if (!len)
		return false;
	snprintf(name, size, "%.*s", (int)len, *names);
	*names += len + ((*names)[len] == ' ');
	return true;
}

/* The ids of the functions that have types, 4 bytes each; a pattern means those too that have none.
 */
static int find_ids(struct planner *p, const char *names, uint8_t *ids, uint32_t *n)
{
	const struct kbtf_hit *hits;
	const char *at = names;
	char name[256];
	uint32_t n_hits;
	int ret = 0;

	while (!ret && next_name(&at, name, sizeof(name)))
		ret = target_btf_want(p->target, name) ? err_nomem(p->err) : 0;
	for (at = names, *n = 0; !ret && next_name(&at, name, sizeof(name));) {
		ret = target_btf_find(p->target, name, &hits, &n_hits, p->err);
		for (uint32_t i = 0; !ret && i < n_hits; i++) {
			const struct btf_head *type = btf_type(hits[i].btf, hits[i].id);

			if (!type || btf_kind(type) != BTF_FUNC ||
			    strcmp(btf_name(hits[i].btf, hits[i].id), name) != 0)
				continue;
			object_put(p->object, ids + (size_t)(*n)++ * 4, hits[i].id, 4);
			break;
		}
	}
	return ret;
}

/* The same as a blob. */
static int ids_blob(struct planner *p, const char *target, uint32_t *blob, uint32_t *n)
{
	const char *names = target;
	uint32_t n_names = 1;
	uint8_t *ids;
	int ret = 0;

	if (target_is_pattern(target))
		ret = target_functions(p->target, target, &names, p->err);
	if (ret)
		return ret;
	for (const char *at = names; (at = strchr(at, ' ')); at++)
		n_names++;
	ids = calloc(n_names, 4);
	if (!ids)
		return err_nomem(p->err);
	ret = find_ids(p, names, ids, n);
	*blob = plan_blob(p->plan, BLOB_VALUE, ids, *n * 4);
	plan_name_blob(p->plan, *blob, "ids of functions in the kernel's BTF");
	free(ids);
	return !ret && !*n ? -ESRCH : ret;
}

/* One link on all functions that a pattern means (7.2). */
int plan_tracing_multi(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	uint32_t attr, link, blob = NONE, n = 0;
	struct plan_step *step;
	int ret;

	if (!f->target[0])
		return 0; /* a bare section: whoever loaded the program attaches it */
	if (strchr(f->target, ':'))
		return plan_refuse(p, func, -EOPNOTSUPP,
				   "\"%s\": hewn attaches no program to many functions of a module",
				   f->target);
	ret = ids_blob(p, f->target, &blob, &n);
	if (ret)
		return plan_refuse(p, func, ret, "the kernel's BTF has no function \"%s\"",
				   f->target);
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);
	attr_slot(p->plan, attr, "prog_fd", prog);
	attr_int(p->plan, attr, "attach_type", f->def->attach_type);
	attr_blob(p->plan, attr, "tracing_multi.ids", blob);
	attr_int(p->plan, attr, "tracing_multi.cnt", n);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_LINK_CREATE, attr,
			plan_text(p->plan, "the program runs at %s from here on", f->target),
			KERNEL(7, 2), link);
	step_cause(p->plan, step, EOPNOTSUPP,
		   "this kernel attaches no program to many functions on its processor", NULL);
	step_cause(p->plan, step, EINVAL,
		   "this kernel attaches no program to many functions (before 7.2), or not to one "
		   "of these",
		   NULL);
	return 0;
}

/* A link, and a file of it: reading that file runs the program once for each thing of the kernel's
 * list. */
int plan_iter(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	uint32_t attr = plan_attr(p->plan, BPF_LINK_CREATE);
	uint32_t link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);
	uint32_t iter = plan_slot(p->plan, SLOT_FD, OF_ITER, func, -1, "iter(%s)", f->name);
	struct plan_step *step;

	attr_slot(p->plan, attr, "prog_fd", prog);
	attr_int(p->plan, attr, "attach_type", f->def->attach_type);
	step = plan_bpf(
		p->plan, &p->plan->steps, BPF_LINK_CREATE, attr,
		plan_text(p->plan, "ties the program to the kernel's list of %s", f->target),
		KERNEL(5, 8), link);
	if (!strncmp(f->target, "bpf_map_", 8) || !strcmp(f->target, "bpf_sk_storage_map")) {
		static const char *const what = "this iterator walks a map, and nothing says which";

		step_cause(p->plan, step, EBADF, what, NULL);
		step_cause(p->plan, step, EINVAL, what, NULL);
	}
	attr = plan_attr(p->plan, BPF_ITER_CREATE);
	attr_slot(p->plan, attr, "link_fd", link);
	plan_bpf(p->plan, &p->plan->steps, BPF_ITER_CREATE, attr,
		 "a file whose reading runs the program", KERNEL(5, 8), iter);
	return 0;
}
