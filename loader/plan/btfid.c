// SPDX-License-Identifier: MIT
/*
 * What a program is tied to when it is loaded: a function, tracepoint, hook or iterator of the
 * kernel by its id in the kernel's BTF or a module's. Knows names in BTF; knows nothing of how a
 * program is attached.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/plan/planner.h"
#include "loader/target/functions.h"
#include "loader/target/kbtf.h"
#include "loader/target/program.h"

struct wanted {
	char module[64];  /* "": not said */
	const char *name; /* as the section has it */
	char symbol[256]; /* as BTF has it: bpf_lsm_file_open */
	uint32_t kind;	  /* BTF_… */
};

/* The name in BTF has a prefix that says of what kind the place is (since 5.5; lsm 5.7, iter 5.8).
 */
static const struct {
	uint32_t attach_type;
	const char *prefix, *what;
	uint32_t kind;
} places[] = {
	{BPF_TRACE_RAW_TP, "btf_trace_", "tracepoint", BTF_TYPEDEF},
	{BPF_LSM_MAC, "bpf_lsm_", "LSM hook", BTF_FUNC},
	{BPF_LSM_CGROUP, "bpf_lsm_", "LSM hook", BTF_FUNC},
	{BPF_TRACE_ITER, "bpf_iter_", "iterator", BTF_FUNC},
	{0, "", "function", BTF_FUNC}, /* all others */
};

static size_t place_of(const struct section_def *def)
{
	size_t i = 0;

	while (places[i].attach_type && places[i].attach_type != def->attach_type)
		i++;
	return i;
}

/* "module:name" or "name" as what must be found; "vmlinux:name" too. */
static void want(const struct obj_func *f, struct wanted *w)
{
	const size_t place = place_of(f->def);
	const char *colon = strchr(f->target, ':');

	memset(w, 0, sizeof(*w));
	w->name = colon ? colon + 1 : f->target;
	if (colon)
		snprintf(w->module, sizeof(w->module), "%.*s", (int)(colon - f->target), f->target);
	snprintf(w->symbol, sizeof(w->symbol), "%s%s", places[place].prefix, w->name);
	w->kind = places[place].kind;
}

/* The first hit that is of the kind and has the whole name, in the module if one is named. */
static const struct kbtf_hit *pick(const struct kbtf_hit *hits, uint32_t n, const struct wanted *w)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct btf_head *type = btf_type(hits[i].btf, hits[i].id);

		if (!type || btf_kind(type) != w->kind ||
		    strcmp(btf_name(hits[i].btf, hits[i].id), w->symbol) != 0)
			continue;
		if (!hits[i].module || !w->module[0] || !strcmp(hits[i].module, w->module))
			return &hits[i];
	}
	return NULL;
}

/* 0 and *hit; *hit NULL: there is none. */
static int find(struct planner *p, const struct wanted *w, const struct kbtf_hit **hit)
{
	const bool of_vmlinux = !w->module[0] || !strcmp(w->module, "vmlinux");
	const struct kbtf_hit *hits;
	uint32_t n;
	int ret;

	*hit = NULL;
	if (of_vmlinux) {
		ret = target_btf_find(p->target, w->symbol, &hits, &n, p->err);
		if (ret)
			return ret;
		*hit = pick(hits, n, w);
	}
	if (*hit || (of_vmlinux && w->module[0]))
		return 0;
	ret = target_btf_find_in_modules(p->target, w->symbol, &hits, &n, p->err);
	if (!ret)
		*hit = pick(hits, n, w);
	return ret;
}

/* ── what is wrong ── */

/* The name of this kind in the kernel's BTF that is nearest, as a hint. */
static void hint_near(struct planner *p, const struct wanted *w, size_t place)
{
	const char *found = target_btf_near(p->target, (enum btf_kind)w->kind, places[place].prefix, w->name);

	if (found)
		err_hint(p->err, "\"%s\"?", found);
}

/* The compiler's own variants of a function, which have no types: "do_x.isra.0". Reads the running
 * kernel's list. */
static bool hint_variant(struct planner *p, const struct wanted *w)
{
	const size_t len = strlen(w->name);
	FILE *list = p->target->recorded ? NULL : fopen("/proc/kallsyms", "re");
	char *line = NULL, found[256] = "";
	size_t room = 0;

	while (list && !found[0] && getline(&line, &room, list) > 0) {
		const char *name = strrchr(line, ' ');

		name = name ? name + 1 : line;
		if (!strncmp(name, w->name, len) &&
		    (name[len] == '.' || name[len] == '\n' || name[len] == '\t'))
			snprintf(found, sizeof(found), "%.*s", (int)strcspn(name, "\t\n"), name);
	}
	free(line);
	if (list)
		fclose(list);
	if (strchr(found, '.'))
		err_hint(p->err,
			 "the compiler made \"%s\" of it, with other arguments; SEC(\"kprobe/%s\") "
			 "can probe that",
			 found, found);
	else if (found[0])
		err_hint(p->err,
			 "the function is there, but its types are not; SEC(\"kprobe/%s\") does "
			 "without",
			 found);
	return found[0];
}

