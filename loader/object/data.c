// SPDX-License-Identifier: MIT
/*
 * Global variables: each of the sections .data, .rodata, .bss and their variants (.rodata.str1.1,
 * .data.mine) becomes an array map with one value, the section's bytes; unless nothing can refer to
 * it. Knows which sections; knows nothing of the variables in them.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

static int want(struct reader *r, uint32_t section, const struct elf_reloc *reloc)
{
	(void)section;
	if (reloc->symbol < r->n_symbols && r->symbols[reloc->symbol].section < r->elf.n_sections)
		r->wanted[r->symbols[reloc->symbol].section] = true;
	return 0;
}

/*
 * Which sections anything can refer to: those that a relocation or a symbol with a name leads to.
 * Compilers leave behind .rodata.str1.1 with the texts of arrays that they have put on the stack.
 */
static int find_wanted(struct reader *r)
{
	for (uint32_t i = 1; i < r->n_symbols; i++)
		if (r->symbols[i].section < r->elf.n_sections && r->symbols[i].name[0] &&
		    r->symbols[i].type != STT_SECTION)
			r->wanted[r->symbols[i].section] = true;
	return relocs_walk(r, relocs_wants_code, want);
}

static int add_data(struct reader *r, uint32_t section)
{
	const struct elf_section *s = &r->elf.sections[section];
	struct hewn_object *o = r->object;
	bool readonly = reader_is_variant(s->name, ".rodata");
	const uint8_t *data;
	struct obj_map *map;
	size_t size;
	int rc;

	rc = elf_data(&r->elf, section, &data, &size, r->err);
	if (rc)
		return rc;
	if (s->size > INT32_MAX)
		return err_set(r->err, -EFBIG, "%llu bytes of variables",
			       (unsigned long long)s->size);
	r->data_of[section] = o->n_maps;
	map = mem_append(&o->maps, &o->n_maps, sizeof(*map));
	if (!map)
		return reader_nomem(r);
	*map = (struct obj_map){.origin = MAP_DATA,
				.type = BPF_MAP_TYPE_ARRAY,
				.key_size = 4,
				.value_size = (uint32_t)s->size,
				.max_entries = 1,
				.flags = readonly ? BPF_F_RDONLY_PROG : 0,
				.inner = NONE,
				.readonly = readonly};
	map->name = map->section = object_string(o, s->name);
	if (data)
		map->data = malloc(size);
	if (!map->name || (data && !map->data))
		return reader_nomem(r);
	if (data)
		memcpy(map->data, data, size);
	/* A map of one value without a key type, whose value type is the DATASEC: the kernel's rule
	 * for these. */
	map->datasec = o->has_btf ? btf_find(&o->btf, BTF_DATASEC, s->name) : 0;
	map->value_type = map->datasec;
	return 0;
}

/* Addresses inside of data: what they point to has none before it is in a kernel, and then not a
 * lasting one. */
static int refuse_address(struct reader *r, uint32_t section, const struct elf_reloc *reloc)
{
	err_section(r->err, r->elf.sections[section].name);
	if (reloc->symbol < r->n_symbols)
		err_symbol(r->err, reader_name(r, &r->symbols[reloc->symbol]));
	err_hint(r->err,
		 "a table of strings or functions? use an array of char arrays, or a switch");
	return err_set(r->err, -EOPNOTSUPP,
		       "byte %llu holds an address; variables cannot point to anything before they "
		       "are loaded",
		       (unsigned long long)reloc->offset);
}

static bool wants_data(const struct reader *r, uint32_t section)
{
	return r->data_of[section] != NONE;
}

int data_read(struct reader *r)
{
	int rc = find_wanted(r);

	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++) {
		const struct elf_section *s = &r->elf.sections[i];

		if ((s->type != SHT_PROGBITS && s->type != SHT_NOBITS) || !s->size ||
		    s->flags & SHF_EXECINSTR)
			continue;
		if (r->wanted[i] &&
		    (reader_is_variant(s->name, ".data") || reader_is_variant(s->name, ".rodata") ||
		     reader_is_variant(s->name, ".bss")))
			rc = add_data(r, i);
		if (rc)
			err_section(r->err, s->name);
	}
	return rc ? rc : relocs_walk(r, wants_data, refuse_address);
}
