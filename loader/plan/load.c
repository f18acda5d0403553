// SPDX-License-Identifier: MIT
/*
 * The plan of an object: BTF, maps, data, programs, pins, rings, attachments, in that order. Rings come
 * before attachments, so that no event is missed. Knows the order; each thing's steps are made elsewhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/mem.h"
#include "loader/plan/planner.h"
#include "loader/plan/rings.h"

int plan_refuse(struct planner *p, uint32_t func, int code, const char *fmt, ...)
{
	const struct obj_func *f = &p->object->funcs[func];
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_program(p->err, f->name);
	err_section(p->err, p->object->codes[f->code].name);
	return err_set(p->err, code, "%s", text);
}

/* ── which programs ── */

static bool is_named(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static int check_names(struct planner *p)
{
	for (const char *const *name = p->opts->only; name && *name; name++) {
		uint32_t func = object_func(p->object, *name);

		if (func != NONE && p->object->funcs[func].is_prog)
			continue;
		for (uint32_t i = 0; i < p->object->n_funcs; i++)
			if (p->object->funcs[i].is_prog)
				err_hint(p->err, "the object has a program \"%s\"", p->object->funcs[i].name);
		return err_set(p->err, -ENOENT, "the object has no program \"%s\"", *name);
	}
	return 0;
}

static bool is_chosen(const struct planner *p, uint32_t index)
{
	const struct obj_func *func = &p->object->funcs[index];
	enum plan_ops_says says;

	if (!func->is_prog)
		return false;
	if (p->opts->only)
		return is_named(p->opts->only, func->name);
	says = func->def ? plan_ops_of(p, index) : OPS_NOTHING;
	if (says != OPS_NOTHING)
		return says == OPS_WANTED;
	return !func->optional || p->opts->optional;
}

/* What the name of the section must say before a program can be loaded. */
static int check_section(struct planner *p, uint32_t func)
{
	const struct obj_func *f = &p->object->funcs[func];
	const char *section = p->object->codes[f->code].name;
	const char *near;

	if (!f->def) {
		near = section_nearest(section);
		if (near)
			err_hint(p->err, "SEC(\"%s\")?", near);
		else
			err_hint(p->err, "the section name says what kind of program it is: SEC(\"kprobe/FUNCTION\"), SEC(\"tracepoint/CATEGORY/NAME\"), …");
		return plan_refuse(p, func, -EINVAL, "the section name \"%s\" is not known", section);
	}
	return plan_check_btf_id(p, func);
}

static int choose(struct planner *p)
{
	uint32_t n = 0;
	int ret = check_names(p);

	if (!ret)
		ret = plan_ops_choose(p);
	for (uint32_t i = 0; i < p->object->n_funcs && !ret; i++) {
		n += p->object->funcs[i].is_prog; /* optional ones too: an object may have no others */
		if (!is_chosen(p, i)) {
			if (p->object->funcs[i].is_prog)
				ret = link_skip(&p->link, i, p->err);
			continue;
		}
		ret = check_section(p, i);
		p->prog_slots[i] = plan_slot(p->plan, SLOT_FD, OF_PROG, i, -1, "prog(%s)", p->object->funcs[i].name);
	}
	/* Types alone can be loaded; and what has no license means to have no programs. */
	if (!ret && !n && !p->object->n_maps && p->opts->attach && (p->object->license[0] || !p->object->has_btf)) {
		err_hint(p->err, "a program is a function in a section of its own: SEC(\"kprobe/FUNCTION\") int name(…)");
		return err_set(p->err, -ENOENT, "the object has neither programs nor maps");
	}
	return ret;
}

/* ── BTF ── */

/*
 * The object's BTF, and behind it the same for older and older kernels, down to the target's version: each without the
 * newest thing that the last one had. A kernel that lacks one kind keeps the others, which maps may need. What the
 * version has is not left out: the kernel refused it for another reason, and a program may refer to it.
 */
static int plan_btf(struct planner *p)
{
	static const char *const why = "the types of maps and programs, for bpftool and for line numbers in the verifier's log";
	struct plan_steps *to = &p->plan->steps;
	uint32_t size, attr, blob, since, kernel = BTF_NEWEST, rules;
	const char *what, *name = "BTF";
	struct plan_step *step = NULL;
	struct plan_alt *alt;
	uint8_t *bytes;
	int ret = 0;

	p->btf = NONE;
	if (!p->object->has_btf)
		return 0;
	p->btf = plan_slot(p->plan, SLOT_FD, OF_BTF, NONE, -1, "btf");
	rules = btf_rules(p->types);
	do {
		ret = btf_encode(p->types, kernel, &bytes, &size, p->err);
		if (ret)
			break;
		blob = plan_blob(p->plan, BLOB_BTF, bytes, size);
		free(bytes);
		plan_name_blob(p->plan, blob, name);
		attr = plan_attr(p->plan, BPF_BTF_LOAD);
		attr_blob(p->plan, attr, "btf", blob);
		attr_int(p->plan, attr, "btf_size", size);
		step = plan_bpf(p->plan, to, BPF_BTF_LOAD, attr, why, KERNEL(4, 18), p->btf);
		since = btf_newest_rule(rules, kernel, &what);
		if (since <= p->plan->version)
			break;
		name = plan_text(p->plan, "BTF for kernels before %u.%u", since >> 16,
				 since >> 8 & 255);
		alt = step_alt(p->plan, step, ALT_STEPS,
			       plan_text(p->plan, "%s is newer than the kernel (%u.%u)", what,
					 since >> 16, since >> 8 & 255),
			       EINVAL, E2BIG, 524, 0);
		to = &alt->steps;
		kernel = since - 1;
	} while (!p->plan->failed);
	if (!ret)
		step_alt(p->plan, step, ALT_SKIP,
			 "the kernel has no BTF (before 4.18), or does not take this", EINVAL,
			 E2BIG, 524, 0);
	return ret;
}

/* ── pins ── */

const char *plan_pin_path(struct planner *p, const char *folder, const char *name)
{
	const char *path = plan_text(p->plan, "%s/%s", folder, name);
	char *dot;

	if (!*path)
		return path; /* no memory, which the plan remembers */
	dot = (char *)path + strlen(folder); /* the plan's own text, not yet seen by anyone */
	while ((dot = strchr(dot, '.')))
		*dot = '_';
	return path;
}

void plan_pin(struct planner *p, struct plan_steps *to, uint32_t slot, const char *folder, const char *name)
{
	const char *path = plan_pin_path(p, folder, name);
	uint32_t attr = plan_attr(p->plan, BPF_OBJ_PIN), text = plan_string(p->plan, path);
	struct plan_step *step, *unlink;

	attr_blob(p->plan, attr, "pathname", text);
	attr_slot(p->plan, attr, "bpf_fd", slot);
	step = plan_bpf(p->plan, to, BPF_OBJ_PIN, attr, plan_text(p->plan, "keeps it when the last fd closes: %s", path),
			KERNEL(4, 4), NONE);
	step->undo_on_failure = true;
	step_cause(p->plan, step, EEXIST, plan_text(p->plan, "%s exists already", path),
		   "remove it (rm) or pin somewhere else");
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "there is no folder %s", folder),
		   "mount -t bpf bpf /sys/fs/bpf");
	step_cause(p->plan, step, EPERM, plan_text(p->plan, "%s is not in a bpf file system, or no access", folder),
		   "mount -t bpf bpf /sys/fs/bpf");
	unlink = plan_step(p->plan, &step->undo, CALL_UNLINKAT, "takes the pin away", 0, NONE);
	step_int(unlink, AT_FDCWD);
	step_blob(unlink, text);
	step_int(unlink, 0);
}

