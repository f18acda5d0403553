// SPDX-License-Identifier: MIT
/* See struct_ops.h: members are matched by name; the object's struct may lack some, and have another order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/struct_ops.h"
#include "loader/mem.h"
#include "loader/target/kbtf.h"

#define PREFIX	  "bpf_struct_ops_"
#define NAME_SIZE 128

/* One struct_ops while it is brought over. */
struct work {
	struct struct_ops *ops;
	struct hewn_target *target;
	const struct btf *from;	  /* the object's types */
	const struct btf *to;	  /* the kernel's */
	const struct obj_map *map;
	char name[NAME_SIZE];	  /* of the struct, without a flavour ("___x") */
	uint32_t data_off;	  /* of the kernel's struct in the value */
	struct hewn_err *err;
};

static void name_of(const struct hewn_object *object, const struct obj_map *map, char *name)
{
	const char *full = btf_name(&object->btf, map->value_type), *flavour = strstr(full, "___");

	snprintf(name, NAME_SIZE, "%.*s", flavour && flavour != full ? (int)(flavour - full) : (int)strlen(full), full);
}

int struct_ops_want(struct hewn_target *target, const struct hewn_object *object)
{
	char name[NAME_SIZE], value[NAME_SIZE + sizeof(PREFIX)];
	int rc = 0;

	for (uint32_t i = 0; !rc && i < object->n_maps; i++) {
		if (object->maps[i].origin != MAP_STRUCT_OPS)
			continue;
		name_of(object, &object->maps[i], name);
		snprintf(value, sizeof(value), PREFIX "%s", name);
		rc = target_btf_want(target, name);
		if (!rc)
			rc = target_btf_want(target, value);
	}
	return rc;
}

/* ── the kernel's types ── */

/* The struct of this name among the hits; in this module, if `of` is given. */
static const struct kbtf_hit *pick(const struct kbtf_hit *hits, uint32_t n, const char *name, const struct kbtf_hit *of)
{
	for (uint32_t i = 0; i < n; i++)
		if (btf_kind(btf_type(hits[i].btf, hits[i].id)) == BTF_STRUCT &&
		    !strcmp(btf_name(hits[i].btf, hits[i].id), name) && (!of || hits[i].btf == of->btf))
			return &hits[i];
	return NULL;
}

static int find_types(struct work *w, const struct kbtf_hit **type, const struct kbtf_hit **value)
{
	char name[NAME_SIZE + sizeof(PREFIX)];
	const struct kbtf_hit *hits;
	uint32_t n;
	int rc;

	*type = NULL;
	snprintf(name, sizeof(name), PREFIX "%s", w->name);
	rc = target_btf_find(w->target, name, &hits, &n, w->err);
	*value = rc ? NULL : pick(hits, n, name, NULL);
	if (!rc && !*value) {
		rc = target_btf_find_in_modules(w->target, name, &hits, &n, w->err);
		*value = rc ? NULL : pick(hits, n, name, NULL);
	}
	if (!rc && *value && (*value)->module) {
		rc = target_btf_find_in_modules(w->target, w->name, &hits, &n, w->err);
		*type = rc ? NULL : pick(hits, n, w->name, *value);
	}
	if (!rc && *value && !*type) {
		rc = target_btf_find(w->target, w->name, &hits, &n, w->err);
		*type = rc ? NULL : pick(hits, n, w->name, NULL);
	}
	if (rc || (*value && *type))
		return rc;
	err_hint(w->err, "the subsystem may be a module that is not loaded, or not in this kernel's configuration");
	err_set(w->err, -ENOENT, "the kernel has no struct %s that programs can stand for: no %s in its BTF", w->name, name);
	return -ENOENT;
}

/* Where the kernel's struct lies in the value. */
static int find_data(struct work *w, uint32_t type, uint32_t value)
{
	const struct btf_head *head = btf_type(w->to, value);
	const struct btf_member *members = btf_body(head);

	for (uint32_t i = 0; i < btf_vlen(head); i++)
		if (members[i].type == type) {
			w->data_off = btf_member_bit(head, &members[i]) / 8;
			return 0;
		}
	return err_set(w->err, -EINVAL, "the kernel's struct " PREFIX "%s has no member of struct %s", w->name, w->name);
}

/* ── members ── */

static bool is_zero(const uint8_t *bytes, uint64_t size)
{
	while (size && !*bytes)
		bytes++, size--;
	return !size;
}

static int refuse_member(struct work *w, const char *name, const char *what)
{
	return err_set(w->err, -EINVAL, "member `%s` of struct %s %s", name, w->name, what);
}

static const struct obj_map_value *prog_of(const struct obj_map *map, uint32_t member)
{
	for (uint32_t i = 0; i < map->n_values; i++)
		if (map->values[i].key == member)
			return &map->values[i];
	return NULL;
}

