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

static bool is_variant(const char *name, const char *of)
{
	size_t n = strlen(of);

	return !strncmp(name, of, n) && (!name[n] || name[n] == '.');
}

/*
 * Which sections anything can refer to: those that a relocation or a symbol with a name leads to.
 * Compilers leave behind .rodata.str1.1 with the texts of arrays that they have put on the stack.
 */
static bool *find_wanted(struct reader *r)
{
	bool *wanted = calloc(r->elf.n_sections + 1, sizeof(*wanted));
	struct elf_reloc reloc;

	for (uint32_t i = 1; wanted && i < r->n_symbols; i++)
		if (r->symbols[i].section < r->elf.n_sections && r->symbols[i].name[0] &&
		    r->symbols[i].type != STT_SECTION)
			wanted[r->symbols[i].section] = true;
	for (uint32_t i = 1; wanted && i < r->elf.n_sections; i++) {
		uint32_t info = r->elf.sections[i].info;
		bool is_code = info < r->elf.n_sections && r->code_of[info] != NONE;

		for (uint32_t j = 0, n = is_code ? elf_n_relocs(&r->elf, i) : 0; j < n; j++)
			if (elf_reloc(&r->elf, i, j, &reloc) && reloc.symbol < r->n_symbols &&
			    r->symbols[reloc.symbol].section < r->elf.n_sections)
				wanted[r->symbols[reloc.symbol].section] = true;
	}
	return wanted;
}

static int add_data(struct reader *r, uint32_t section)
{
	const struct elf_section *s = &r->elf.sections[section];
	struct hewn_object *o = r->object;
	bool readonly = is_variant(s->name, ".rodata");
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
static int refuse_addresses(struct reader *r, uint32_t section)
{
	const struct elf_section *s = &r->elf.sections[section];
	const char *name = s->info < r->elf.n_sections ? r->elf.sections[s->info].name : "";
	struct elf_reloc reloc;

	if (!elf_reloc(&r->elf, section, 0, &reloc))
		return 0;
	err_section(r->err, name);
	if (reloc.symbol < r->n_symbols)
		err_symbol(r->err, reader_name(r, &r->symbols[reloc.symbol]));
	err_hint(r->err,
		 "a table of strings or functions? use an array of char arrays, or a switch");
	return err_set(r->err, -EOPNOTSUPP,
		       "byte %llu holds an address; variables cannot point to anything before they "
		       "are loaded",
		       (unsigned long long)reloc.offset);
}

int data_read(struct reader *r)
{
	bool *wanted = find_wanted(r);
	int rc = 0;

	if (!wanted)
		return reader_nomem(r);
	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++) {
		const struct elf_section *s = &r->elf.sections[i];

		if ((s->type != SHT_PROGBITS && s->type != SHT_NOBITS) || !s->size ||
		    s->flags & SHF_EXECINSTR)
			continue;
		if (wanted[i] && (is_variant(s->name, ".data") || is_variant(s->name, ".rodata") ||
				  is_variant(s->name, ".bss")))
			rc = add_data(r, i);
		if (rc)
			err_section(r->err, s->name);
	}
	free(wanted);
	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++)
		if (elf_n_relocs(&r->elf, i) && r->elf.sections[i].info < r->elf.n_sections &&
		    r->data_of[r->elf.sections[i].info] != NONE)
			rc = refuse_addresses(r, i);
	return rc;
}
