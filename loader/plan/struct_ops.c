// SPDX-License-Identifier: MIT
/*
 * struct_ops in the plan: a map whose value is a struct of the kernel's, with the fds of programs for its
 * function pointers. Writing the value registers it (5.6), or makes it ready for a link (6.4). Knows which
 * programs go with which map; how the struct is laid out is link/struct_ops.c's.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/err.h"
#include "loader/plan/planner.h"

#define F_LINK		(1u << 13) /* BPF_F_LINK, 6.4 */
#define F_VALUE_BTF	(1u << 15) /* BPF_F_VTYPE_BTF_OBJ_FD, 6.9: the value's type is a module's */
#define ATTACH_TYPE	44	   /* BPF_STRUCT_OPS, 6.4 */

static bool is_ops(const struct planner *p, uint32_t map)
{
	return p->object->maps[map].origin == MAP_STRUCT_OPS;
}

bool plan_has_ops(const struct planner *p, uint32_t map)
{
	return is_ops(p, map) && p->ops[map].value;
}

/* Whether a program that was asked for by its name is in this map. */
static bool has_named(const struct planner *p, const struct obj_map *map)
{
	for (uint32_t i = 0; i < map->n_values; i++)
		for (const char *const *only = p->opts->only; only && *only; only++)
			if (!strcmp(*only, p->object->funcs[map->values[i].index].name))
				return true;
	return false;
}

int plan_ops_choose(struct planner *p)
{
	int ret = 0;

	for (uint32_t i = 0; i < p->object->n_maps && !ret; i++) {
		const struct obj_map *map = &p->object->maps[i];

		if (is_ops(p, i) && (!map->optional || p->opts->optional || has_named(p, map)))
			ret = struct_ops_open(&p->ops[i], p->target, p->object, i, p->err);
	}
	return ret;
}

/* The place of a program in one of the chosen maps; NULL: none has it. */
static const struct ops_func *find(const struct planner *p, uint32_t func, const struct struct_ops **ops)
{
	for (uint32_t i = 0; i < p->object->n_maps; i++) {
		*ops = &p->ops[i];
		for (uint32_t k = 0; k < p->ops[i].n_funcs; k++)
			if (p->ops[i].funcs[k].func == func)
				return &p->ops[i].funcs[k];
	}
	return NULL;
}

enum plan_ops_says plan_ops_of(const struct planner *p, uint32_t func)
{
	const struct struct_ops *ops;

	if (p->object->funcs[func].def->prog_type != BPF_PROG_TYPE_STRUCT_OPS)
		return OPS_NOTHING;
	if (find(p, func, &ops))
		return OPS_WANTED;
	for (uint32_t i = 0; i < p->object->n_maps; i++)
		for (uint32_t k = 0; k < p->object->maps[i].n_values && is_ops(p, i); k++)
			if (p->object->maps[i].values[k].index == func)
				return OPS_UNWANTED;
	return OPS_NOTHING;
}

int plan_ops_prog(struct planner *p, uint32_t func, uint32_t attr)
{
	const struct struct_ops *ops, *other;
	const struct ops_func *place = find(p, func, &ops);

	if (!place) {
		err_hint(p->err, "name it in a variable of section .struct_ops");
		return plan_refuse(p, func, -EINVAL, "no struct_ops has this program, so there is nothing that it could stand for");
	}
	for (uint32_t i = 0; i < p->object->n_maps; i++)
		for (uint32_t k = 0; k < p->ops[i].n_funcs; k++) {
			other = &p->ops[i];
			if (other->funcs[k].func == func && (other->type_id != ops->type_id || other->module != ops->module ||
							     other->funcs[k].member != place->member))
				return plan_refuse(p, func, -EINVAL, "the program stands for two members, which take different arguments");
		}
	attr_int(p->plan, attr, "attach_btf_id", ops->type_id);
	attr_int(p->plan, attr, "expected_attach_type", place->member);
	if (ops->module)
		attr_slot(p->plan, attr, "attach_btf_obj_fd", plan_module_btf(p, ops->module));
	return 0;
}