static void plan_pins(struct planner *p)
{
	struct plan_step *step, *unlink;
	uint32_t folder;

	if (!p->opts->pin)
		return;
	folder = plan_string(p->plan, p->opts->pin);
	step = plan_step(p->plan, &p->plan->steps, CALL_MKDIRAT, "the folder of the pins", 0, NONE);
	step_int(step, AT_FDCWD);
	step_blob(step, folder);
	step_int(step, 0755);
	step->undo_on_failure = true;
	unlink = plan_step(p->plan, &step->undo, CALL_UNLINKAT, "takes the folder away", 0, NONE);
	step_int(unlink, AT_FDCWD);
	step_blob(unlink, folder);
	step_int(unlink, AT_REMOVEDIR);
	step_alt(p->plan, step, ALT_SKIP, "it is there", EEXIST, 0);
	step_cause(p->plan, step, EPERM, plan_text(p->plan, "cannot make the folder %s", p->opts->pin),
		   "mount -t bpf bpf /sys/fs/bpf; names in such a file system have no dot");
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "there is no folder for %s", p->opts->pin),
		   "mount -t bpf bpf /sys/fs/bpf; of what is above it, each folder must be there (mkdir)");
	for (uint32_t i = 0; i < p->object->n_maps; i++)
		if (p->map_slots[i] != NONE && !p->object->maps[i].pin_by_name && !p->object->maps[i].is_template)
			plan_pin(p, &p->plan->steps, p->map_slots[i], p->opts->pin, p->object->maps[i].name);
	for (uint32_t i = 0; i < p->object->n_funcs; i++)
		if (p->prog_slots[i] != NONE)
			plan_pin(p, &p->plan->steps, p->prog_slots[i], p->opts->pin, p->object->funcs[i].name);
}

/* ── all of it ── */

static int plan_programs(struct planner *p)
{
	int ret = 0;

	for (uint32_t i = 0; i < p->object->n_funcs && !ret; i++)
		if (p->prog_slots[i] != NONE)
			ret = plan_prog(p, i);
	return ret;
}

