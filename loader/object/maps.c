// SPDX-License-Identifier: MIT
/*
 * Maps defined by BTF: variables of section .maps, whose types say everything and whose bytes say
 * nothing. A number N is written as the type `int (*)[N]` (or as the only value of an enum), a type
 * T as `T *`. Knows how such a definition is written; knows nothing of what a kernel thinks of it.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/near.h"
#include "loader/object/reader.h"

#define LINKAGE_STATIC 0 /* BTF_VAR_STATIC */

/* A definition while it is read. */
struct definition {
	struct reader *r;
	struct obj_map map;
	const char *name; /* of the variable */
	bool is_inner;	  /* describes the inner map of another */
	bool has_key_size, has_value_size;
	uint64_t values;     /* byte offset of the member `values`; 0: none */
	uint32_t inner_type; /* the STRUCT behind `values`, 0: none */
	bool values_are_progs;
};

/* ── Reading one member ── */

static int bad_member(struct definition *d, const char *field, const char *want)
{
	return err_set(d->r->err, -EINVAL, "field `%s` is no %s", field, want);
}

/* The number that a member's type stands for. */
static int read_number(struct definition *d, const char *field, uint32_t type, uint64_t *number)
{
	const struct btf *btf = &d->r->object->btf;
	const struct btf_head *head = btf_type(btf, btf_skip(btf, type));

	if (btf_kind(head) == BTF_ENUM && btf_vlen(head) > 0) {
		const struct btf_enumerator *e = btf_body(head);

		*number = (uint32_t)e->value;
		return 0;
	}
	if (btf_kind(head) == BTF_ENUM64 && btf_vlen(head) > 0) {
		const struct btf_enumerator64 *e = btf_body(head);

		*number = (uint64_t)e->hi << 32 | e->lo;
		return 0;
	}
	if (btf_kind(head) == BTF_PTR) {
		head = btf_type(btf, btf_skip(btf, head->size_or_type));
		if (btf_kind(head) == BTF_ARRAY) {
			*number = ((const struct btf_array *)btf_body(head))->n;
			return 0;
		}
	}
	return bad_member(d, field, "number: write __uint(field, number)");
}

static int read_u32(struct definition *d, const char *field, uint32_t type, uint32_t *number)
{
	uint64_t wide = 0;
	int rc = read_number(d, field, type, &wide);

	if (!rc && wide > UINT32_MAX)
		rc = err_set(d->r->err, -EINVAL, "field `%s` is %llu, more than 32 bits hold",
			     field, (unsigned long long)wide);
	*number = (uint32_t)wide;
	return rc;
}

/* A size in bytes: of a key or a value, where two fields may say it and must agree. */
static int set_size(struct definition *d, const char *field, uint32_t *size, bool *has_size,
		    uint32_t found)
{
	if (*has_size && *size != found)
		return err_set(d->r->err, -EINVAL,
			       "field `%s` means %u bytes, but another field said %u", field, found,
			       *size);
	*size = found;
	*has_size = true;
	return 0;
}

/* The type that a pointer points to, and its size. */
static int read_type(struct definition *d, const char *field, uint32_t type, uint32_t *id,
		     uint32_t *size, bool *has_size)
{
	const struct btf *btf = &d->r->object->btf;
	const struct btf_head *head = btf_type(btf, btf_skip(btf, type));
	int64_t found;

	if (btf_kind(head) != BTF_PTR)
		return bad_member(d, field, "pointer to a type: write __type(field, type)");
	*id = head->size_or_type;
	found = btf_size(btf, *id);
	if (found < 0 || found > UINT32_MAX)
		return err_set(d->r->err, -EINVAL, "the type of field `%s` has no size", field);
	return set_size(d, field, size, has_size, (uint32_t)found);
}