void plan_ops_map(struct planner *p, uint32_t map, uint32_t attr)
{
	const struct struct_ops *ops = &p->ops[map];

	attr_int(p->plan, attr, "value_size", ops->value_size);
	attr_slot(p->plan, attr, "btf_fd", p->btf); /* the kernel wants one, though it needs its own types only */
	attr_int(p->plan, attr, "btf_vmlinux_value_type_id", ops->value_type_id);
	if (!ops->module)
		return;
	attr_int(p->plan, attr, "map_flags", p->object->maps[map].flags | F_VALUE_BTF);
	attr_slot(p->plan, attr, "value_type_btf_obj_fd", plan_module_btf(p, ops->module));
}

/* ── attaching ── */

static uint32_t value_blob(struct planner *p, uint32_t map)
{
	const struct struct_ops *ops = &p->ops[map];
	uint32_t blob = plan_blob(p->plan, BLOB_VALUE, ops->value, ops->value_size);

	plan_name_blob(p->plan, blob, plan_text(p->plan, "the kernel's struct with the programs of %s", p->object->maps[map].name));
	for (uint32_t i = 0; i < ops->n_funcs; i++)
		if (p->prog_slots[ops->funcs[i].func] != NONE)
			plan_fix(p->plan, blob, ops->funcs[i].off, ops->word, FIX_SLOT, p->prog_slots[ops->funcs[i].func]);
	return blob;
}

static void attach(struct planner *p, uint32_t index)
{
	const struct obj_map *map = &p->object->maps[index];
	uint32_t key = plan_blob(p->plan, BLOB_KEY, "\0\0\0", 4), attr = plan_attr(p->plan, BPF_MAP_UPDATE_ELEM);
	const bool by_link = map->flags & F_LINK;
	struct plan_step *step;

	attr_slot(p->plan, attr, "map_fd", p->map_slots[index]);
	attr_blob(p->plan, attr, "key", key);
	attr_blob(p->plan, attr, "value", value_blob(p, index));
	step = plan_bpf(p->plan, &p->plan->steps, BPF_MAP_UPDATE_ELEM, attr,
			by_link ? plan_text(p->plan, "the struct of \"%s\" is complete", map->name) :
				  plan_text(p->plan, "registers \"%s\": from here on the kernel calls its programs", map->name),
			by_link ? KERNEL(6, 4) : KERNEL(5, 6), NONE);
	step_cause(p->plan, step, EEXIST, plan_text(p->plan, "the kernel has one of that name already, or \"%s\" itself", map->name), NULL);
	step_cause(p->plan, step, EINVAL, plan_text(p->plan, "the kernel refused the struct of \"%s\": a member that must be there, or a value", map->name), NULL);
	if (!by_link) { /* it would outlive every fd */
		attr = plan_attr(p->plan, BPF_MAP_DELETE_ELEM);
		attr_slot(p->plan, attr, "map_fd", p->map_slots[index]);
		attr_blob(p->plan, attr, "key", key);
		plan_bpf(p->plan, &step->undo, BPF_MAP_DELETE_ELEM, attr, "takes it back", KERNEL(5, 6), NONE);
		return;
	}
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	attr_slot(p->plan, attr, "map_fd", p->map_slots[index]);
	attr_int(p->plan, attr, "attach_type", ATTACH_TYPE);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_LINK_CREATE, attr,
			plan_text(p->plan, "registers \"%s\": from here on the kernel calls its programs", map->name), KERNEL(6, 4),
			plan_slot(p->plan, SLOT_FD, OF_LINK, NONE, -1, "link(%s)", map->name));
	step_cause(p->plan, step, EEXIST, plan_text(p->plan, "the kernel has one of the name of \"%s\" already", map->name), NULL);
}

void plan_ops_attach(struct planner *p)
{
	for (uint32_t i = 0; i < p->object->n_maps; i++) {
		if (!plan_has_ops(p, i))
			continue;
		if (p->opts->only && p->ops[i].n_funcs && !has_named(p, &p->object->maps[i]))
			continue; /* without its programs it is not what its name says */
		attach(p, i);
	}
}
