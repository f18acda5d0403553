// SPDX-License-Identifier: MIT
/*
 * BTF: answers about types, and the few changes that a loader makes to them. Knows the format
 * (Documentation/bpf/btf.rst), and relies on the checks of btf_open.c; knows nothing of ELF.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/object/btf.h"

const struct btf_layout btf_layouts[BTF_N_KINDS] = {
	[BTF_UNKN] = {"void", 0, 0, false, false},
	[BTF_INT] = {"INT", 1, 0, false, false},
	[BTF_PTR] = {"PTR", 0, 0, true, false},
	[BTF_ARRAY] = {"ARRAY", 3, 0, false, false},
	[BTF_STRUCT] = {"STRUCT", 0, 3, false, false},
	[BTF_UNION] = {"UNION", 0, 3, false, false},
	[BTF_ENUM] = {"ENUM", 0, 2, false, false},
	[BTF_FWD] = {"FWD", 0, 0, false, false},
	[BTF_TYPEDEF] = {"TYPEDEF", 0, 0, true, true},
	[BTF_VOLATILE] = {"VOLATILE", 0, 0, true, true},
	[BTF_CONST] = {"CONST", 0, 0, true, true},
	[BTF_RESTRICT] = {"RESTRICT", 0, 0, true, true},
	[BTF_FUNC] = {"FUNC", 0, 0, true, false},
	[BTF_FUNC_PROTO] = {"FUNC_PROTO", 0, 2, true, false},
	[BTF_VAR] = {"VAR", 1, 0, true, true},
	[BTF_DATASEC] = {"DATASEC", 0, 3, false, false},
	[BTF_FLOAT] = {"FLOAT", 0, 0, false, false},
	[BTF_DECL_TAG] = {"DECL_TAG", 1, 0, true, false},
	[BTF_TYPE_TAG] = {"TYPE_TAG", 0, 0, true, true},
	[BTF_ENUM64] = {"ENUM64", 0, 3, false, false},
};

/* ── Answers. ── */

const char *btf_kind_name(enum btf_kind kind)
{
	return kind < BTF_N_KINDS ? btf_layouts[kind].name : "an unknown kind";
}

const char *btf_str(const struct btf *btf, uint32_t off)
{
	while (btf->base && off < btf->first_str)
		btf = btf->base;
	off -= btf->first_str;
	return off < btf->strings_size ? btf->strings + off : "";
}

const struct btf_head *btf_walk_to(const struct btf *btf, uint32_t id)
{
	uint32_t n, off, part = 0, behind;

	while (btf->base && id < btf->first_id)
		btf = btf->base;
	if (!id || id >= btf->n_types)
		return NULL;
	if (!btf->sparse)
		return (const void *)(btf->bytes + btf->types[id - btf->first_id]);
	behind = btf->n_parts;
	while (behind - part > 1) {
		const uint32_t middle = (part + behind) / 2;

		if (id < btf->parts[middle].first_id)
			behind = middle;
		else
			part = middle;
	}
	id -= btf->parts[part].first_id;
	off = btf->types[btf->parts[part].entry + (id >> btf->sparse)];
	for (n = id & ((1u << btf->sparse) - 1); n; n--) {
		const struct btf_head *type = (const void *)(btf->bytes + off);

		off += (uint32_t)sizeof(*type) + btf_body_size_in(btf, type);
	}
	return (const void *)(btf->bytes + off);
}

const char *btf_name(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, id);

	return type ? btf_str(btf, type->name_off) : "";
}

uint32_t btf_essential_size(const char *name)
{
	uint32_t size = (uint32_t)strlen(name);

	for (uint32_t i = size; i-- > 1;)
		if (name[i - 1] != '_' && !strncmp(name + i, "___", 3) && name[i + 3] &&
		    name[i + 3] != '_')
			return i;
	return size;
}

uint32_t btf_find(const struct btf *btf, enum btf_kind kind, const char *name)
{
	for (uint32_t id = btf->first_id; id < btf->n_types; id++)
		if (btf_kind(btf_type(btf, id)) == kind && !strcmp(btf_name(btf, id), name))
			return id;
	return 0;
}

static bool is_modifier(enum btf_kind kind)
{
	return btf_layout(kind)->holds && kind != BTF_VAR;
}

uint32_t btf_skip(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, id);

	for (uint32_t n = 0; type && is_modifier(btf_kind(type)); type = btf_type(btf, id)) {
		if (++n > BTF_MAX_DEPTH)
			return 0;
		id = type->size_or_type;
	}
	return type ? id : 0;
}

int64_t btf_size(const struct btf *btf, uint32_t id)
{
	uint64_t times = 1, size;

	for (uint32_t n = 0; n < BTF_MAX_DEPTH; n++) {
		const struct btf_head *type = btf_type(btf, btf_skip(btf, id));
		const struct btf_array *array;

		switch (btf_kind(type)) {
		case BTF_INT:
		case BTF_STRUCT:
		case BTF_UNION:
		case BTF_ENUM:
		case BTF_ENUM64:
		case BTF_FLOAT:
		case BTF_DATASEC:
			size = times * type->size_or_type;
			return size > UINT32_MAX ? -EINVAL : (int64_t)size;
		case BTF_PTR:
			size = times * btf->ptr_size;
			return size > UINT32_MAX ? -EINVAL : (int64_t)size;
		case BTF_VAR:
			id = type->size_or_type;
			continue;
		case BTF_ARRAY:
			array = btf_body(type);
			times *= array->n;
			if (times > UINT32_MAX)
				return -EINVAL;
			id = array->type;
			continue;
		default:
			return -EINVAL;
		}
	}
	return -EINVAL;
}

/* ── What the loader fills in. ── */

/* A copy is ours, so that casting const away from a type of it is fair. */
static struct btf_head *mutable_type(struct btf *btf, uint32_t id, enum btf_kind kind)
{
	struct btf_head *type = (struct btf_head *)(uintptr_t)btf_type(btf, id);

	return btf->copy && id >= btf->first_id && btf_kind(type) == kind ? type : NULL;
}

int btf_set_datasec_size(struct btf *btf, uint32_t datasec, uint32_t size)
{
	struct btf_head *type = mutable_type(btf, datasec, BTF_DATASEC);

	if (!type)
		return -EINVAL;
	type->size_or_type = size;
	return 0;
}

int btf_set_secvar_offset(struct btf *btf, uint32_t datasec, uint32_t i, uint32_t offset)
{
	struct btf_head *type = mutable_type(btf, datasec, BTF_DATASEC);
	struct btf_secvar *vars;

	if (!type || i >= btf_vlen(type))
		return -EINVAL;
	vars = (struct btf_secvar *)(void *)(type + 1);
	vars[i].offset = offset;
	return 0;
}

int btf_set_func_linkage(struct btf *btf, uint32_t func, uint32_t linkage)
{
	struct btf_head *type = mutable_type(btf, func, BTF_FUNC);

	if (!type || linkage > 2)
		return -EINVAL;
	type->info = (type->info & ~0xffffffu) | linkage;
	return 0;
}