/* `values`: pointers to inner maps or to programs, as the last member, which may be initialised. */
static int read_values(struct definition *d, const struct btf_member *member, uint32_t bit)
{
	const struct btf *btf = &d->r->object->btf;
	const struct btf_head *head = btf_type(btf, btf_skip(btf, member->type));

	if (d->is_inner)
		return err_set(d->r->err, -EINVAL,
			       "an inner map has `values` itself: maps nest only once");
	if (btf_kind(head) == BTF_ARRAY)
		head = btf_type(btf,
				btf_skip(btf, ((const struct btf_array *)btf_body(head))->type));
	if (btf_kind(head) == BTF_PTR)
		d->inner_type = btf_skip(btf, head->size_or_type);
	head = btf_type(btf, d->inner_type);
	if (btf_kind(head) != BTF_STRUCT && btf_kind(head) != BTF_FUNC_PROTO)
		return bad_member(d, "values",
				  "array of maps or programs: write __array(values, struct …) or "
				  "__array(values, int (void *))");
	d->values_are_progs = btf_kind(head) == BTF_FUNC_PROTO;
	d->values = bit / 8;
	return 0;
}

static const char *const fields[] = {
	"type",	     "max_entries", "key",	 "key_size", "value",  "value_size",
	"map_flags", "map_extra",   "numa_node", "pinning",  "values", NULL,
};

static int read_member(struct definition *d, const char *field, const struct btf_member *member,
		       uint32_t bit)
{
	struct obj_map *map = &d->map;
	uint32_t number = 0;
	int rc;

	if (!strcmp(field, "type"))
		return read_u32(d, field, member->type, &map->type);
	if (!strcmp(field, "max_entries"))
		return read_u32(d, field, member->type, &map->max_entries);
	if (!strcmp(field, "map_flags"))
		return read_u32(d, field, member->type, &map->flags);
	if (!strcmp(field, "map_extra"))
		return read_number(d, field, member->type, &map->extra);
	if (!strcmp(field, "numa_node")) {
		map->has_numa_node = true;
		return read_u32(d, field, member->type, &map->numa_node);
	}
	if (!strcmp(field, "key_size")) {
		rc = read_u32(d, field, member->type, &number);
		return rc ? rc : set_size(d, field, &map->key_size, &d->has_key_size, number);
	}
	if (!strcmp(field, "value_size")) {
		rc = read_u32(d, field, member->type, &number);
		return rc ? rc : set_size(d, field, &map->value_size, &d->has_value_size, number);
	}
	if (!strcmp(field, "key"))
		return read_type(d, field, member->type, &map->key_type, &map->key_size,
				 &d->has_key_size);
	if (!strcmp(field, "value"))
		return read_type(d, field, member->type, &map->value_type, &map->value_size,
				 &d->has_value_size);
	if (!strcmp(field, "values"))
		return read_values(d, member, bit);
	if (!strcmp(field, "pinning")) {
		rc = read_u32(d, field, member->type, &number);
		if (!rc && number > 1)
			rc = err_set(d->r->err, -EINVAL,
				     "pinning is %u, want 0 (none) or 1 (by name)", number);
		if (!rc && number && d->is_inner)
			rc = err_set(d->r->err, -EINVAL,
				     "an inner map cannot be pinned: the outer one can");
		map->pin_by_name = number == 1;
		return rc;
	}
	if (near_name(field, fields))
		err_hint(d->r->err, "did you mean `%s`?", near_name(field, fields));
	else
		err_hint(d->r->err,
			 "the fields are type, max_entries, key, key_size, value, value_size, "
			 "map_flags, map_extra, numa_node, pinning, values");
	return err_set(d->r->err, -EINVAL, "unknown field `%s`", field);
}

/* ── Reading one definition ── */

/* What the fields say together. */
static int check(struct definition *d)
{
	struct obj_map *map = &d->map;
	bool of_maps =
		map->type == BPF_MAP_TYPE_ARRAY_OF_MAPS || map->type == BPF_MAP_TYPE_HASH_OF_MAPS;
	int rc = 0;

	if (!map->type) {
		err_hint(d->r->err, "write __uint(type, BPF_MAP_TYPE_…)");
		return err_set(d->r->err, -EINVAL, "the map has no type");
	}
	if (of_maps && d->is_inner)
		return err_set(d->r->err, -EINVAL,
			       "the inner map is a map of maps: maps nest only once");
	if (d->values && d->values_are_progs != (map->type == BPF_MAP_TYPE_PROG_ARRAY))
		return err_set(d->r->err, -EINVAL,
			       "field `values` holds %s, but the map's type is %u",
			       d->values_are_progs ? "programs" : "maps", map->type);
	if (d->values && !d->values_are_progs && !of_maps)
		return err_set(d->r->err, -EINVAL,
			       "field `values` holds maps, but the map's type is %u", map->type);
	if (of_maps && !d->inner_type) {
		err_hint(d->r->err, "write __array(values, struct …) with the inner map's definition");
		return err_set(d->r->err, -EINVAL,
			       "a map of maps that does not say which maps go into it");
	}
	/* Whatever the file says, or leaves out: what is written into these is an fd. */
	if (of_maps || map->type == BPF_MAP_TYPE_PROG_ARRAY)
		rc = set_size(d, "type", &map->value_size, &d->has_value_size, 4);
	return rc;
}