/* A program goes where the kernel has a pointer to a function. */
static int add_func(struct work *w, const char *name, uint32_t pointer, uint32_t off, uint32_t member, uint32_t func)
{
	const struct btf_head *to = btf_type(w->to, pointer);
	struct ops_func *added;

	if (btf_kind(btf_type(w->to, btf_skip(w->to, to->size_or_type))) != BTF_FUNC_PROTO)
		return refuse_member(w, name, "is a program, but for the kernel no pointer to a function");
	added = mem_append(&w->ops->funcs, &w->ops->n_funcs, sizeof(*added));
	if (!added)
		return err_nomem(w->err);
	*added = (struct ops_func){ .off = w->data_off + off, .member = member, .func = func };
	return 0;
}

static int bring_member(struct work *w, const struct btf_head *kernel, uint32_t i)
{
	const struct btf_head *own = btf_type(w->from, w->map->value_type);
	const struct btf_member *member = (const struct btf_member *)btf_body(own) + i, *there = btf_body(kernel);
	const struct obj_map_value *prog = prog_of(w->map, i);
	const char *name = btf_str(w->from, member->name_off);
	const uint32_t off = btf_member_bit(own, member) / 8;
	const uint8_t *bytes = w->map->data + off;
	const int64_t size = btf_size(w->from, member->type);
	uint32_t k = 0, type, to, to_off;

	if (size < 0 || off > w->map->data_size || (uint64_t)size > w->map->data_size - off)
		return refuse_member(w, name, "has no size, or is not inside of it");
	while (k < btf_vlen(kernel) && strcmp(btf_str(w->to, there[k].name_off), name) != 0)
		k++;
	if (k == btf_vlen(kernel)) { /* of another version: nothing is lost if it says nothing */
		if (!prog && is_zero(bytes, (uint64_t)size))
			return 0;
		err_hint(w->err, "a variable for other kernels can stand in SEC(\"?.struct_ops\"), to be loaded on request");
		return refuse_member(w, name, prog ? "has a program, and the kernel's has no such member" :
						     "is not zero, and the kernel's has no such member");
	}
	if (btf_member_bits(own, member) || btf_member_bits(kernel, &there[k]))
		return refuse_member(w, name, "is a bitfield");
	type = btf_skip(w->from, member->type);
	to = btf_skip(w->to, there[k].type);
	to_off = btf_member_bit(kernel, &there[k]) / 8;
	if (btf_kind(btf_type(w->from, type)) != btf_kind(btf_type(w->to, to)))
		return refuse_member(w, name, "is of another kind in the kernel");
	if (btf_kind(btf_type(w->from, type)) == BTF_PTR)
		return prog ? add_func(w, name, to, to_off, k, prog->index) : 0;
	if (btf_size(w->to, to) != size || (uint64_t)w->data_off + to_off + (uint64_t)size > w->ops->value_size)
		return refuse_member(w, name, "has another size in the kernel");
	memcpy(w->ops->value + w->data_off + to_off, bytes, (size_t)size);
	return 0;
}

int struct_ops_open(struct struct_ops *ops, struct hewn_target *target, const struct hewn_object *object, uint32_t map,
		    struct hewn_err *err)
{
	struct work w = { .ops = ops, .target = target, .from = &object->btf, .map = &object->maps[map], .err = err };
	const struct kbtf_hit *type, *value;
	const struct btf_head *kernel;
	int64_t size;
	int rc;

	*ops = (struct struct_ops){ 0 };
	name_of(object, w.map, w.name);
	rc = find_types(&w, &type, &value);
	if (rc) {
		err_symbol(err, w.map->name);
		return rc;
	}
	w.to = type->btf;
	kernel = btf_type(type->btf, type->id);
	size = btf_size(value->btf, value->id);
	*ops = (struct struct_ops){ .module = value->module, .type_id = type->id, .value_type_id = value->id,
				    .value_size = (uint32_t)size, .word = value->btf->ptr_size };
	w.to = value->btf;
	rc = find_data(&w, type->id, value->id);
	ops->value = rc ? NULL : calloc(1, (size_t)size + 1);
	if (!rc && !ops->value)
		rc = err_nomem(err);
	for (uint32_t i = 0; !rc && i < btf_vlen(btf_type(w.from, w.map->value_type)); i++)
		rc = bring_member(&w, kernel, i);
	for (uint32_t i = 0; !rc && i < ops->n_funcs; i++)
		if (ops->funcs[i].off > ops->value_size || ops->word > ops->value_size - ops->funcs[i].off)
			rc = err_set(err, -EINVAL, "the kernel's struct %s ends before its members", w.name);
	if (rc) {
		err_symbol(err, w.map->name);
		struct_ops_close(ops);
	}
	return rc;
}

void struct_ops_close(struct struct_ops *ops)
{
	free(ops->value);
	free(ops->funcs);
	*ops = (struct struct_ops){ 0 };
}
