// SPDX-License-Identifier: MIT
/*
 * What the instructions refer to and only a kernel can give, once all of it is known: options of the kernel's
 * configuration (.kconfig) get a map and a place in it each. The places and the order of externs are
 * libbpf's, since both are in the instructions, and so in a program's tag. Knows their types; knows no values.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

#define MAX_SIZE (1u << 20) /* of all options; their texts have some tens of characters */

#define INT_SIGNED 1u /* bits 24-27 of an INT's description */
#define INT_BOOL   4u

/* What an option's variable is, by its type. False: nothing that an option can be. */
static bool judge_type(const struct btf *btf, uint32_t type, struct obj_extern *e)
{
	const uint32_t id = btf_skip(btf, type);
	const struct btf_head *head = btf_type(btf, id);
	const int64_t size = btf_size(btf, id);
	struct obj_extern element = { 0 };
	uint32_t bits;

	if (size <= 0 || size > INT32_MAX)
		return false;
	e->size = (uint32_t)size;
	switch (btf_kind(head)) {
	case BTF_INT:
		memcpy(&bits, btf_body(head), sizeof(bits));
		e->is_signed = bits >> 24 & INT_SIGNED;
		e->kconfig = bits >> 24 & INT_BOOL ? KCONFIG_BOOL : size == 1 ? KCONFIG_CHAR : KCONFIG_INT;
		return e->kconfig == KCONFIG_BOOL ? size == 1 : size <= 8 && !(size & (size - 1));
	case BTF_ENUM:
	case BTF_ENUM64:
		e->kconfig = KCONFIG_TRISTATE;
		return size == 4 && !strcmp(btf_name(btf, id), "libbpf_tristate");
	case BTF_ARRAY:
		e->kconfig = KCONFIG_TEXT;
		return judge_type(btf, ((const struct btf_array *)btf_body(head))->type, &element) &&
		       element.kconfig == KCONFIG_CHAR;
	default:
		return false;
	}
}

static int read_option(struct reader *r, struct obj_extern *e)
{
	const struct btf *btf = &r->object->btf;
	const struct btf_head *var = btf_type(btf, e->type_id);

	if (btf_kind(var) == BTF_VAR && judge_type(btf, var->size_or_type, e))
		return 0;
	err_section(r->err, ".kconfig");
	err_symbol(r->err, e->name);
	return err_set(r->err, -EINVAL,
		       "an option of the kernel's configuration can be a bool, an integer of 1 to 8 bytes, a char array, "
		       "or an enum libbpf_tristate");
}

/* ── the order ── */

static uint32_t alignment(const struct obj_extern *e)
{
	return e->kconfig == KCONFIG_TEXT ? 1 : e->size;
}

/* Options first: large alignment before small, then by size, then by name. Symbols by name. */
static int by_rank(const void *a, const void *b)
{
	const struct obj_extern *x = *(struct obj_extern *const *)a, *y = *(struct obj_extern *const *)b;

	if ((x->kind == EXTERN_KCONFIG) != (y->kind == EXTERN_KCONFIG))
		return x->kind == EXTERN_KCONFIG ? -1 : 1;
	if (x->kind == EXTERN_KCONFIG && alignment(x) != alignment(y))
		return alignment(x) > alignment(y) ? -1 : 1;
	if (x->kind == EXTERN_KCONFIG && x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Gives each its rank, and options, which come first, their places in a value. *end: where the last one ends. */
static int lay_out(struct reader *r, uint64_t *end)
{
	struct hewn_object *o = r->object;
	struct obj_extern **order = malloc(o->n_externs * sizeof(struct obj_extern *));

	*end = 0;
	if (!order)
		return reader_nomem(r);
	for (uint32_t i = 0; i < o->n_externs; i++)
		order[i] = &o->externs[i];
	qsort(order, o->n_externs, sizeof(struct obj_extern *), by_rank);
	for (uint32_t i = 0; i < o->n_externs; i++) {
		order[i]->rank = i;
		if (order[i]->kind != EXTERN_KCONFIG)
			continue;
		*end = (*end + alignment(order[i]) - 1) & ~((uint64_t)alignment(order[i]) - 1);
		order[i]->off = (uint32_t)*end;
		*end += order[i]->size;
	}
	free(order);
	return 0;
}

/* ── the map ── */

/*
 * Puts the places into the BTF too, so that a loaded map's value has fields. Returns the DATASEC; 0: it has options
 * that no instruction refers to, so that they have no place.
 */
static uint32_t complete_btf(struct hewn_object *o, uint32_t size)
{
	const uint32_t id = btf_find(&o->btf, BTF_DATASEC, ".kconfig");
	const struct btf_head *head = btf_type(&o->btf, id);
	const struct btf_secvar *vars = head ? btf_body(head) : NULL;
	uint32_t found = 0;

	if (!head || btf_set_datasec_size(&o->btf, id, size))
		return 0;
	for (uint32_t i = 0; i < btf_vlen(head); i++)
		for (uint32_t k = 0; k < o->n_externs; k++)
			if (o->externs[k].kind == EXTERN_KCONFIG && o->externs[k].type_id == vars[i].type)
				found += !btf_set_secvar_offset(&o->btf, id, i, o->externs[k].off);
	return found == btf_vlen(head) ? id : 0;
}

static int add_map(struct reader *r, uint64_t size)
{
	struct hewn_object *o = r->object;
	struct obj_map *map;

	/* A small file can ask for much memory here. */
	if (size > MAX_SIZE) {
		err_section(r->err, ".kconfig");
		return err_set(r->err, -EFBIG, "%llu bytes of options, want %u at the most", (unsigned long long)size, MAX_SIZE);
	}
	map = mem_append(&o->maps, &o->n_maps, sizeof(*map));
	if (!map)
		return reader_nomem(r);
	*map = (struct obj_map){ .name = ".kconfig",
				 .kernel_name = data_kernel_name(o, ".kconfig"),
				 .section = ".kconfig",
				 .origin = MAP_KCONFIG,
				 .type = BPF_MAP_TYPE_ARRAY,
				 .key_size = 4,
				 .value_size = (uint32_t)size,
				 .max_entries = 1,
				 .flags = BPF_F_RDONLY_PROG,
				 .inner = NONE,
				 .readonly = true };
	if (!map->kernel_name)
		return reader_nomem(r);
	map->datasec = map->value_type = complete_btf(o, (uint32_t)size);
	if (map->datasec)
		map->flags |= BPF_F_MMAPABLE;
	return 0;
}

int externs_read(struct reader *r)
{
	struct hewn_object *o = r->object;
	uint64_t size = 0;
	int rc = 0;

	if (!o->n_externs)
		return 0;
	for (uint32_t i = 0; i < o->n_externs && !rc; i++) {
		o->externs[i].map = NONE;
		if (o->externs[i].kind != EXTERN_KCONFIG)
			continue;
		o->externs[i].map = o->n_maps;
		rc = read_option(r, &o->externs[i]);
	}
	if (!rc)
		rc = lay_out(r, &size);
	return rc || !size ? rc : add_map(r, size);
}