static int read_definition(struct definition *d, uint32_t type)
{
	const struct btf *btf = &d->r->object->btf;
	const struct btf_head *head = btf_type(btf, btf_skip(btf, type));
	const struct btf_member *members;
	int rc = 0;

	if (btf_kind(head) != BTF_STRUCT) {
		err_hint(d->r->err, "a map in .maps is a variable of an anonymous struct made by "
				    "__uint() and __type()");
		return err_set(d->r->err, -EINVAL, "the map's type is no struct");
	}
	members = btf_body(head);
	for (uint32_t i = 0; !rc && i < btf_vlen(head); i++)
		rc = read_member(d, btf_str(btf, members[i].name_off), &members[i],
				 btf_kind_flag(head) ? members[i].offset & 0xffffff
						     : members[i].offset);
	return rc ? rc : check(d);
}

/* Adds the template of an outer map, named after it. Returns its index in *inner. */
static int add_inner(struct reader *r, const struct definition *outer, uint32_t *inner)
{
	struct definition d = {.r = r, .name = outer->name, .is_inner = true};
	struct obj_map *map;
	char name[512];
	int rc;

	d.map = (struct obj_map){
		.section = ".maps", .origin = MAP_BTF, .inner = NONE, .is_template = true};
	rc = read_definition(&d, outer->inner_type);
	if (rc)
		return rc;
	snprintf(name, sizeof(name), "%s.inner", outer->name);
	d.map.name = d.map.kernel_name = object_string(r->object, name);
	*inner = r->object->n_maps;
	map = mem_append(&r->object->maps, &r->object->n_maps, sizeof(*map));
	if (!map || !d.map.name)
		return reader_nomem(r);
	*map = d.map;
	return 0;
}

static int add_map(struct reader *r, uint32_t section, const struct btf_head *var, const char *name)
{
	const struct elf_symbol *symbol = reader_symbol(r, name, section);
	struct definition d = {.r = r, .name = name};
	struct map_place *place;
	struct obj_map *map;
	int rc;

	if (*(const uint32_t *)btf_body(var) == LINKAGE_STATIC ||
	    (symbol && symbol->bind == STB_LOCAL)) {
		err_hint(r->err, "a `static` map? make it global");
		return err_set(r->err, -EINVAL,
			       "the map is static, so nothing can refer to it by name");
	}
	if (!symbol)
		return err_set(r->err, -EINVAL,
			       "the map is in the BTF, but no symbol of section .maps");
	d.map = (struct obj_map){
		.name = name, .kernel_name = name, .section = ".maps", .origin = MAP_BTF, .inner = NONE};
	rc = read_definition(&d, var->size_or_type);
	if (!rc && d.inner_type && !d.values_are_progs)
		rc = add_inner(r, &d, &d.map.inner);
	if (rc)
		return rc;
	place = mem_append(&r->places, &r->n_places, sizeof(*place));
	if (!place)
		return reader_nomem(r);
	*place = (struct map_place){section, symbol->value, symbol->size, d.values,
				    r->object->n_maps};
	if (!place->size)
		place->size = 1;
	map = mem_append(&r->object->maps, &r->object->n_maps, sizeof(*map));
	if (!map)
		return reader_nomem(r);
	*map = d.map;
	return 0;
}