static int not_found(struct planner *p, uint32_t func, const struct wanted *w)
{
	const size_t place = place_of(p->object->funcs[func].def);

	if (w->kind == BTF_TYPEDEF && strchr(w->name, '/'))
		err_hint(p->err, "without the category: SEC(\"tp_btf/%s\")",
			 strrchr(w->name, '/') + 1);
	else if (places[place].attach_type || !hint_variant(p, w))
		hint_near(p, w, place);
	if (w->module[0])
		return plan_refuse(
			p, func, -ESRCH,
			"the BTF of module %s has no %s \"%s\", or the module is not loaded",
			w->module, places[place].what, w->name);
	return plan_refuse(p, func, -ESRCH, "the kernel's BTF has no %s \"%s\"", places[place].what,
			   w->name);
}

/* ── functions of another program ── */

/* The id of the function in the BTF of the program that is traced or replaced; 0: it is not of that
 * program. */
static uint32_t of_program(struct planner *p, const struct obj_func *f)
{
	const uint32_t type = f->def->attach_type;

	if (!p->opts->target_prog || type == BPF_TRACE_RAW_TP || type == BPF_TRACE_ITER ||
	    f->def->prog_type == BPF_PROG_TYPE_LSM)
		return 0;
	return target_prog_func(p->target, p->opts->target_prog, f->target);
}

/* The slot of that program's fd; opened once. */
static uint32_t open_program(struct planner *p)
{
	uint32_t slot = plan_find(p->plan, SLOT_FD, OF_PLACE, NONE, 0), attr;
	struct plan_step *step;

	if (slot != NONE)
		return slot;
	slot = plan_slot(p->plan, SLOT_FD, OF_PLACE, NONE, 0, "program(%u)", p->opts->target_prog);
	attr = plan_attr(p->plan, BPF_PROG_GET_FD_BY_ID);
	attr_int(p->plan, attr, "prog_id", p->opts->target_prog);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_PROG_GET_FD_BY_ID, attr,
			"the program whose function is traced or replaced", KERNEL(4, 13), slot);
	step_cause(p->plan, step, ENOENT,
		   plan_text(p->plan, "there is no program %u any more", p->opts->target_prog),
		   "bpftool prog list");
	return slot;
}

/* ── the whole ── */

int plan_check_btf_id(struct planner *p, uint32_t func)
{
	const struct obj_func *f = &p->object->funcs[func];
	struct wanted w;

	if (!(f->def->flags & SEC_NEEDS_BTF_ID))
		return 0;
	if (!f->target[0]) {
		err_hint(p->err, "SEC(\"%s%s\")", f->def->pattern,
			 places[place_of(f->def)].attach_type ? "NAME" : "FUNCTION");
		return plan_refuse(
			p, func, -EINVAL,
			"the section does not say which %s of the kernel the program is for",
			places[place_of(f->def)].what);
	}
	if (of_program(p, f))
		return 0;
	if (f->def->prog_type == BPF_PROG_TYPE_EXT && p->opts->target_prog)
		return plan_refuse(p, func, -ESRCH, "program %u has no function \"%s\"",
				   p->opts->target_prog, f->target);
	if (f->def->prog_type == BPF_PROG_TYPE_EXT) {
		err_hint(p->err, "--target-prog, with its number or its pin, says which; "
				 "SEC(\"?freplace/…\") leaves it out");
		return plan_refuse(p, func, -EINVAL,
				   "the program replaces function \"%s\" of another program, and "
				   "nothing says of which",
				   f->target);
	}
	want(f, &w);
	return target_btf_want(p->target, w.symbol) ? err_nomem(p->err) : 0;
}

int plan_btf_id(struct planner *p, uint32_t func, struct plan_btf_place *place)
{
	const struct obj_func *f = &p->object->funcs[func];
	const struct kbtf_hit *hit;
	struct wanted w;
	int ret;

	*place = (struct plan_btf_place){.module = NONE, .prog = NONE};
	if (f->def->how == ATTACH_TRACING_MULTI) { /* the functions come with the link, whose they are with the program */
		want(f, &w);
		if (w.module[0])
			place->module = plan_module_btf(p, w.module);
	}
	if (!(f->def->flags & SEC_NEEDS_BTF_ID))
		return 0;
	place->id = of_program(p, f);
	if (place->id) {
		place->prog = open_program(p);
		return 0;
	}
	want(f, &w);
	ret = find(p, &w, &hit);
	if (ret)
		return plan_refuse(p, func, ret, "cannot look up \"%s\" in the kernel's BTF",
				   w.symbol);
	if (!hit)
		return not_found(p, func, &w);
	place->id = hit->id;
	if (hit->module)
		place->module = plan_module_btf(p, hit->module);
	return 0;
}