static int plan_rings(struct planner *p)
{
	struct plan_ring ring = { .pages = p->opts->ring_pages, .wakeup = p->opts->ring_wakeup };
	int ret = 0;

	for (uint32_t i = 0; i < p->object->n_maps && p->opts->rings && !ret; i++) {
		const struct obj_map *map = &p->object->maps[i];

		if (p->map_slots[i] == NONE ||
		    (map->type != BPF_MAP_TYPE_PERF_EVENT_ARRAY && map->type != BPF_MAP_TYPE_RINGBUF))
			continue;
		ring.index = i;
		ring.name = map->name;
		ring.type = map->type;
		ring.entries = plan_map_entries(map, p->target);
		ring.map = p->map_slots[i];
		ret = plan_ring(p->plan, &ring, p->target, p->err);
	}
	return ret;
}

static int plan_attachments(struct planner *p)
{
	int ret = 0;

	for (uint32_t i = 0; i < p->object->n_funcs && p->opts->attach && !ret; i++)
		if (p->prog_slots[i] != NONE)
			ret = plan_attach(p, i);
	return ret;
}

static int plan_object(struct planner *p)
{
	int (*const parts[])(struct planner *) = { choose, plan_contexts, plan_btf, plan_maps, plan_inner_maps, plan_programs, plan_prog_arrays };
	int ret = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !ret; i++)
		ret = parts[i](p);
	if (!ret)
		plan_pins(p);
	if (!ret)
		ret = plan_rings(p);
	if (!ret)
		ret = plan_attachments(p);
	if (!ret && p->opts->attach)
		plan_ops_attach(p);
	return ret;
}

static int by_path(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

/* The plan keeps its own copy of the facts that it was made from, by name: from a profile they come in another order. */
static void copy_facts(struct hewn_plan *plan, const struct hewn_target *target)
{
	const struct fact **asked = calloc((size_t)target->n_facts + 1, sizeof(const struct fact *));
	uint32_t n = 0;

	for (uint32_t i = 0; asked && i < target->n_facts; i++)
		if (target->facts[i].asked)
			asked[n++] = &target->facts[i];
	if (asked)
		qsort(asked, n, sizeof(const struct fact *), by_path);
	plan->failed |= !asked;
	for (uint32_t i = 0; i < n; i++) {
		struct fact *fact = mem_append(&plan->facts, &plan->n_facts, sizeof(*fact));

		if (!fact) {
			plan->failed = true;
			break;
		}
		fact->path = strdup(asked[i]->path);
		fact->text = asked[i]->text ? strdup(asked[i]->text) : NULL;
		plan->failed |= !fact->path || (asked[i]->text && !fact->text);
	}
	free(asked);
}

int hewn_plan_open(struct hewn_plan **result, const struct hewn_object *object, struct hewn_target *target,
		   const struct hewn_plan_opts *opts, struct hewn_err *err)
{
	static const struct hewn_plan_opts none;
	struct planner p = { .object = object, .opts = opts ? opts : &none, .err = err, .btf = NONE };
	struct hewn_target *own = NULL;
	int ret = 0;

	*result = NULL;
	p.plan = calloc(1, sizeof(*p.plan));
	p.map_slots = malloc(((size_t)object->n_maps + 1) * sizeof(*p.map_slots));
	p.prog_slots = malloc(((size_t)object->n_funcs + 1) * sizeof(*p.prog_slots));
	p.ops = calloc((size_t)object->n_maps + 1, sizeof(*p.ops));
	if (!p.plan || !p.map_slots || !p.prog_slots || !p.ops) {
		err_nomem(err);
		ret = -ENOMEM;
	}
	if (!ret && !target)
		ret = hewn_target_open(&own, NULL, err);
	if (!ret) {
		p.target = target ? target : own;
		memset(p.map_slots, 0xff, ((size_t)object->n_maps + 1) * sizeof(*p.map_slots));
		memset(p.prog_slots, 0xff, ((size_t)object->n_funcs + 1) * sizeof(*p.prog_slots));
		p.plan->object = object;
		target_forget_asked(p.target);
		p.plan->version = target_version(p.target);
		ret = link_open(&p.link, object, p.target, err);
		if (!ret)
			ret = plan_object(&p);
		copy_facts(p.plan, p.target);
		if (!ret && (p.plan->failed || p.target->failed))
			ret = err_nomem(err);
	}
	link_close(&p.link);
	hewn_target_close(own);
	btf_close(&p.longer);
	free(p.contexts);
	free(p.map_slots);
	free(p.prog_slots);
	for (uint32_t i = 0; p.ops && i < object->n_maps; i++)
		struct_ops_close(&p.ops[i]);
	free(p.ops);
	if (ret) {
		err_object(err, object->name);
		hewn_plan_close(p.plan);
		return ret;
	}
	*result = p.plan;
	return 0;
}