int maps_read(struct reader *r)
{
	const struct btf *btf = &r->object->btf;
	uint32_t section = elf_find(&r->elf, ".maps"), datasec;
	const struct btf_secvar *vars;
	const struct btf_head *head;
	int rc = 0;

	if (section == ELF_BAD || !r->elf.sections[section].size)
		return 0;
	datasec = r->object->has_btf ? btf_find(btf, BTF_DATASEC, ".maps") : 0;
	if (!datasec) {
		err_section(r->err, ".maps");
		err_hint(r->err, "compile with -g, and do not strip .BTF");
		return err_set(
			r->err, -EINVAL, "%s: the maps in .maps are defined by their types alone",
			r->object->has_btf ? "the BTF says nothing of section .maps" : "no BTF");
	}
	head = btf_type(btf, datasec);
	vars = btf_body(head);
	for (uint32_t i = 0; !rc && i < btf_vlen(head); i++) {
		const struct btf_head *var = btf_type(btf, vars[i].type);

		if (btf_kind(var) != BTF_VAR)
			rc = err_set(r->err, -EINVAL,
				     "section .maps holds something that is no variable");
		else
			rc = add_map(r, section, var, btf_str(btf, var->name_off));
		if (rc && btf_kind(var) == BTF_VAR)
			err_symbol(r->err, btf_str(btf, var->name_off));
	}
	if (rc)
		err_section(r->err, ".maps");
	return rc;
}

/* ── Initial values: relocations of .maps ── */

/* What a relocation of `values` points to, as a map or a program. */
static int find_value(struct reader *r, const struct elf_symbol *symbol, bool wants_prog,
		      struct obj_map_value *value)
{
	const struct map_place *place = reader_place(r, symbol->section, symbol->value);
	uint32_t func =
		symbol->type == STT_SECTION ? NONE : reader_func(r, symbol->section, symbol->value);

	value->is_prog = wants_prog;
	if (wants_prog && func != NONE && r->object->funcs[func].is_prog) {
		value->index = func;
		return 0;
	}
	if (!wants_prog && place && place->off == symbol->value && symbol->type != STT_SECTION) {
		value->index = place->map;
		return 0;
	}
	if (symbol->bind == STB_LOCAL)
		err_hint(r->err, "is it `static`? make it global");
	return err_set(r->err, -EINVAL, "an initial value is `%s`, which is no %s", symbol->name,
		       wants_prog ? "program" : "map");
}

static int add_value(struct reader *r, uint32_t section, const struct elf_reloc *reloc)
{
	const struct map_place *place = reader_place(r, section, reloc->offset);
	struct obj_map_value *value, found = {0};
	struct obj_map *map;
	uint64_t off;
	int rc;

	if (reloc->symbol >= r->n_symbols)
		return err_set(r->err, -ENOEXEC, "symbol %u, but there are %u", reloc->symbol,
			       r->n_symbols);
	off = place ? reloc->offset - place->off : 0;
	if (!place || !place->values || off < place->values || (off - place->values) % 8)
		return err_set(r->err, -EINVAL,
			       "byte %llu refers to `%s`, but is in no field `values`",
			       (unsigned long long)reloc->offset, r->symbols[reloc->symbol].name);
	map = &r->object->maps[place->map];
	found.key = (uint32_t)((off - place->values) / 8);
	rc = find_value(r, &r->symbols[reloc->symbol], map->type == BPF_MAP_TYPE_PROG_ARRAY,
			&found);
	if (!rc && map->type != BPF_MAP_TYPE_HASH_OF_MAPS && map->max_entries &&
	    found.key >= map->max_entries)
		rc = err_set(r->err, -EINVAL, "initial value %u, but max_entries is %u", found.key,
			     map->max_entries);
	if (rc) {
		err_symbol(r->err, map->name);
		return rc;
	}
	value = mem_append(&map->values, &map->n_values, sizeof(*value));
	if (!value)
		return reader_nomem(r);
	*value = found;
	return 0;
}

static bool wants_maps(const struct reader *r, uint32_t section)
{
	return !strcmp(r->elf.sections[section].name, ".maps");
}

int maps_read_values(struct reader *r)
{
	int rc = relocs_walk(r, wants_maps, add_value);

	if (rc)
		err_section(r->err, ".maps");
	return rc;
}
