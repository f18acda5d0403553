// SPDX-License-Identifier: MIT
/*
 * Sections .struct_ops and .struct_ops.link (5.6, 6.4): variables of a struct that the kernel has too, whose
 * function pointers are programs. Each becomes a map with the variable's bytes; its programs are values,
 * keyed by the member that holds them. Knows the object's own struct; knows nothing of the kernel's.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

#define F_LINK (1u << 13) /* BPF_F_LINK, 6.4: attached by a link */

static bool is_ops(const char *name)
{
	name += name[0] == '?';
	return !strcmp(name, ".struct_ops") || !strcmp(name, ".struct_ops.link");
}

/* The section's bytes from off on, or zeros where it has none. left: of its bytes, those that are no variable's yet. */
static int take_data(struct reader *r, uint32_t section, uint32_t off, struct obj_map *map, uint64_t *left)
{
	const uint8_t *data;
	size_t size;
	int rc = elf_data(&r->elf, section, &data, &size, r->err);

	if (rc)
		return rc;
	if (off > r->elf.sections[section].size || map->data_size > r->elf.sections[section].size - off)
		return err_set(r->err, -EINVAL, "%u bytes at byte %u, but the section has %llu", map->data_size, off,
			       (unsigned long long)r->elf.sections[section].size);
	if (map->data_size > *left)
		return err_set(r->err, -EINVAL, "the variable lies over others: %u bytes, of which the section has %llu left",
			       map->data_size, (unsigned long long)*left);
	*left -= map->data_size;
	map->data = calloc(1, map->data_size ? map->data_size : 1);
	if (!map->data)
		return reader_nomem(r);
	if (data)
		memcpy(map->data, data + off, map->data_size);
	return 0;
}

static int add_ops(struct reader *r, uint32_t section, const struct btf_secvar *secvar, uint64_t *left)
{
	const struct btf *btf = &r->object->btf;
	const struct btf_head *var = btf_type(btf, secvar->type);
	uint32_t type = btf_kind(var) == BTF_VAR ? btf_skip(btf, var->size_or_type) : 0;
	const char *name = r->elf.sections[section].name;
	struct map_place *place;
	struct obj_map *map;
	int rc;

	if (btf_kind(btf_type(btf, type)) != BTF_STRUCT || !btf_name(btf, type)[0])
		return err_set(r->err, -EINVAL, "the variable is no struct with a name, as the kernel has it");
	place = mem_append(&r->places, &r->n_places, sizeof(*place));
	if (!place)
		return reader_nomem(r);
	*place = (struct map_place){section, secvar->offset, (uint64_t)btf_size(btf, type), 0, r->object->n_maps};
	map = mem_append(&r->object->maps, &r->object->n_maps, sizeof(*map));
	if (!map)
		return reader_nomem(r);
	*map = (struct obj_map){.origin = MAP_STRUCT_OPS,
				.optional = name[0] == '?',
				.type = BPF_MAP_TYPE_STRUCT_OPS,
				.key_size = 4,
				.value_size = (uint32_t)place->size,
				.data_size = (uint32_t)place->size,
				.max_entries = 1,
				.flags = strstr(name, ".link") ? F_LINK : 0,
				.value_type = type,
				.inner = NONE};
	map->section = object_string(r->object, name);
	map->name = map->kernel_name = object_string(r->object, btf_str(btf, var->name_off));
	if (!map->section || !map->name)
		return reader_nomem(r);
	rc = take_data(r, section, secvar->offset, map, left);
	if (rc)
		err_symbol(r->err, map->name);
	return rc;
}

/* ── The programs in it ── */

static bool wants_ops(const struct reader *r, uint32_t section)
{
	return is_ops(r->elf.sections[section].name);
}

/* The member that begins at this byte, if it is a pointer to a function; NONE: there is none. */
static uint32_t find_member(const struct btf *btf, uint32_t type, uint64_t off)
{
	const struct btf_head *head = btf_type(btf, type);
	const struct btf_member *members = btf_body(head);

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		const struct btf_head *pointer = btf_type(btf, btf_skip(btf, members[i].type));

		if (btf_member_bit(head, &members[i]) != off * 8)
			continue;
		if (btf_kind(pointer) == BTF_PTR &&
		    btf_kind(btf_type(btf, btf_skip(btf, pointer->size_or_type))) == BTF_FUNC_PROTO)
			return i;
	}
	return NONE;
}

static int set_prog(struct reader *r, struct obj_map *map, uint64_t off, const struct elf_symbol *symbol)
{
	uint32_t member = find_member(&r->object->btf, map->value_type, off);
	uint32_t func = reader_func(r, symbol->section, symbol->value);
	struct obj_map_value *value;

	if (member == NONE)
		return err_set(r->err, -EINVAL, "byte %llu refers to `%s`, but is no pointer to a function",
			       (unsigned long long)off, reader_name(r, symbol));
	if (func == NONE || !r->object->funcs[func].is_prog || !r->object->funcs[func].def ||
	    r->object->funcs[func].def->prog_type != BPF_PROG_TYPE_STRUCT_OPS) {
		err_hint(r->err, "SEC(\"struct_ops\") in front of the function");
		return err_set(r->err, -EINVAL, "member `%s` is `%s`, which is no program of section struct_ops",
			       btf_str(&r->object->btf,
				       ((const struct btf_member *)btf_body(btf_type(&r->object->btf, map->value_type)))[member]
					       .name_off),
			       reader_name(r, symbol));
	}
	value = mem_append(&map->values, &map->n_values, sizeof(*value));
	if (!value)
		return reader_nomem(r);
	*value = (struct obj_map_value){member, true, func};
	return 0;
}

static int add_prog(struct reader *r, uint32_t section, const struct elf_reloc *reloc)
{
	const struct map_place *place = reader_place(r, section, reloc->offset);
	struct obj_map *map = place ? &r->object->maps[place->map] : NULL;
	int rc;

	if (reloc->symbol >= r->n_symbols)
		rc = err_set(r->err, -ENOEXEC, "symbol %u, but there are %u", reloc->symbol, r->n_symbols);
	else if (!map)
		rc = err_set(r->err, -EINVAL, "byte %llu refers to `%s`, but is in no variable",
			     (unsigned long long)reloc->offset, reader_name(r, &r->symbols[reloc->symbol]));
	else
		rc = set_prog(r, map, reloc->offset - place->off, &r->symbols[reloc->symbol]);
	if (rc) {
		err_symbol(r->err, map ? map->name : NULL);
		err_section(r->err, r->elf.sections[section].name);
	}
	return rc;
}

int ops_read(struct reader *r)
{
	const struct btf *btf = &r->object->btf;
	int rc = 0;

	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++) {
		const struct elf_section *s = &r->elf.sections[i];
		const struct btf_head *head;
		uint64_t left = s->size;
		uint32_t datasec;

		if (s->type != SHT_PROGBITS || !s->size || !is_ops(s->name))
			continue;
		datasec = r->object->has_btf ? btf_find(btf, BTF_DATASEC, s->name) : 0;
		head = btf_type(btf, datasec);
		if (!head) {
			err_hint(r->err, "compile with -g, and do not strip .BTF");
			rc = err_set(r->err, -EINVAL, "the BTF says nothing of the variables in it");
		}
		for (uint32_t v = 0; !rc && v < btf_vlen(head); v++)
			rc = add_ops(r, i, (const struct btf_secvar *)btf_body(head) + v, &left);
		if (rc)
			err_section(r->err, s->name);
	}
	return rc ? rc : relocs_walk(r, wants_ops, add_prog);
}
